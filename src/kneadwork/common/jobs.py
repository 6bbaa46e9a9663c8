"""Work in the background, with progress, cancel and a lease.

`ask` keeps a `Job` and puts it into the queue in the transaction of its cause. A worker takes it under a lease, which
progress renews; a lapsed lease (a killed worker) is taken up again from the start, so a job's function must be safe to
run again: what it did in short transactions it finds, what it did in one transaction is wholly there or not at all.
Each taking counts as a try, and the try's number is what its lease is held by: a try that was thought dead and is not
learns at its next step that the job went to another, and ends without writing. Work in short transactions calls
`progress` inside each of them, before it writes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
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


class LostLease(Exception):
    """Raised inside a try whose job another worker has taken up meanwhile."""


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
    """One try at a job while it runs: to say how far it is, and to ask whether to stop. The function opens its own scopes."""

    practice_id: int
    job_id: int
    number: int

    def progress(self, done: int, total: int | None = None, doing: str = "") -> None:
        """Say how far the work is and renew the lease; raises Stopped where somebody wished for a stop, LostLease where
        the job is another's by now. Inside the transaction of a step this holds the job until the step is kept.
        """
        with acting_in(self.practice_id):
            news: dict[str, Any] = {"done": done, "lease_until": timezone.now() + LEASE, "doing": doing[:200]}
            if not self.mine().update(**news | ({"total": total} if total is not None else {})):
                raise LostLease
            if self.mine().filter(stop_wished_at__isnull=False).exists():
                raise Stopped

    def mine(self) -> QuerySet:
        """The job's row, as long as this try holds it; call within the practice's scope."""
        return Job.objects.filter(pk=self.job_id, tries=self.number, ended_at=None, lease_until__isnull=False)


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
    running = Running(practice_id, job_id, job.tries)
    try:
        outcome, trouble = _kinds[job.kind](running, **job.arguments), ""
    except LostLease:
        log.warning("job %s went to another worker; this one wrote no more", job.kind)
        return
    except Stopped:
        outcome, trouble = None, _("Stopped, as you wished. Nothing of it was kept.")
    except JobFailed as failed:
        outcome, trouble = None, str(failed)
    except Exception:
        log.exception("job %s failed", job.kind)
        outcome, trouble = None, _("Something went wrong here, and nothing was kept. Trying again may help.")
    with acting_in(practice_id):
        running.mine().update(ended_at=timezone.now(), lease_until=None, outcome=outcome, trouble=trouble)


def _take(practice_id: int, job_id: int) -> Job | None:
    now = timezone.now()
    with acting_in(practice_id):
        free = Job.objects.filter(_unheld(now), pk=job_id, ended_at=None)
        job = free.first()
        if job is None:
            return None
        tried = job.tries + 1
        if not free.update(lease_until=now + LEASE, started_at=job.started_at or now, tries=tried):
            return None
        job.tries = tried
        return job


def _unheld(now: datetime) -> Q:
    """Jobs that no living lease holds."""
    return Q(lease_until=None) | Q(lease_until__lt=now)


def recover(*, at_start: bool = False) -> int:
    """Put jobs whose lease lapsed back into the queue, or end them after three tries; answers how many were found.

    `at_start`: also those that wait under no lease, since the queue may have lost them with the worker that was killed.
    A living lease is honoured always: there may be another worker.
    """
    from django.apps import apps

    practices = apps.get_model("practice.Practice").objects.values_list("pk", flat=True)
    return sum(_recover_in(practice_id, at_start) for practice_id in practices)


def _recover_in(practice_id: int, at_start: bool) -> int:
    from kneadwork.common.tasks import run_job

    now = timezone.now()
    with acting_in(practice_id):
        lapsed = Job.objects.filter(_unheld(now) if at_start else Q(lease_until__lt=now), ended_at=None)
        jobs = list(lapsed)
        for job in jobs:
            unchanged = Job.objects.filter(pk=job.pk, ended_at=None, tries=job.tries, lease_until=job.lease_until)
            if job.tries >= TRIES:
                told = _("It was interrupted several times and was given up. Nothing of it was kept.")
                unchanged.update(ended_at=now, lease_until=None, trouble=told)
            elif unchanged.update(lease_until=None):
                run_job.enqueue(practice_id, job.pk)
        return len(jobs)
