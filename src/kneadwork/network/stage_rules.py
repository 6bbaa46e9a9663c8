"""Where a connection stands, from plain facts (PRODUCT.md, Stage: the first line that holds)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class StageFacts:
    """What the stage depends on. referrals: days; rests: (since, until); conversation: they have talked."""

    verdict: str = ""
    open_flag: bool = False
    refused_ask: bool = False
    rests: Sequence[tuple[date, date | None]] = ()
    referrals: Sequence[date] = ()
    conversation: bool = False
    touched: bool = False


def months_before(on: date, months: int) -> date:
    """The same day some months earlier, or the last day of that month."""
    month = on.year * 12 + on.month - 1 - months
    first = date(month // 12, month % 12 + 1, 1)
    last = date((month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)
    return first.replace(day=min(on.day, last.day))


def stage_of(facts: StageFacts, *, on: date) -> str:
    """declined, resting, referring, trusted, met, reached or found."""
    if facts.verdict == "no" or facts.refused_ask:
        return "declined"
    if any(since <= on and (until is None or on <= until) for since, until in facts.rests):
        return "resting"
    if any(months_before(on, 24) < day <= on for day in facts.referrals):
        return "referring"
    if facts.verdict == "yes" and not facts.open_flag:
        return "trusted"
    if facts.conversation:
        return "met"
    return "reached" if facts.touched else "found"


def changes_on(facts: StageFacts, *, on: date) -> date | None:
    """The next day on which the stage may be another without anything new recorded."""
    days = [since for since, _until in facts.rests] + [u + timedelta(days=1) for _s, u in facts.rests if u]
    for day in facts.referrals:
        days += [day, day + timedelta(days=728), day + timedelta(days=732)]
    later = [day for day in days if day > on]
    boundary = min(later, default=None)
    in_window = any(on - timedelta(days=733) < day and day + timedelta(days=727) < on for day in facts.referrals)
    return on + timedelta(days=1) if in_window else boundary


def had_conversation(touches: Sequence[tuple[str, bool, bool]]) -> bool:
    """Whether they have talked, from (channel, from them, answered): a visit or meeting, a call that was answered, or
    messages in both directions."""
    if any(c in ("visit", "meeting") or (c == "call" and answered) for c, _from, answered in touches):
        return True
    written = [from_them for c, from_them, _a in touches if c in ("letter", "email", "message")]
    return True in written and False in written
