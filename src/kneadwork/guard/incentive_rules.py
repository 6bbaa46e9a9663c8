"""Which referral-reward rules count for a reward, and how strict they are together; pure, over the facts alone.

Source of the rules: referral_rules.yaml, whose order of strictness decides where several count. In doubt a rule counts:
an unknown payer, kind of rule or place never makes an answer more lenient.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from kneadwork.facts.referral_rules import FEDERAL, Jurisdiction, Rules, Statute


class Kind(StrEnum):
    """What would be given to somebody who sends a person."""

    COUPON = "coupon"
    TWO_SIDED = "two_sided"
    EXTRA_TIME = "extra_time"
    GIFT = "gift"
    CASH = "cash"


class Provider(StrEnum):
    """Whether the therapist counts as a health care provider there."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


PAYERS = ("cash", "commercial", "auto", "workers_comp", "medicare", "medicare_advantage", "medicaid", "va", "tricare",
          "hsa_fsa")  # fmt: skip
OWN_MONEY = frozenset({"cash", "hsa_fsa"})
INSURERS = frozenset({"commercial", "auto", "workers_comp"})
#: Medicare Advantage is Medicare, whoever runs the plan.
FEDERAL_PAYERS = frozenset({"medicare", "medicare_advantage", "medicaid", "va", "tricare"})
HOLDS_FOR = {"medicare_medicaid": FEDERAL_PAYERS, "insurer": INSURERS}

NO_KNOWN_RULE, UNCLEAR, RESTRICTED, PROHIBITED = "no_known_rule", "unclear", "restricted", "prohibited"


@dataclass(frozen=True, slots=True)
class Reward:
    """A reward that is asked about: where (two letters, US for the federal part alone), what, worth how many USD, and who
    pays for the clients concerned (nobody named: anybody may)."""

    place: str
    kind: Kind
    value: Decimal
    provider: Provider = Provider.UNSURE
    payers: frozenset[str] = frozenset()

    @property
    def is_federal(self) -> bool:
        """Whether a federal programme is named among the payers."""
        return bool(self.payers & FEDERAL_PAYERS)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one place says of a reward: `counting` are its rules that hold here, `entry` is None where nothing is known."""

    code: str
    entry: Jurisdiction | None
    counting: tuple[Statute, ...]
    answer: str

    @property
    def name(self) -> str:
        """The place as people call it; its letters where it is not known."""
        return self.entry.name if self.entry else self.code

    @property
    def cited(self) -> tuple[Statute, ...]:
        """What the answer rests on: the rules that count, else all that were read."""
        return self.counting or (self.entry.statutes if self.entry else ())


def findings(reward: Reward, rules: Rules) -> tuple[Finding, ...]:
    """What each place says that has a say: the one asked for, then the federal programmes where they may pay.

    Of a two-sided reward the newcomer's side is judged by the same rules: the facts know no milder one for it.
    """
    here = find(reward.place, reward, rules)
    if reward.place == FEDERAL or not federal_counts(reward):
        return (here,)
    return here, find(FEDERAL, reward, rules)


def find(code: str, reward: Reward, rules: Rules) -> Finding:
    """What one place says, whether or not others are stricter."""
    entry = rules.jurisdictions.get(code)
    counting = tuple(s for s in entry.statutes if counts(s, reward)) if entry else ()
    return Finding(code, entry, counting, _answer(code, entry, counting, reward))


def _answer(code: str, entry: Jurisdiction | None, counting: tuple[Statute, ...], reward: Reward) -> str:
    if code == FEDERAL and reward.is_federal:
        return PROHIBITED
    if entry and (counting or entry.stance == NO_KNOWN_RULE):
        return entry.stance
    return UNCLEAR


def counts(statute: Statute, reward: Reward) -> bool:
    """Whether a rule counts: its words may reach such a reward, and it holds for a payer given."""
    return statute.reaches != "no" and holds(statute, reward)


def holds(statute: Statute, reward: Reward) -> bool:
    """Whether a rule holds for one of the payers given, or for one that is not known."""
    payers = HOLDS_FOR.get(statute.kind)
    return payers is None or _anybody_may_pay(reward) or bool(payers & reward.payers)


def federal_counts(reward: Reward) -> bool:
    """Whether what federal law says of its programmes counts: one of them pays, or might."""
    return reward.is_federal or _anybody_may_pay(reward)


def _anybody_may_pay(reward: Reward) -> bool:
    return not reward.payers or not reward.payers <= set(PAYERS)


def strictest(found: tuple[Finding, ...], rules: Rules) -> str:
    """The strictest of the answers, in the facts' own order; one that has no place in it is the strictest of all."""
    order = {answer: place for place, answer in enumerate(rules.strictness)}
    worst = max(found, key=lambda finding: order.get(finding.answer, len(order))).answer
    return worst if worst in order else PROHIBITED
