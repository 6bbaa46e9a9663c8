"""Would I send my mother there: the checks of the stream's list with what shows them, the verdict, and what was thought before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from kneadwork.common import acts, storage
from kneadwork.network import checklists, overriding, vetting
from kneadwork.network.checklists import Check
from kneadwork.network.models import Connection, FitAnswer, Verdict
from kneadwork.pages.shell import visible
from kneadwork.pages.shell.members import for_member
from kneadwork.practice.rights import Right, may


@dataclass(frozen=True, slots=True)
class Line:
    """One check on the page: what was answered, the newest first, and what was typed just now and refused."""

    check: Check
    given: list[FitAnswer]
    typed: Mapping[str, str]

    @property
    def key(self) -> str:
        """The check's key, by which its fields are named."""
        return self.check.key

    @property
    def newest(self) -> FitAnswer | None:
        """The answer that stands."""
        return self.given[0] if self.given else None

    @property
    def answer(self) -> str:
        """What is ticked: what was typed, else what stands."""
        return self.typed.get(f"check-{self.key}") or (self.newest.answer if self.newest else "")

    @property
    def words(self) -> str:
        """A note that was typed and refused."""
        return self.typed.get(f"words-{self.key}", "")

    @property
    def link(self) -> str:
        """A link that was typed and refused."""
        return self.typed.get(f"link-{self.key}", "")


@for_member(Right.NETWORK)
def page(request: HttpRequest, connection_id: int) -> HttpResponse:
    """The checks, the verdict and its history; who may not see those is led back and told who decides."""
    here = visible.connection(request, connection_id)
    if may(request.member, Right.VERDICTS):
        return show(request, here)
    messages.info(request, _("A therapist of the practice looks at this and decides."))
    return redirect("network:connection", here.pk)


def show(request: HttpRequest, here: Connection, *, typed: Mapping[str, str] | None = None) -> HttpResponse:
    """The page; with what was typed into its form and refused, where something was."""
    known, verdicts = vetting.answers(here), list(here.verdicts.select_related("by").order_by("-on", "-id"))
    lines = [Line(check, known.get(check.key, []), typed or {}) for check in checklists.checks(here.stream)]
    listed = {line.key for line in lines}
    context = {
        "place": "network", "here": here, "typed": typed or {}, "verdicts": verdicts,
        "review_on": vetting.review_due(verdicts[0] if verdicts else None),
        "flags": list(here.redflags.order_by("resolved_on", "-on")),
        "needed": [line for line in lines if line.check.required],
        "further": [line for line in lines if not line.check.required],
        "missing": vetting.missing_checks(here, known), "choices": FitAnswer.Answer.choices,
        "answers": Verdict.Answer.choices, "overrides": overriding.overrides(here),
        "first_visit": checklists.first_visit(here.stream),
        "formerly": [given for key, rows in known.items() if key not in listed for given in rows],
    }  # fmt: skip
    return render(request, "network/vetting.html", context)


@for_member(Right.VERDICTS)
def photo(request: HttpRequest, connection_id: int, check_id: int) -> HttpResponse:
    """The picture that shows what a check says."""
    here = visible.connection(request, connection_id)
    given = get_object_or_404(FitAnswer.objects.select_related("photo"), pk=check_id, connection=here)
    if given.photo is None:
        raise Http404
    try:
        return HttpResponse(storage.read(given.photo), content_type=given.photo.media_type)
    except (storage.FileRefused, OSError):
        raise Http404


def record(request: HttpRequest, here: Connection) -> None:
    """Keep what the form says, as one act: each check that was answered anew or shown, and a verdict where one is said."""
    answer, reason = request.POST.get("answer", ""), request.POST.get("reason", "")[:5000]
    with acts.act("verdict" if answer or reason.strip() else "check", here.name, by=request.member):
        _checks(request, here)
        if answer or reason.strip():
            vetting.decide(
                here, answer, reason=reason, override_reason=request.POST.get("override", "")[:2000],
                on=request.today, by=request.member,
            )  # fmt: skip


def _checks(request: HttpRequest, here: Connection) -> None:
    known, given = vetting.answers(here), request.POST
    for check in checklists.checks(here.stream):
        said, words = given.get(f"check-{check.key}", ""), given.get(f"words-{check.key}", "")[:5000].strip()
        link, picture = given.get(f"link-{check.key}", "").strip(), request.FILES.get(f"photo-{check.key}")
        stands = known[check.key][0].answer if check.key in known else ""
        if not (words or link or picture) and said in ("", stands):
            continue
        kept = storage.keep_picture(picture, name=f"{check.key}.png", by=request.member) if picture else None
        vetting.check(here, check.key, said, on=request.today, words=words, link=link, photo=kept, by=request.member)
