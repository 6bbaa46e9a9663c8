"""When the day turns, what depends on it is computed anew, practice by practice."""

from __future__ import annotations

from datetime import date

from kneadwork.common import derived, jobs
from kneadwork.common.tenancy import acting_in
from kneadwork.network.models import Connection, Standing
from kneadwork.planning import keeping
from kneadwork.practice.models import Practice
from kneadwork.practice.setting_up import today

AT_ONCE = 300


def turn(on: date) -> int:
    """Refresh the rows of the practice in scope that may be otherwise today; answers how many."""
    due = list(Standing.objects.filter(changes_on__lte=on).values_list("connection_id", flat=True)[:AT_ONCE])
    derived.refresh(set(due))
    return len(due)


@derived.keeper_of_all
def all_anew() -> None:
    """A few are computed anew at once, many by a job in pieces, so that nobody waits."""
    ids = list(Connection.objects.values_list("pk", flat=True)[: AT_ONCE + 1])
    if len(ids) <= AT_ONCE:
        derived.refresh(set(ids))
        return
    Standing.objects.update(changes_on=_today())
    jobs.ask("planning.all_anew")


def _today() -> date:
    return today(Practice.objects.get(pk=derived.current_practice_id()))


def put_off(connections: set[int]) -> None:
    """Mark the rows of many as due, with a plain one for whoever is new, and leave the computing to a job."""
    on, wanted = _today(), sorted(connections)
    for start in range(0, len(wanted), keeping.CHUNK):
        chunk = wanted[start : start + keeping.CHUNK]
        have = Standing.objects.filter(connection__in=chunk)
        known = set(have.values_list("connection_id", flat=True))
        have.update(changes_on=on)
        keeping.add_plain(set(chunk) - known, on)
    jobs.ask("planning.all_anew")


@jobs.kind("planning.all_anew")
def _in_pieces(running: jobs.Running) -> dict:
    """What `all_anew` left to do; run again it goes on where it was."""
    done, more = 0, AT_ONCE
    while more == AT_ONCE:
        with acting_in(running.practice_id):
            more = turn(_today())
        done += more
        running.progress(done)
    return {"computed": done}


def catch_up(practice_id: int) -> None:
    """Turn everything that is due, in pieces so that nobody waits. Opens its own scopes."""
    more = AT_ONCE
    while more == AT_ONCE:
        with acting_in(practice_id):
            more = turn(_today())


def turn_all() -> None:
    """The same for each practice."""
    for practice in Practice.objects.all():
        catch_up(practice.pk)


derived.follower(put_off, catch_up)
