"""Records about a connection, each by one small form: a touch, an insight, a verdict, a gift and so on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from kneadwork.common import acts, numbers
from kneadwork.common.storage import FileRefused
from kneadwork.network import connections, dropping_in, giving, insights, overriding, resting, touching, vetting
from kneadwork.network.models import Address, Connection, ContactPoint, Insight, OpenHours, Promise, RedFlag, Stream
from kneadwork.pages.network import connections as pages
from kneadwork.pages.network import giving as giving_pages
from kneadwork.pages.network import trusting
from kneadwork.pages.shell import saying, visible
from kneadwork.pages.shell.members import for_member
from kneadwork.planning.keeping import views
from kneadwork.practice.rights import NotAllowed, Right, may, require
from kneadwork.referrals import asking, asking_rules, referring
from kneadwork.referrals.models import Ask

#: The page to which a form leads back, where it is not the connection's own.
BACK = {"vetting": "network:vetting", "edit": "network:edit"}
#: Whose forms show again what was typed, beside the refusal.
KEEP_TYPED = {"contacts", "addresses", "verdicts", "touches", "insights", "gifts", "promises", "rests", "referrals"}
Refusals = (
    touching.TouchRefused, insights.InsightRefused, vetting.VettingRefused, giving.GiftRefused, resting.RestRefused,
    connections.ConnectionRefused, referring.ReferralRefused, asking.AskRefused, overriding.OverrideRefused, FileRefused,
)  # fmt: skip


@for_member(Right.NETWORK)
def create(request: HttpRequest, connection_id: int, what: str) -> HttpResponse:
    """Make one record; a refusal says why, and what was typed stays.

    Opened again by its address, as after a refusal, it leads to the connection's page.
    """
    here = visible.connection(request, connection_id)
    if what not in RECORDS:
        raise Http404
    if request.method != "POST":
        return redirect("network:connection", here.pk)
    right, verb = RECORDS[what]
    correcting = any(request.POST.get(name) for name in ("point", "address", "remove"))
    try:
        require(request.member, right)
        with acts.watched() as done:
            verb(request, here)
    except vetting.NotTrusted as refused:
        return giving_pages.refused(request, here, refused)
    except Refusals as refused:
        if what in KEEP_TYPED:
            return _as_typed(request, here, what, str(refused), correcting)
        messages.warning(request, str(refused))
    except NotAllowed:
        messages.warning(request, _("Your role does not include this."))
    else:
        saying.noted(request, done)
    return redirect(
        "network:edit" if correcting else BACK.get(request.POST.get("back", ""), "network:connection"), here.pk
    )


def _as_typed(request: HttpRequest, here: Connection, what: str, refused: str, correcting: bool) -> HttpResponse:
    """The page from which this came, with what was typed and why it was refused."""
    typed = request.POST.dict() | {"refused": refused, "what": what}
    messages.warning(request, refused)  # above the page too: the form may stand far below
    if what == "verdicts":
        return trusting.show(request, here, typed=typed)
    if correcting:
        return pages.show_edit(request, here, pages.EditForm(instance=here), typed=typed)
    return pages.show(request, here.pk, typed=typed)


def day(request: HttpRequest, name: str = "on", default: date | None = None) -> date | None:
    """A day of the form, the default where none is given; refuses what is no day."""
    given = request.POST.get(name, "").strip()
    try:
        return date.fromisoformat(given) if given else default
    except ValueError:
        words = _("“%(day)s” is no date. Write it like 2026-03-31.") % {"day": given[:20]}
        raise connections.ConnectionRefused(words) from None


def _touch(request: HttpRequest, here: Connection) -> None:
    given = request.POST
    touching.log(
        here, given.get("channel", ""), on=day(request, default=request.today), today=request.today,
        from_them=given.get("from_them") == "1", answered=given.get("not_answered") != "1",
        words=given.get("words", "")[:5000], step=given.get("step", "")[:60], by=request.member,
    )  # fmt: skip


def _hours(request: HttpRequest, here: Connection) -> None:
    connections.set_hours(here, request.POST.get("hours", "")[:1000], by=request.member)


def _insight(request: HttpRequest, here: Connection) -> None:
    given = request.POST
    if given.get("insight"):
        learned = visible.chosen(Insight.objects.filter(connection=here), given["insight"])
        insights.sort_under(learned, given.get("about", ""), by=request.member)
        return
    insights.learn(
        here, given.get("words", "")[:5000], about=given.get("about", "other"), origin=given.get("origin", ""),
        on=request.today, by=request.member,
    )  # fmt: skip


def _fit(request: HttpRequest, here: Connection) -> None:
    """An ideal-client question; what a yes needs is answered by those who decide."""
    question, answer = request.POST.get("question", "")[:40], request.POST.get("answer", "")
    if question not in pages.fit_questions(here, may(request.member, Right.VERDICTS)):
        raise NotAllowed(Right.VERDICTS)
    insights.answer_fit(here, question, answer, on=request.today, by=request.member)


def _flag(request: HttpRequest, here: Connection) -> None:
    if request.POST.get("flag"):
        flag = visible.chosen(RedFlag.objects.filter(connection=here), request.POST["flag"])
        vetting.resolve_flag(flag, request.POST.get("reason", ""), on=request.today, by=request.member)
    else:
        vetting.raise_flag(here, request.POST.get("words", ""), on=request.today, by=request.member)


def _promise(request: HttpRequest, here: Connection) -> None:
    if request.POST.get("promise"):
        kept = visible.chosen(Promise.objects.filter(connection=here), request.POST["promise"])
        finish = giving.keep if request.POST.get("outcome") == "kept" else giving.let_go
        finish(kept, on=request.today, by=request.member)
    else:
        due = day(request, "due_on", request.today)
        giving.promise(here, request.POST.get("words", ""), due_on=due, today=request.today, by=request.member)


def _rest(request: HttpRequest, here: Connection) -> None:
    if request.POST.get("wake"):
        resting.wake(here, on=request.today, by=request.member)
    else:
        reason = request.POST.get("reason", "")[:2000]
        resting.rest(here, since=request.today, until=day(request, "until"), reason=reason, by=request.member)


def _pace(request: HttpRequest, here: Connection) -> None:
    change = resting.slow if request.POST.get("slowly") else resting.as_usual
    change(here, on=request.today, by=request.member)


def _open_hours(request: HttpRequest, here: Connection) -> None:
    given, forgotten = request.POST, request.POST.get("forget", "")
    weekday = numbers.whole(forgotten or given.get("weekday", ""))
    if weekday not in OpenHours.Weekday.values:
        raise connections.ConnectionRefused(_("Choose a weekday."))
    if forgotten:
        dropping_in.forget(here, weekday, by=request.member)
        return
    begins, ends = _time(given.get("begins", "")), _time(given.get("ends", ""))
    dropping_in.keep(here, weekday, begins=begins, ends=ends, ask_for=given.get("ask_for", ""), by=request.member)


def _time(given: str) -> time | None:
    """A time of the form, None where none is given; refuses what is none."""
    try:
        return time.fromisoformat(given.strip()) if given.strip() else None
    except ValueError:
        words = _("“%(time)s” is no time. Write it like 10:30.") % {"time": given[:20]}
        raise connections.ConnectionRefused(words) from None


def _stop(request: HttpRequest, here: Connection) -> None:
    resting.stop(here, on=request.today, how=request.POST.get("how", ""), by=request.member)


def _contact(request: HttpRequest, here: Connection) -> None:
    if request.POST.get("remove"):
        point = visible.chosen(ContactPoint.objects.filter(connection=here), request.POST["remove"])
        connections.remove_contact(point, by=request.member)
        return
    value = request.POST.get("value", "")[:400]
    if request.POST.get("point"):
        point = visible.chosen(ContactPoint.objects.filter(connection=here), request.POST["point"])
        connections.correct_contact(point, value, by=request.member)
        return
    if not value.strip():
        raise connections.ConnectionRefused(_("Type the number or address."))
    kind = request.POST.get("kind", "")
    if kind not in connections.BY_HAND:
        raise connections.ConnectionRefused(_("Choose what it is: telephone, e-mail, web address or fax."))
    connections.add_contact(here, kind, value, by=request.member)


def _address(request: HttpRequest, here: Connection) -> None:
    if request.POST.get("remove"):
        address = visible.chosen(Address.objects.filter(connection=here), request.POST["remove"])
        connections.remove_address(address, by=request.member)
        return
    names = ("line1", "line2", "city", "region", "postal")
    parts = {n: request.POST.get(n, "").strip()[: Address._meta.get_field(n).max_length] for n in names}
    if not any(parts.values()):
        raise connections.ConnectionRefused(_("Type at least one line of the address."))
    if request.POST.get("address"):
        address = visible.chosen(Address.objects.filter(connection=here), request.POST["address"])
        connections.correct_address(address, by=request.member, **parts)
    else:
        connections.add_address(here, by=request.member, **parts)


def _tag(request: HttpRequest, here: Connection) -> None:
    verb = connections.untag if request.POST.get("remove") else connections.tag
    verb([here], request.POST.get("remove") or request.POST.get("tag", ""), by=request.member)


def _stream(request: HttpRequest, here: Connection) -> None:
    if request.POST.get("stream") not in Stream.values:
        raise connections.ConnectionRefused(_("Choose one of the four streams."))
    visible.refuse_hidden_stream(request, request.POST["stream"])
    connections.put_in_stream([here], request.POST["stream"], by=request.member)


def _ask(request: HttpRequest, here: Connection) -> None:
    if request.POST.get("ask"):
        asked = visible.chosen(Ask.objects.filter(connection=here), request.POST["ask"])
        asking.answer(asked, request.POST.get("answer", ""), on=request.today, by=request.member)
        return
    missing = views([here.pk], request.practice, on=request.today)[here.pk].missing
    words = [asking_rules.words_for(m) for m in missing]
    asking.record(here, request.POST.get("channel", "call"), on=request.today, missing=words, by=request.member)


def _referral(request: HttpRequest, here: Connection) -> None:
    referring.record(
        here, request.POST.get("person", ""), on=day(request, default=request.today), today=request.today,
        by=request.member,
    )  # fmt: skip


RECORDS: dict[str, tuple[Right, Callable[[HttpRequest, Connection], None]]] = {
    "touches": (Right.NETWORK, _touch), "insights": (Right.NETWORK, _insight), "fit": (Right.NETWORK, _fit),
    "verdicts": (Right.VERDICTS, trusting.record), "flags": (Right.VERDICTS, _flag), "gifts": (Right.NETWORK, giving_pages.record),
    "introductions": (Right.NETWORK, giving_pages.introduction), "through": (Right.NETWORK, giving_pages.through),
   
    "promises": (Right.NETWORK, _promise), "rests": (Right.NETWORK, _rest), "stops": (Right.NETWORK, _stop),
    "contacts": (Right.NETWORK, _contact), "addresses": (Right.NETWORK, _address), "tags": (Right.NETWORK, _tag),
    "stream": (Right.NETWORK, _stream), "pace": (Right.NETWORK, _pace), "open-hours": (Right.NETWORK, _open_hours), "hours": (Right.NETWORK, _hours),
    "asks": (Right.REFERRALS, _ask), "referrals": (Right.REFERRALS, _referral),
}  # fmt: skip
