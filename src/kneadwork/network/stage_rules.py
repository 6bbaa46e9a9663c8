"""Where a connection stands, from plain facts (PRODUCT.md, Stage: the first line that holds)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

#: For so many months a referral in makes its source `referring`.
REFERRING_MONTHS = 24


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


def leaves_window_on(referral: date) -> date:
    """The first day on which a referral is no longer within the months of `referring`."""
    years = REFERRING_MONTHS // 12
    leap_day = (referral.month, referral.day) == (2, 29)
    return date(referral.year + years, 3, 1) if leap_day else referral.replace(year=referral.year + years)


def stage_of(facts: StageFacts, *, on: date) -> str:
    """declined, resting, referring, trusted, met, reached or found."""
    if facts.verdict == "no" or facts.refused_ask:
        return "declined"
    if any(since <= on and (until is None or on <= until) for since, until in facts.rests):
        return "resting"
    if any(months_before(on, REFERRING_MONTHS) < day <= on for day in facts.referrals):
        return "referring"
    if facts.verdict == "yes" and not facts.open_flag:
        return "trusted"
    if facts.conversation:
        return "met"
    return "reached" if facts.touched else "found"


def changes_on(facts: StageFacts, *, on: date) -> date | None:
    """The next day on which the stage may be another without anything new recorded."""
    days = [since for since, _until in facts.rests] + [u + timedelta(days=1) for _s, u in facts.rests if u]
    days += [*facts.referrals, *map(leaves_window_on, facts.referrals)]
    return min((day for day in days if day > on), default=None)


def had_conversation(touches: Sequence[tuple[str, bool, bool]]) -> bool:
    """Whether they have talked, from (channel, from them, answered): a visit or meeting, a call that was answered, or
    messages in both directions."""
    if any(c in ("visit", "meeting") or (c == "call" and answered) for c, _from, answered in touches):
        return True
    written = [from_them for c, from_them, _a in touches if c in ("letter", "email", "message")]
    return True in written and False in written
