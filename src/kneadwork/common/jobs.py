"""Work in the background, with progress, cancel and a lease.

`ask` keeps a `Job` and puts it into the queue in the transaction of its cause. A worker takes it under a lease, which
progress renews; a lapsed lease (a killed worker) is taken up again from the start, so a job's function must be safe to
run again: what it did in short transactions it finds, what it did in one transaction is wholly there or not at all.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kneadwork.common.models import Job
from kneadwork.common.tenancy import acting_in

LEASE = timedelta(seconds=60)
TRIES = 3
log = logging.getLogger(__name__)

Work = Callable[..., dict | None]
_kinds: dict[str, Work] = {}


class Stopped(Exception):
    """Raised inside a job whose stop was wished for."""


class JobFailed(Exception):
    """A failure with one sentence for the user; nothing more is tried."""


def kind(name: str) -> Callable[[Work], Work]:
    """Register the function that does jobs of this kind: `function(running, **arguments) -> outcome`."""

    def register(function: Work) -> Work:
        _kinds[name] = function
        return function

    return register


@dataclass(slots=True)
class Running:
    """A job while it runs: to say how far it is, and to ask whether to stop. The function opens its own scopes."""

    practice_id: int
    job_id: int

    def progress(self, done: int, total: int | None = None, doing: str = "") -> None:
        """Say how far the work is and renew the lease; raises Stopped where somebody wished for a stop."""
        with acting_in(self.practice_id):
            mine = Job.objects.filter(pk=self.job_id)
            news: dict[str, Any] = {"done": done, "lease_until": timezone.now() + LEASE, "doing": doing[:200]}
            mine.update(**news | ({"total": total} if total is not None else {}))
            if mine.filter(stop_wished_at__isnull=False).exists():
                raise Stopped


def ask(name: str, *, by=None, **arguments) -> Job:
    """Put a job into the queue, in the caller's transaction."""
    from kneadwork.common.tasks import run_job

    job = Job(kind=name, arguments=arguments, asked_at=timezone.now(), asked_by=by)
    job.save()
    run_job.enqueue(job.practice_id, job.pk)
    return job


def wish_stop(job: Job) -> None:
    """Ask a job to stop; it does so at its next step, and nothing of it is kept."""
    Job.objects.filter(pk=job.pk, ended_at=None).update(stop_wished_at=timezone.now())


def run(practice_id: int, job_id: int) -> None:
    """Do one job, unless somebody else holds its lease or it has ended."""
    job = _take(practice_id, job_id)
    if job is None:
        return
    running = Running(practice_id, job_id)
    try:
        outcome, trouble = _kinds[job.kind](running, **job.arguments), ""
    except Stopped:
        outcome, trouble = None, _("Stopped, as you wished. Nothing of it was kept.")
    except JobFailed as failed:
        outcome, trouble = None, str(failed)
    except Exception:
        log.exception("job %s failed", job.kind)
        outcome, trouble = None, _("Something went wrong here, and nothing was kept. Trying again may help.")
    with acting_in(practice_id):
        Job.objects.filter(pk=job_id).update(
            ended_at=timezone.now(), lease_until=None, outcome=outcome, trouble=trouble
        )


def _take(practice_id: int, job_id: int) -> Job | None:
    now = timezone.now()
    with acting_in(practice_id):
        free = Job.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now), pk=job_id, ended_at=None)
        job = free.first()
        if job is None:
            return None
        if not free.update(lease_until=now + LEASE, started_at=job.started_at or now, tries=job.tries + 1):
            return None
        return job


def recover(*, everything: bool = False) -> int:
    """Put jobs whose lease lapsed back into the queue, or end them after three tries; answers how many were found.

    `everything`: at the start of a lone server no lease can be alive, so each unended job is taken up.
    """
    from django.apps import apps

    practices = apps.get_model("practice.Practice").objects.values_list("pk", flat=True)
    return sum(_recover_in(practice_id, everything) for practice_id in practices)


def _recover_in(practice_id: int, everything: bool) -> int:
    from kneadwork.common.tasks import run_job

    now = timezone.now()
    with acting_in(practice_id):
        lapsed = Job.objects.filter(ended_at=None)
        if not everything:
            lapsed = lapsed.filter(lease_until__lt=now)
        jobs = list(lapsed)
        for job in jobs:
            if job.tries >= TRIES:
                told = _("It was interrupted several times and was given up. Nothing of it was kept.")
                Job.objects.filter(pk=job.pk).update(ended_at=now, lease_until=None, trouble=told)
            else:
                Job.objects.filter(pk=job.pk).update(lease_until=None)
                run_job.enqueue(practice_id, job.pk)
        return len(jobs)
