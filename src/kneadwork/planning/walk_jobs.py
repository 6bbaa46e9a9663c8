"""Planning a walk in the background: asked for by the page, kept when it is found; the page looks how far it is."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from kneadwork.common import jobs
from kneadwork.common.models import Job
from kneadwork.common.tenancy import acting_in
from kneadwork.network import listing
from kneadwork.planning import walks
from kneadwork.practice.models import Member, Practice
from kneadwork.practice.rights import sees_clients

KIND = "walk.plan"
STEPS = 3


def ask(
    practice: Practice,
    *,
    minutes: int,
    start: datetime | None,
    near: tuple[float, float] | None,
    query: str,
    by: Member,
) -> Job:
    """Have a walk planned; what cannot be a walk, or is no filter of the list, is refused at once."""
    begins = walks.begins_at(practice, minutes, near)
    listing.read_query(query)
    told = {"minutes": minutes, "start": start.isoformat() if start else "", "near": begins, "query": query}
    return jobs.ask(KIND, by=by, member=by.pk, **told)


@jobs.kind(KIND)
def plan(running: jobs.Running, minutes: int, start: str, near: list[float], query: str, member: int) -> dict:
    """Plan a walk and keep it; run again after an interruption it finds the walk that it kept."""
    running.progress(0, STEPS, _("Looking who is near, and when they may be seen"))
    with acting_in(running.practice_id, writing=False):
        if kept := Job.objects.get(pk=running.job_id).outcome:
            return kept
        practice, by = Practice.objects.get(pk=running.practice_id), Member.objects.get(pk=member)
        seen = _look(
            practice, minutes=minutes, near=(near[0], near[1]), query=query, all_streams=sees_clients(by),
            start=datetime.fromisoformat(start) if start else None,
        )  # fmt: skip
    running.progress(1, STEPS, _("Finding the order"))
    planned = walks.order(seen)
    running.progress(2, STEPS, _("Writing it down"))
    with acting_in(running.practice_id):
        try:
            walk = walks.keep(planned, practice, minutes=minutes, query=query, by=by)
        except walks.WalkRefused as refused:
            raise jobs.JobFailed(str(refused))
        running.progress(STEPS, STEPS)
        running.mine().update(outcome={"walk": walk.pk})
    return {"walk": walk.pk}


def _look(practice: Practice, **asked) -> walks.Near:
    try:
        return walks.look(practice, **asked)
    except (walks.WalkRefused, listing.FilterRefused) as refused:
        raise jobs.JobFailed(str(refused))
