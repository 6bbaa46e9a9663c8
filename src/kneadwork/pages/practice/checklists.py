"""Checklists: what is looked at before somebody is trusted, per stream; the owner edits them, and back to the default."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kneadwork.common import acts
from kneadwork.network import checklists
from kneadwork.network.models import Stream
from kneadwork.pages.shell.members import for_member
from kneadwork.practice.rights import Right

#: So many empty lines stand below the list.
EMPTY = 2


@for_member(Right.VERDICTS)
def page(request: HttpRequest) -> HttpResponse:
    """The four streams, each with its checks."""
    streams = [
        {"key": key, "label": label, "checks": checklists.checks(key), "own": checklists.own(key) is not None}
        for key, label in Stream.choices
    ]
    return render(request, "practice/checklists.html", {"place": "practice", "streams": streams})


@for_member(Right.CHECKLISTS)
def one(request: HttpRequest, stream: str) -> HttpResponse:
    """One list, to be edited."""
    if stream not in Stream.values:
        raise Http404
    if request.method != "POST":
        checks = [{"key": c.key, "question": c.question, "required": c.required} for c in checklists.checks(stream)]
        return _show(request, stream, checks, "\n".join(checklists.first_visit(stream)))
    try:
        with acts.watched() as done:
            _keep(request, stream)
    except checklists.ChecklistRefused as refused:
        messages.warning(request, str(refused))
        return _show(request, stream, _typed(request), request.POST.get("first_visit", "")[:4000])
    undo = f"undo:{done[-1].ref}" if done else ""
    messages.success(request, _("Noted. The next verdict goes by it; those that stand, stand."), extra_tags=undo)
    return redirect("practice:checklist", stream)


def _keep(request: HttpRequest, stream: str) -> None:
    if request.POST.get("default"):
        checklists.back_to_default(stream, by=request.member)
    else:
        sights = [line for line in request.POST.get("first_visit", "")[:4000].splitlines() if line.strip()]
        checklists.keep(stream, _typed(request), sights, by=request.member)


def _typed(request: HttpRequest) -> list[dict]:
    """The checks as they were typed; an emptied line is left out."""
    given, found = request.POST, []
    for row in range(checklists.MOST_CHECKS + EMPTY):
        question = given.get(f"question-{row}", "")[:1000].strip()
        if question:
            required = bool(given.get(f"required-{row}"))
            found.append({"key": given.get(f"key-{row}", "")[:40], "question": question, "required": required})
    return found


def _show(request: HttpRequest, stream: str, checks: list[dict], first_visit: str) -> HttpResponse:
    empty = [{}] * min(EMPTY, max(0, checklists.MOST_CHECKS - len(checks)))
    context = {
        "place": "practice", "label": Stream(stream).label, "rows": list(enumerate([*checks, *empty])),
        "first_visit": first_visit, "own": checklists.own(stream) is not None,
    }  # fmt: skip
    return render(request, "practice/checklist.html", context)
