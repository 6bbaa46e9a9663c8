"""When the day turns, what depends on it is computed anew, practice by practice."""

from __future__ import annotations

from datetime import date

from kneadwork.common import derived
from kneadwork.common.tenancy import acting_in
from kneadwork.network.models import Standing
from kneadwork.practice.models import Practice
from kneadwork.practice.setting_up import today

AT_ONCE = 300


def turn(on: date) -> int:
    """Refresh the rows of the practice in scope that may be otherwise today; answers how many."""
    due = list(Standing.objects.filter(changes_on__lte=on).values_list("connection_id", flat=True)[:AT_ONCE])
    derived.refresh(set(due))
    return len(due)


def turn_all() -> None:
    """The same for each practice, in pieces so that nobody waits."""
    for practice in Practice.objects.all():
        more = AT_ONCE
        while more == AT_ONCE:
            with acting_in(practice.pk):
                more = turn(today(practice))
