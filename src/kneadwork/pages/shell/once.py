"""Forms whose answer is shown once, such as a secret, so that it cannot be a page of its own: sent again, they do nothing."""

from __future__ import annotations

import hashlib
import secrets

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

FIELD = "once"


def mark() -> str:
    """A mark for a form that is shown now."""
    return secrets.token_urlsafe(12)


def is_first(request: HttpRequest) -> bool:
    """Whether this form is sent for the first time; if it was reloaded, a message says that it was done already."""
    given = hashlib.sha256(request.POST.get(FIELD, "").encode()).hexdigest()
    first = not request.POST.get(FIELD) or cache.add(f"once:{given}", True, timeout=24 * 3600)
    if not first:
        messages.info(request, _("That was done already; what it showed is not shown again."))
    return first
