"""Imports as jobs in the background: read, keep, take back."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kneadwork.common import jobs
from kneadwork.common import undo as undoing
from kneadwork.common.models import Job
from kneadwork.common.tenancy import acting_in
from kneadwork.exchange import choosing, importing
from kneadwork.exchange.keeping import NotReady
from kneadwork.exchange.models import Import, StagedRow
from kneadwork.exchange.neutral import Unreadable
from kneadwork.practice.models import Member, Practice

#: Above so many rows an import is kept, or taken back, in the background instead of while the page waits.
LARGE = 1_000
#: How long a file that was read waits for a yes; what it holds about people is not kept longer.
WAITING = timedelta(days=7)


@jobs.kind("import.read")
def read(running: jobs.Running, batch: int) -> dict:
    """Read and stage an import; running it again begins anew. Stopped, it leaves neither rows nor the file."""
    practice = Practice.objects.get(pk=running.practice_id)
    with acting_in(practice.pk, writing=False):
        found = Import.objects.get(pk=batch)
    try:
        importing.read_in(found, practice, lambda done: running.progress(done))
    except jobs.Stopped:
        with acting_in(practice.pk):
            choosing.give_up(found)
        drop_upload(found)
        raise
    except Unreadable as fault:
        with acting_in(practice.pk):
            Import.objects.filter(pk=batch).update(trouble=str(fault))
        raise jobs.JobFailed(str(fault))
    return {"read": batch}


@jobs.kind("import.keep")
def keep(running: jobs.Running, batch: int, member: int) -> dict:
    """Keep a staged import, all or nothing; run again after an interruption it finds it kept, or keeps it."""
    practice = Practice.objects.get(pk=running.practice_id)
    running.progress(0)  # once begun it is one transaction, which nobody interrupts
    with acting_in(practice.pk, writing=False):
        found, by = Import.objects.get(pk=batch), Member.objects.get(pk=member)
    if found.act_id is None:
        try:
            importing.keep_ready(found, practice, by=by)
        except NotReady as refused:
            if found.act_id is None:  # else another try has kept it meanwhile
                raise jobs.JobFailed(str(refused))
    drop_upload(found)
    return {"kept": batch}


@jobs.kind("import.undo")
def undo(running: jobs.Running, batch: int, member: int) -> dict:
    """Take a kept import back."""
    running.progress(0)
    with acting_in(running.practice_id):
        found = Import.objects.select_related("act").get(pk=batch)
        if found.act:
            with contextlib.suppress(undoing.AlreadyUndone):  # by a try before this one, or by another worker
                undoing.undo(found.act, by=Member.objects.get(pk=member))
    return {"undone": batch}


def put_away_stale() -> int:
    """Forget what was staged and not kept for a week, and uploads that nothing needs; answers how many imports."""
    long_ago, count = timezone.now() - WAITING, 0
    for practice in Practice.objects.all():
        with acting_in(practice.pk):
            for batch in Import.objects.filter(act=None, given_up_at=None, asked_at__lt=long_ago):
                choosing.give_up(batch)
                drop_upload(batch)
                count += 1
    return count


def is_large(batch: Import) -> bool:
    """Whether keeping it should not hold up a page."""
    return StagedRow.objects.filter(batch=batch).count() > LARGE


def job_of(batch: Import) -> Job | None:
    """The newest job of an import that has not ended, or that ended in trouble."""
    newest = Job.objects.filter(kind__startswith="import.", arguments__batch=batch.pk).order_by("-asked_at").first()
    return newest if newest and (newest.ended_at is None or newest.trouble) else None


def drop_upload(batch: Import) -> None:
    """Delete the uploaded file once that it is no longer needed is kept; one named on the command line is not ours to delete."""
    path = Path(batch.path)
    if batch.path and path.parent == (settings.HOME / "uploads").resolve():
        transaction.on_commit(lambda: path.unlink(missing_ok=True))
