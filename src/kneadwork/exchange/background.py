"""Imports as jobs in the background."""

from __future__ import annotations

from django.utils import timezone

from kneadwork.common import jobs
from kneadwork.common.tenancy import acting_in
from kneadwork.exchange import importing
from kneadwork.exchange.models import Import
from kneadwork.exchange.neutral import Unreadable
from kneadwork.practice.models import Practice


@jobs.kind("import.read")
def read(running: jobs.Running, batch: int) -> dict:
    """Read and stage an import; running it again begins anew."""
    practice = Practice.objects.get(pk=running.practice_id)
    with acting_in(practice.pk, writing=False):
        found = Import.objects.get(pk=batch)
    try:
        importing.read_in(found, practice, lambda done: running.progress(done))
    except Unreadable as fault:
        with acting_in(practice.pk):
            Import.objects.filter(pk=batch).update(trouble=str(fault))
        raise jobs.JobFailed(str(fault))
    return {"read": batch}


def now():
    """The moment an import is asked for."""
    return timezone.now()
