"""What the incentive check says: reasons, lawful alternatives, and what would change the answer. What the law says is told
in the words of the facts; what is said here beside them states no law."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from kneadwork.facts.referral_rules import FEDERAL, Rules, SmallGifts, Statute
from kneadwork.guard.incentive_rules import (
    FEDERAL_PAYERS,
    INSURERS,
    NO_KNOWN_RULE,
    OWN_MONEY,
    PROHIBITED,
    RESTRICTED,
    UNCLEAR,
    Finding,
    Kind,
    Provider,
    Reward,
    federal_counts,
    findings,
    holds,
    strictest,
)

#: A rule that was looked at longer ago than this says so.
AGES_AFTER = timedelta(days=365)


def reasons(reward: Reward, found: tuple[Finding, ...], answer: str, *, on: date) -> Iterator[str]:
    """Why the answer is what it is: each place with its rules, then what holds for this reward and this therapist."""
    for finding in found:
        yield _stance(finding, reward)
        yield from (_rule(statute, finding, reward) for statute in finding.cited)
        if finding.entry and finding.entry.note:
            yield f"{finding.name}: {finding.entry.note}"
    yield from _payers(reward)
    yield _amount(reward)
    if any(finding.code == FEDERAL for finding in found):
        yield from _small(reward, found)
    if reward.kind is Kind.TWO_SIDED:
        yield _newcomer(answer)
    yield _provider(reward, found[0])
    yield from _ageing(found, on)
    if answer != PROHIBITED:
        yield _("If it is ever turned on, it follows from hearing that somebody mentioned you, never from whether the person "
                "came, unless that person authorized it: a reward for coming tells of somebody else's care.")  # fmt: skip


def _stance(finding: Finding, reward: Reward) -> str:
    place = {"place": finding.name}
    if finding.code == FEDERAL and reward.is_federal:
        named = ", ".join(sorted(reward.payers & FEDERAL_PAYERS)).replace("_", " ")
        return _("Federal: a programme is named (%(payers)s), and for it such a reward is prohibited.") % {
            "payers": named
        }
    if finding.entry is None:
        return (
            _("%(place)s: nothing is known here of the law of this place, which does not mean that there is none.")
            % place
        )
    if finding.entry.confidence != "verified":
        return (
            _("%(place)s: not verified. The law on rewards was not looked up; what is here is general knowledge.")
            % place
        )
    if finding.answer != finding.entry.stance:
        return _("%(place)s: no rule found here holds for this reward and these payers. That leaves open whether another "
                 "one does.") % place  # fmt: skip
    return _of_entry(finding.answer) % place


def _of_entry(stance: str) -> str:
    return {
        PROHIBITED: _("%(place)s: read plainly, the words of the law forbid such a reward."),
        RESTRICTED: _("%(place)s: the law forbids such a reward for some payers, or its words cover it and its reach to "
                      "massage or an exception is open."),
        NO_KNOWN_RULE: _("%(place)s: the massage law was read and has no such rule. Other laws may have one."),
    }.get(stance, _("%(place)s: no answer was found in what was read."))  # fmt: skip


def _rule(statute: Statute, finding: Finding, reward: Reward) -> str:
    """A rule in the words of the facts, and how far it holds here."""
    said = f"{statute.citation}, {statute.title}: {statute.note}"
    if statute in finding.counting:
        return said if statute.reaches == "yes" else said + " " + _("Whether it covers such a reward is open.")
    if holds(statute, reward):
        return said + " " + _("Its words do not cover a reward to a client who sends someone.")
    return said + " " + _("It does not hold for the payers that are named.")


def _payers(reward: Reward) -> Iterator[str]:
    if not reward.payers:
        yield _("No payers are named, so rules for every kind of payer count.")
    elif not federal_counts(reward):
        yield _("No federal programme is among the payers, so what federal law says of them is left out.")
    if reward.place == FEDERAL:
        yield _("Only the federal part was asked for. The law of a state may be stricter.")


def _amount(reward: Reward) -> str:
    kinds = {
        Kind.COUPON: _("a coupon"), Kind.TWO_SIDED: _("a discount for both"), Kind.EXTRA_TIME: _("extra session time"),
        Kind.GIFT: _("a gift"), Kind.CASH: _("cash"),
    }  # fmt: skip
    words = _(
        "Asked about %(kind)s worth %(value)s USD. No smaller value and no other kind makes this answer more lenient."
    )
    return words % {"kind": kinds[reward.kind], "value": usd(reward.value)}


def _small(reward: Reward, found: tuple[Finding, ...]) -> Iterator[str]:
    """What the federal figure for small gifts means for this one: never that it is allowed."""
    gifts = _small_gifts(found)
    if gifts is None or not federal_counts(reward):
        return
    if reward.kind is Kind.CASH and not gifts.cash_allowed:
        yield _("Cash is never a gift of nominal value.")
    elif reward.value > gifts.each:
        yield _("It is above the %(each)s USD that pass as a gift of nominal value.") % {"each": gifts.each}
    else:
        yield _("It is within the %(each)s USD each, and %(year)s USD a year, of a gift of nominal value. That figure belongs "
                "to the rule on beneficiaries alone and allows nothing under the other rules.") % {"each": gifts.each, "year": gifts.a_year}  # fmt: skip


def _small_gifts(found: tuple[Finding, ...]) -> SmallGifts | None:
    return next((f.entry.small_gifts for f in found if f.code == FEDERAL and f.entry), None)


def _newcomer(answer: str) -> str:
    words = _(
        "The newcomer's side is judged too, by the same rules, since the facts know no milder one for it: %(answer)s."
    )
    return words % {"answer": named(answer)}


def _provider(reward: Reward, here: Finding) -> str:
    counted = here.entry is not None and here.entry.is_provider == "yes"
    place = {"place": here.name}
    if reward.provider is Provider.YES:
        return _(
            "You count as a health care provider here: rules that name providers or their patients are taken to reach you."
        )
    if reward.provider is Provider.NO and counted:
        return _("You say that you are no health care provider, but %(place)s counts massage therapists among them. The rules "
                 "are taken to reach you.") % place  # fmt: skip
    if reward.provider is Provider.NO:
        return _("You say that you are no health care provider. A rule that names providers may then not reach you, but whether "
                 "it does is for a lawyer to say: the answer stays.")  # fmt: skip
    if counted:
        return _("%(place)s counts massage therapists as health care providers: rules that name them are taken to reach you.") % place  # fmt: skip
    return _(
        "Whether you count as a health care provider here is not known, so rules that name providers are taken to reach you."
    )


def _ageing(found: tuple[Finding, ...], on: date) -> Iterator[str]:
    for finding in found:
        if finding.entry and on - finding.entry.checked_on > AGES_AFTER:
            words = _("%(place)s: last checked on %(day)s, more than a year ago. The law may have changed since.")
            yield words % {"place": finding.name, "day": finding.entry.checked_on.isoformat()}


def alternatives(found: tuple[Finding, ...]) -> Iterator[str]:
    """What may be done instead: nothing here is given for a referral."""
    yield _("Thank them in words, spoken or on a card, when they tell you that they mentioned you.")
    yield _(
        "Make it easy to pass you on: cards with exact directions, for anybody who asks for some, with nothing promised."
    )
    alike = _("Do something small for all your clients alike, whether or not they ever sent anybody.")
    gifts = _small_gifts(found)
    if gifts:
        alike += " " + _("Where a federal programme may pay: at most %(each)s USD each and %(year)s USD a year, never "
                         "cash.") % {"each": gifts.each, "year": gifts.a_year}  # fmt: skip
    yield alike


def would_change(reward: Reward, found: tuple[Finding, ...], answer: str, rules: Rules) -> Iterator[str]:
    """What would make the answer another one: other payers (asked of the same rules), advice, knowing what is open."""
    yield from _other_payers(reward, answer, rules)
    place = {"place": _("the federal part") if reward.place == FEDERAL else found[0].name}
    if reward.place == FEDERAL:
        yield _("Naming a state: its law counts beside the federal part.")
    if answer in (RESTRICTED, UNCLEAR):
        yield (
            _("Advice taken for %(place)s: until the owner records whose it was, and when, the reward stays off.")
            % place
        )
    elif answer == PROHIBITED:
        yield _("Only another law or other payers. While the answer is prohibited, the reward cannot be turned on.")
    elif answer == NO_KNOWN_RULE:
        yield _("A rule in another law of %(place)s, or in its newer text.") % place
    yield _of_provider(reward.provider)


def _other_payers(reward: Reward, answer: str, rules: Rules) -> Iterator[str]:
    """The answers for other payers, where they differ."""
    asked = {
        _("If only clients were concerned who pay themselves, the answer would be: %(answer)s."): OWN_MONEY,
        _("If an insurer paid for anybody concerned, the answer would be: %(answer)s."): reward.payers | INSURERS,
        _("If a federal programme paid for anybody concerned, the answer would be: %(answer)s."): reward.payers | FEDERAL_PAYERS,
    }  # fmt: skip
    for words, payers in asked.items():
        if not reward.payers and payers == INSURERS:
            continue  # nobody named means that insurers count already
        other = strictest(findings(replace(reward, payers=frozenset(payers)), rules), rules)
        if other != answer:
            yield words % {"answer": named(other)}


def _of_provider(provider: Provider) -> str:
    if provider is Provider.YES:
        return _("Advice that rules which name health care providers do not mean your licence.")
    if provider is Provider.NO:
        return _("Advice that none of these rules reaches somebody who is no health care provider here.")
    return _("Knowing whether you count as a health care provider here. By itself it makes no answer more lenient.")


def notice() -> str:
    """What stands beside every answer."""
    return _(
        "This is not legal advice. It tells what was found and when; a lawyer of the place knows what holds for you."
    )


def named(answer: str) -> str:
    """An answer as people read it."""
    return {
        NO_KNOWN_RULE: _("no known rule"), UNCLEAR: _("unclear"), RESTRICTED: _("restricted"), PROHIBITED: _("prohibited"),
    }.get(answer, answer)  # fmt: skip


def usd(value: Decimal) -> str:
    """An amount without cents where there are none."""
    return f"{value:.2f}".removesuffix(".00")
