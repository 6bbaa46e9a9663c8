"""May health information leave the practice? Pure and total over privacy_rules.yaml; what no rule allows is denied.

Telling somebody that a person came is a disclosure, so a thank-you that lets the source learn of it needs that person's
authorization. Where the law does not bind the practice the same answers hold as a house rule (PRODUCT.md rule 8).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from kneadwork.facts import privacy_rules
from kneadwork.facts.privacy_rules import PrivacyRule, PrivacyRules

THE_PERSON, PUBLIC, SOURCE = "the_person", "public", "referral_source"
ALLOWED, WITH_AGREEMENT, WITH_AUTHORIZATION, DENIED = (
    "allowed", "allowed_with_agreement", "allowed_with_authorization", "denied",
)  # fmt: skip
STRICTNESS = (ALLOWED, WITH_AGREEMENT, WITH_AUTHORIZATION, DENIED)
#: Of several things that somebody is to a client, the one that fits a purpose.
FITS = {"treatment": "treating_provider", "payment": "payer", "legal": "lawyer"}
COVERED = "practice_is_covered_entity"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Something that would go out: about which client ("" for none), to whom, what for.

    about, to: ids of the client and of the recipient (`public` for everyone). relations: what the recipient is to this client
    on that day, as in the facts; without one it is a referral source, whatever its profession. given: facts of the case
    (`payer_kind`, `statute` …); one that is not given matches no condition.
    """

    about: str
    to: str
    purpose: str
    relations: frozenset[str] = frozenset()
    given: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Authorization:
    """A signed paper: for which client, recipient and purpose, what it holds (keys of authorization_elements), its days.

    It ends after `expires_on` (with an event: the day on which that happened), and from the day it was revoked.
    """

    about: str
    to: str
    purpose: str
    holds: frozenset[str]
    signed_on: date
    expires_on: date | None = None
    revoked_on: date | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the person said when asked, with its day: the newest answer stands, and a no is final until a later yes."""

    about: str
    to: str
    purpose: str
    agreed: bool
    on: date


@dataclass(frozen=True, slots=True)
class DisclosureAnswer:
    """Whether it may go, by which rule and on what basis; `needs`: what would allow it, where anything would."""

    allowed: bool
    rule: str
    basis: str
    citation: str = ""
    confidence: str = ""
    note: str = ""
    needs: tuple[str, ...] = ()


Paper = Authorization | Agreement
ABOUT_NOBODY = DisclosureAnswer(True, "names no client", "no disclosure")
NO_RULE = DisclosureAnswer(False, "deny by default", "house rule", "product policy", "verified")


def may_disclose(
    request: Disclosure, authorizations: Sequence[Paper], *, on: date, rules: PrivacyRules | None = None
) -> DisclosureAnswer:
    """Whether this may go out on this day, given the papers and agreements there are. Total; denies what no rule allows.

    With several relations the one that fits the purpose counts, in doubt the strictest answer.
    """
    if not request.about:
        return ABOUT_NOBODY
    rules = rules or privacy_rules.shipped()
    found = [rule_for(recipient, request, rules) for recipient in recipients(request)]
    answers = [(_by_rule(rule, request, authorizations, on, rules), _strictness(rule)) for rule in found]
    return min(answers, key=lambda pair: (pair[0].allowed, -pair[1]))[0]


def recipients(request: Disclosure) -> list[str]:
    """As what the recipient is judged: the person and the public as such, else what it is to the client."""
    if request.to in (PUBLIC, THE_PERSON):
        return [request.to]
    if THE_PERSON in request.relations:
        return [THE_PERSON]
    fitting = FITS.get(request.purpose, "")
    return [fitting] if fitting in request.relations else sorted(request.relations) or [SOURCE]


def _by_rule(
    rule: PrivacyRule | None, request: Disclosure, papers: Sequence[Paper], on: date, rules: PrivacyRules
) -> DisclosureAnswer:
    if rule is None:
        return NO_RULE
    missing = tuple(name for name in rule.requires if not request.given.get(name, "").strip())
    if missing or rule.answer == DENIED or any(request.given.get(name) == "true" for name in rule.blocked_by):
        return _answer(rule, False, _own_basis(rule, request), missing)
    return _with_papers(rule, request, papers, on, rules)


def rule_for(recipient: str, request: Disclosure, rules: PrivacyRules) -> PrivacyRule | None:
    """The rule for a purpose and recipient: one whose condition is given before one without; of several the strictest."""
    there = [r for r in rules.of(request.purpose, recipient) if r.condition is None or _is_given(r.condition, request)]
    conditional = [r for r in there if r.condition]
    return max(conditional or there, key=_strictness, default=None)


def _with_papers(
    rule: PrivacyRule, request: Disclosure, papers: Sequence[Paper], on: date, rules: PrivacyRules
) -> DisclosureAnswer:
    signed = any(_authorizes(p, request, on, rules) for p in papers if isinstance(p, Authorization))
    if rule.answer == ALLOWED:
        return _answer(rule, True, _own_basis(rule, request))
    if rule.answer == WITH_AUTHORIZATION:
        return _answer(rule, signed, "authorization" if signed else _own_basis(rule, request), ("authorization",))
    if rule.answer == WITH_AGREEMENT:
        agreed = _agrees([p for p in papers if isinstance(p, Agreement)], request, on)
        if agreed is False or not (agreed or signed):
            return _answer(rule, False, _own_basis(rule, request), ("agreement",))
        return _answer(rule, True, "agreement" if agreed else "authorization")
    return _answer(rule, False, "house rule")


def _authorizes(paper: Authorization, request: Disclosure, on: date, rules: PrivacyRules) -> bool:
    """Whether a paper authorizes exactly this: its client, recipient and purpose, all its parts, in force on that day."""
    needed = rules.elements | ({"marketing_payment"} if request.given.get("third_party_pays") == "true" else set())
    ended = (paper.expires_on and on > paper.expires_on) or (paper.revoked_on and on >= paper.revoked_on)
    return _is_for(paper, request) and needed <= paper.holds and paper.signed_on <= on and not ended


def _agrees(papers: Sequence[Agreement], request: Disclosure, on: date) -> bool | None:
    """The newest answer of the person; None where they were not asked. On the same day a no counts."""
    said = [paper for paper in papers if _is_for(paper, request) and paper.on <= on]
    return max(said, key=lambda paper: (paper.on, not paper.agreed)).agreed if said else None


def _is_for(paper: Paper, request: Disclosure) -> bool:
    return (paper.about, paper.to, paper.purpose) == (request.about, request.to, request.purpose)


def _is_given(condition: tuple[str, str], request: Disclosure) -> bool:
    name, value = condition
    return request.given.get(name) == value


def _own_basis(rule: PrivacyRule, request: Disclosure) -> str:
    """The law where it binds, else the same answer as a house rule."""
    return "house rule" if rule.by_policy or request.given.get(COVERED) == "false" else "law"


def _strictness(rule: PrivacyRule | None) -> int:
    """How strict a rule is; none at all, or an answer that is not known, is the strictest."""
    return STRICTNESS.index(rule.answer) if rule and rule.answer in STRICTNESS else len(STRICTNESS)


def _answer(rule: PrivacyRule, allowed: bool, basis: str, needs: tuple[str, ...] = ()) -> DisclosureAnswer:
    return DisclosureAnswer(
        allowed, rule.key, basis, rule.citation, rule.confidence, rule.note, () if allowed else needs
    )


def document(answer: DisclosureAnswer) -> dict:
    """An answer as programs get it (CONTRACTS.md), the same from command and API."""
    return {
        "answer": "allowed" if answer.allowed else "denied", "rule": answer.rule, "basis": answer.basis,
        "citation": answer.citation, "confidence": answer.confidence, "needs": list(answer.needs), "note": answer.note,
    }  # fmt: skip
