"""Doing a step: what to be curious about on a call, an e-mail ready to go, where and when for a visit."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from kneadwork.network import checklists
from kneadwork.network.models import Connection
from kneadwork.outreach import emails
from kneadwork.pages.shell import visible
from kneadwork.pages.shell.members import for_member
from kneadwork.planning import curiosity, plan, playbooks, today
from kneadwork.planning.keeping import View, view_of
from kneadwork.planning.sentences import in_a_sentence
from kneadwork.practice.rights import Right, sees_clients

KINDS = ("call", "visit", "meeting", "message", "email", "thanks")


@for_member(Right.NETWORK)
def page(request: HttpRequest, connection_id: int, step: str) -> HttpResponse:
    """One step that is a contact: everything needed for it, and one tap for what became of it."""
    here = visible.connection(request, connection_id)
    view = view_of(here, request.practice, on=request.today)
    planned = view.step_for(all_streams=sees_clients(request.member))
    planned = planned if planned and planned.key == step else None
    kind = request.GET.get("by") or (planned.kind if planned else "")
    if kind not in KINDS or (kind == "thanks" and planned is None):
        raise Http404
    context = _context(here, view, step, kind, planned, request)
    if kind == "email":
        own = playbooks.letter_of(planned, here.stream) if planned else ""
        return _email(request, here, "thank_you" if step == "thanks" else own, context)
    return render(request, "today/step.html", context)


def _context(
    here: Connection, view: View, step: str, kind: str, planned: plan.Step | None, request: HttpRequest
) -> dict:
    words = today.words_for(planned, view) if planned else ""
    reason = planned.reason if planned else ""
    days = frozenset(hours.weekday for hours in view.history.open_hours) if kind == "visit" else frozenset()
    due = plan.open_day(request.today, days) if days else request.today
    shown = planned if planned and planned.kind == kind else plan.Step(step, kind, due, 10, "")
    seen = any(touch.channel == "visit" for touch in view.history.touches)
    return {
        "sentence": in_a_sentence(shown, view.history, on=request.today),
        "first_visit": checklists.first_visit(here.stream) if kind == "visit" and not seen else (),
        "place": "today", "here": here, "view": view, "step": step, "kind": kind, "minutes": planned.minutes if planned else 10,
        "channel": "message" if kind == "thanks" else kind, "has_post": "post" in view.history.reach,
        "reason": shown.purpose or plan.reason_words(reason, on=request.today, facts_on=view.row_open.last_touch_on, words=words),
        "questions": curiosity.questions(here.stream, here.profession), "when": curiosity.when(here.stream),
        "phones": [point for point in view.history.contacts if point.kind == "phone"],
        "addresses": view.history.addresses, "has_email": "email" in view.history.reach,
    }  # fmt: skip


def _email(request: HttpRequest, here: Connection, key: str, context: dict) -> HttpResponse:
    """The text (of the template `key`, "" for the one that suits), to be edited; then, through the gate, as a link into
    their own mail program or as a file."""
    given = request.POST
    draft = emails.draft(here, request.practice, request.member, key=key)
    context |= {
        "address": draft.address, "address_fault": _fault(draft.address),
        "subject": given.get("subject", draft.subject), "body": given.get("body", draft.body),
    }  # fmt: skip
    if request.method == "POST":
        try:
            email = emails.hand_over(here, context["subject"], context["body"], by=request.member)
        except emails.EmailRefused as refused:
            messages.warning(request, str(refused))
            return render(request, "today/email.html", context)
        if given.get("as") == "file":
            response = HttpResponse(
                emails.as_file(email, request.practice, request.member), content_type="message/rfc822"
            )
            response["Content-Disposition"] = content_disposition_header(True, f"{here.name}.eml")
            return response
        context["email"] = email
    return render(request, "today/email.html", context)


def _fault(address: str) -> str:
    """What is wrong with the address that is known, in words; "" where nothing is."""
    try:
        if address:
            emails.one_recipient(address)
    except emails.EmailRefused as refused:
        return str(refused)
    return ""
