"""Thanks to those who told us of somebody they sent: before anything else is proposed to them, and before any further ask.

A kept row holds since when thanks are due apart from its next step, since members who may not see referrals read that one
too. Whether the person came plays no part, and a referral known only from a booking file counts for nothing: thanks for it
would tell that they came.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet

from kneadwork.network.models import Standing
from kneadwork.planning import plan


def step_of(row: Standing, *, on: date) -> plan.Step | None:
    """Thanks as the next step of a kept row, where they are due."""
    if row.thanks_due is None or row.thanks_due > on:
        return None
    return plan.Step("thanks", "thanks", row.thanks_due, plan.THANKS_MINUTES, "thanks")


def most_valuable(rows: QuerySet, on: date) -> QuerySet:
    """Of these kept rows those to whom thanks are due, the most promising first."""
    return rows.filter(thanks_due__lte=on).order_by("-rank", "name")


def put_first(rows: Sequence[Standing], *, on: date) -> None:
    """Show thanks as the next step of those rows of a list to whom they are due."""
    for row in rows:
        step = step_of(row, on=on)
        if step:
            row.next_key, row.next_kind, row.next_due, row.next_minutes = step.key, step.kind, on, step.minutes
