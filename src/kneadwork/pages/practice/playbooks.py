"""Playbooks: which step comes when, per stream and profession; edited as a list, and back to the default."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from kneadwork.common import acts, numbers
from kneadwork.facts.professions import LABELS, all_professions
from kneadwork.network.models import Stream
from kneadwork.outreach.letters import shipped as letter_templates
from kneadwork.pages.shell.members import for_member
from kneadwork.planning import playbooks
from kneadwork.practice.rights import Right


@for_member(Right.PRACTICE)
def page(request: HttpRequest) -> HttpResponse:
    """The four streams, each with its steps, and the practice's own ones per profession."""
    books = playbooks.own()
    context = {
        "place": "practice",
        "streams": [
            {"key": key, "label": label, "steps": playbooks.steps_for(books, key), "own": (key, "") in books,
             "professions": [(p, LABELS.get(p, p)) for s, p in sorted(books) if s == key and p]}
            for key, label in Stream.choices
        ],
    }  # fmt: skip
    return render(request, "practice/playbooks.html", context)


@for_member(Right.PRACTICE)
def book(request: HttpRequest, stream: str) -> HttpResponse:
    """One playbook, to be edited; `?profession=` for that of one profession."""
    profession = request.GET.get("profession", "")
    known = {key for key, one in all_professions().items() if one.stream == stream}
    if stream not in Stream.values or (profession and profession not in known):
        raise Http404
    if request.method != "POST":
        steps = playbooks.steps_for(playbooks.own(), stream, profession)
        return _show(request, stream, profession, list(steps))
    try:
        with acts.watched() as done:
            _keep(request, stream, profession)
    except playbooks.PlaybookRefused as refused:
        messages.warning(request, str(refused))
        return _show(request, stream, profession, _typed(request))
    undo = f"undo:{done[-1].ref}" if done else ""
    messages.success(request, _("Noted. Next steps follow it from now on."), extra_tags=undo)
    address = reverse("practice:playbook", args=[stream])
    return redirect(f"{address}?profession={profession}" if profession else address)


def _keep(request: HttpRequest, stream: str, profession: str) -> None:
    if request.POST.get("default"):
        playbooks.back_to_default(stream, profession, by=request.member)
    else:
        playbooks.keep(stream, profession, _typed(request), by=request.member)


def _typed(request: HttpRequest) -> list[dict]:
    """The steps as they were typed, in the order of their numbers; rows without anything to do are left out."""
    given, found = request.POST, []
    for row in range(playbooks.MOST_STEPS + 2):
        kind = given.get(f"kind-{row}", "")
        if not kind:
            continue
        place = numbers.whole(given.get(f"place-{row}", ""))
        step = {name: given.get(f"{name}-{row}", "")[:200] for name in ("key", "until", "needs", "template", "purpose")}
        counts = {name: numbers.whole(given.get(f"{name}-{row}", "")) for name in ("wait", "minutes")}
        found.append((row if place is None else place, row, step | counts | {"kind": kind[:20]}))
    return [step for _place, _row, step in sorted(found, key=lambda one: one[:2])]


def _show(request: HttpRequest, stream: str, profession: str, steps: list) -> HttpResponse:
    books = playbooks.own()
    empty = [{"wait": 14, "minutes": 10}] if len(steps) < playbooks.MOST_STEPS else []
    context = {
        "place": "practice", "stream": stream, "label": Stream(stream).label, "profession": profession,
        "called": LABELS.get(profession, profession), "rows": list(enumerate([*steps, *empty])),
        "own": (stream, profession) in books, "channels": playbooks.CHANNELS.items(), "until": playbooks.UNTIL.items(),
        "needs": playbooks.NEEDS.items(), "templates": [(key, one["name"]) for key, one in letter_templates().items()],
        "professions": [(k, LABELS.get(k, k)) for k, one in all_professions().items() if one.stream == stream],
    }  # fmt: skip
    return render(request, "practice/playbook.html", context)
