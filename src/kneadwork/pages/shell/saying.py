"""What a form did, said above the next page, with its own *Undo*."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from kneadwork.common.models import Act
from kneadwork.practice.kinds import UNDOABLE


def noted(request: HttpRequest, done: list[Act]) -> None:
    """Say that it was noted; of what changed nothing there is nothing to undo."""
    if not done:
        messages.info(request, _("It was so already; nothing changed."))
        return
    undo = f"undo:{done[-1].ref}" if done[-1].kind in UNDOABLE else ""
    messages.success(request, _("Noted."), extra_tags=undo)
