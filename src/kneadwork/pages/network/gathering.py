"""Event mode: collecting cards with the phone, without a signal too. The page is a shell that holds nobody's data; what is
collected waits on the phone and arrives here, each card once, when the network and the session are there.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kneadwork.common import storage
from kneadwork.common.ids import number_of
from kneadwork.exchange import reading_cards
from kneadwork.network import cards
from kneadwork.network.models import Event
from kneadwork.pages.network.cards import lately
from kneadwork.pages.shell.members import for_everyone, for_member
from kneadwork.practice.rights import Right

#: The files of which the shell is made, besides the page itself.
FILES = (
    "css/tokens.css", "css/base.css", "css/things.css", "css/gathering.css", "js/gather/gather.js", "js/gather/store.js",
    "js/gather/send.js", "js/gather/camera.js", "icons/leaf.svg", "icons/gather-192.png",
)  # fmt: skip
WORKER = "js/gather/worker.js"


@require_GET
@for_everyone
def page(request: HttpRequest) -> HttpResponse:
    """The shell: the same for everybody, so that the phone may keep it."""
    return render(request, "network/gather.html")


@require_GET
@for_everyone
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, with the list of what it keeps; it changes when any of that changes."""
    shell = [reverse("network:gather"), reverse("network:gather_manifest"), *map(static, FILES)]
    text = _file(WORKER).decode().replace('"SHELL"', json.dumps(shell)).replace("VERSION", version())
    return HttpResponse(text, content_type="text/javascript; charset=utf-8")


@cache
def version() -> str:
    """A digest of the shell as it stands in this version."""
    digest = hashlib.sha256(render_to_string("network/gather.html").encode())
    for name in (*FILES, WORKER):
        digest.update(_file(name))
    return digest.hexdigest()[:16]


def _file(name: str) -> bytes:
    return Path(finders.find(name)).read_bytes()


@require_GET
@for_everyone
def manifest(request: HttpRequest) -> HttpResponse:
    """What the phone needs to know to install it."""
    here = reverse("network:gather")
    icons = [
        {"src": static(f"icons/gather-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size, purpose in ((192, "any"), (512, "any"), (512, "maskable"))
    ]
    return JsonResponse({
        "name": _("Kneadwork: collect cards"), "short_name": _("Cards"), "id": here, "start_url": here, "scope": here,
        "display": "standalone", "background_color": "#faf7f1", "theme_color": "#2b6653", "icons": icons,
    }, content_type="application/manifest+json")  # fmt: skip


@require_GET
@for_member(Right.NETWORK)
def session(request: HttpRequest) -> HttpResponse:
    """Who sends, with what a form needs, and the events of these weeks."""
    events = [{"id": ref, "title": title} for ref, title in lately(request.today)]
    today = [e.ref for e in Event.objects.filter(on=request.today).order_by("begins", "pk")[:1]]
    return JsonResponse({
        "member": request.member.ref, "csrf": get_token(request), "events": events, "today": today[0] if today else "",
    })  # fmt: skip


@require_POST
@for_member(Right.NETWORK)
def take(request: HttpRequest) -> HttpResponse:
    """Take one card from a phone; sent again under its key it is the same card. Whoever collected it must be signed in."""
    given = request.POST
    if given.get("member", "") not in ("", request.member.ref):
        return _refused(409, _("This card was collected by somebody else. It waits until they sign in on this phone."))
    if not 16 <= len(given.get("key", "")) <= 64:
        return _refused(422, _("This card came without its key."))
    try:
        made = cards.collect(
            front=request.FILES.get("front"), back=request.FILES.get("back"), code=given.get("code", ""),
            words=given.get("words", ""), event=_event(given.get("event", "")), key=given["key"],
            captured_at=_moment(given.get("captured_at", "")), by=request.member,
        )  # fmt: skip
    except (cards.CardRefused, storage.FileRefused) as refused:
        return _refused(422, str(refused))
    reading_cards.ask_once(made, by=request.member)
    return JsonResponse({"id": made.ref, "waiting": cards.waiting(request.today).count()}, status=201)


def _event(ref: str) -> Event | None:
    """The event named; one that is gone by now is none."""
    return Event.objects.filter(pk=number_of(ref)).first()


def _moment(text: str):
    """The moment at which the phone says it was collected, or now."""
    try:
        found = parse_datetime(text[:40])
    except ValueError:
        found = None
    return found if found and timezone.is_aware(found) else timezone.now()


def _refused(status: int, words: str) -> HttpResponse:
    return JsonResponse({"refused": words}, status=status)
