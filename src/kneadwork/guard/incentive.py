"""May a reward be given to somebody who sends a person? The incentive check (PRODUCT.md rule 7): never legal advice.

Rewards are off by default. `prohibited` cannot be turned on; `restricted` and `unclear` stay off until the owner has
recorded whose advice was taken for that place, and when (referral_rules.yaml, default_rule).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kneadwork.facts import referral_rules
from kneadwork.facts.referral_rules import Rules
from kneadwork.guard import incentive_words as words
from kneadwork.guard.incentive_rules import (
    NO_KNOWN_RULE,
    RESTRICTED,
    UNCLEAR,
    Finding,
    Reward,
    findings,
    strictest,
)


@dataclass(frozen=True, slots=True)
class Citation:
    """A rule that an answer rests on, when it was looked at, and whether it was read (verified) or not (background)."""

    citation: str
    title: str
    checked_on: date
    confidence: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether such a reward may be given in a place, and why; in the words of the file where they are law."""

    place: str
    answer: str
    reasons: tuple[str, ...]
    citations: tuple[Citation, ...]
    alternatives: tuple[str, ...]
    would_change: tuple[str, ...]
    notice: str


@dataclass(frozen=True, slots=True)
class Advice:
    """Whose advice the owner took for a place, and when."""

    whose: str
    place: str
    on: date


def check(reward: Reward, *, on: date, rules: Rules | None = None) -> Answer:
    """The strictest answer of the rules that count for this reward on this day; total: an unknown place is unclear.

    Neither value, kind nor `provider` make an answer more lenient, and more payers never do.
    """
    rules = rules or referral_rules.shipped()
    found = findings(reward, rules)
    answer = strictest(found, rules)
    return Answer(
        reward.place, answer, tuple(words.reasons(reward, found, answer, on=on)), _citations(found),
        tuple(words.alternatives(found)), tuple(words.would_change(reward, found, answer, rules)), words.notice(),
    )  # fmt: skip


def may_be_turned_on(answer: Answer, advice: Advice | None, *, on: date) -> bool:
    """Whether the owner may turn such a reward on: nothing known forbids it, or advice was taken for that very place."""
    if answer.answer == NO_KNOWN_RULE:
        return True
    if answer.answer not in (RESTRICTED, UNCLEAR) or advice is None:
        return False
    return bool(advice.whose.strip()) and advice.place == answer.place and advice.on <= on


def document(answer: Answer) -> dict:
    """An answer as programs get it (CONTRACTS.md), the same from command and API."""
    citations = [
        {"citation": c.citation, "title": c.title, "checked_on": c.checked_on.isoformat(), "confidence": c.confidence}
        for c in answer.citations
    ]
    return {
        "answer": answer.answer, "reasons": list(answer.reasons), "citations": citations,
        "alternatives": list(answer.alternatives), "would_change": list(answer.would_change), "notice": answer.notice,
    }  # fmt: skip


def _citations(found: tuple[Finding, ...]) -> tuple[Citation, ...]:
    return tuple(
        Citation(statute.citation, statute.title, finding.entry.checked_on, finding.entry.confidence)
        for finding in found if finding.entry for statute in finding.cited
    )  # fmt: skip
