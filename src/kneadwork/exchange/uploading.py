"""A file handed over on a page: kept beside the data and read in the background."""

from __future__ import annotations

import secrets
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from kneadwork.common import jobs
from kneadwork.exchange.models import Import

#: The registry's whole file, unpacked, is smaller.
MOST_BYTES = 12 * 1024**3


class UploadRefused(Exception):
    """A file that is not taken, in words for the user."""


def take(upload: UploadedFile, options: dict, *, by) -> Import:
    """Keep the upload under a name of our own and have it read. Call within the practice's scope."""
    if (upload.size or 0) > MOST_BYTES:
        raise UploadRefused(_("This file is larger than any registry file. Nothing was kept."))
    folder, named = settings.HOME / "uploads", upload.name or ""
    folder.mkdir(exist_ok=True, mode=0o700)
    path = folder.resolve() / f"{secrets.token_hex(12)}{Path(named).suffix[:8].lower()}"
    with open(path, "wb") as file:
        for chunk in upload.chunks():
            file.write(chunk)
    batch = Import(name=named[:200], kind="auto", path=str(path), asked_by=by, options=options, asked_at=timezone.now())
    batch.save()
    jobs.ask("import.read", by=by, batch=batch.pk)
    return batch
