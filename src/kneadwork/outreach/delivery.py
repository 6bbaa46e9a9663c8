"""The one gate out: whatever leaves the practice passes `release`, which asks both guards and keeps the log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, replace

from django.utils import timezone
from django.utils.translation import gettext as _

from kneadwork.common import acts
from kneadwork.guard import naming
from kneadwork.guard.contact import may_contact
from kneadwork.guard.disclosure import PUBLIC, THE_PERSON, Disclosure, may_disclose
from kneadwork.network.folding import as_said, fold
from kneadwork.network.models import Client, Connection, Stop, Stream
from kneadwork.outreach import calendar_files, typesetting
from kneadwork.outreach.models import Release
from kneadwork.outreach.typesetting import LeafletSheet, LetterSheet, WalkSheet
from kneadwork.practice.models import Member
from kneadwork.referrals import telling


class NotReleased(Exception):
    """The gate refused; `rule` names why."""

    def __init__(self, rule: str, why: str) -> None:
        super().__init__(why)
        self.rule = rule


def release(
    what: str, to: Connection, *, purpose: str, says: str, about: Client | None = None, by=None, by_name: str = ""
) -> Release:
    """Let one thing go to a connection, or refuse with NotReleased; logged in the same transaction.

    says: every word of it that people wrote, looked through for names of clients.
    """
    _refuse_stopped({to.pk: to.name})
    _refuse_naming([(to, says)])
    disclosure = may_disclose(_asked(to, purpose, about), (), on=timezone.localdate())
    if not disclosure.allowed:
        raise NotReleased(disclosure.rule, _("This would tell %(name)s about a client.") % {"name": to.name})
    with acts.act("release", to.name, by=by, by_name=by_name):
        row = Release(
            connection=to, client=about, what=what, purpose=purpose, recipient=to.name, basis=disclosure.basis,
            rule=disclosure.rule, at=timezone.now(), by=by,
        )  # fmt: skip
        row.save()
    return row


def _asked(to: Connection, purpose: str, about: Client | None) -> Disclosure:
    """What the guard is asked: a client's own things go to that client as such, whatever else they are for."""
    if about is None:
        return Disclosure("", to.ref, purpose)
    relations = telling.relations(to, about)
    return Disclosure(about.ref, to.ref, "to_the_person" if THE_PERSON in relations else purpose, relations)


def release_all(
    what: str, to: Sequence[Connection], *, purpose: str, says: Sequence[str], by=None, by_name: str = ""
) -> list[Release]:
    """Let the same kind of thing, which is about no client, go to many, in their order: all, or with NotReleased none.

    says: of each, in the same order, every word of it that people wrote.
    """
    _refuse_stopped({one.pk: one.name for one in to})
    _refuse_naming(list(zip(to, says, strict=True)))
    open_to_all = may_disclose(Disclosure("", PUBLIC, purpose), (), on=timezone.localdate())
    rows = [
        Release(connection=c, what=what, purpose=purpose, recipient=c.name, basis=open_to_all.basis,
                rule=open_to_all.rule, at=timezone.now(), by=by)
        for c in to
    ]  # fmt: skip
    with acts.act("release", what, by=by, by_name=by_name):
        acts.add_all(rows)
    return rows


def not_to_be_contacted(connections: Iterable[int]) -> set[int]:
    """Of these connections those whom nothing may be sent to."""
    ids = list(connections)
    stopped = set(Stop.objects.filter(connection__in=ids).values_list("connection_id", flat=True))
    return {pk for pk in ids if not may_contact(stopped=pk in stopped).allowed}


def _refuse_stopped(names: dict[int, str]) -> None:
    refused = not_to_be_contacted(names)
    if refused:
        first = next(name for pk, name in names.items() if pk in refused)
        raise NotReleased("stop", _("%(name)s asked not to be written to.") % {"name": first})


def _refuse_naming(said: Sequence[tuple[Connection, str]]) -> None:
    """Refuse texts that name a client to anybody but that client. Who works here, and whom it goes to, may be named."""
    names = _of_clients()
    for to, text in said:
        named = names.first_in(" ".join(fold(text)).replace(as_said(to.name), " | ").split())
        if named and not _is_own(named, to):
            raise _names_a_client(named)


def _of_clients() -> naming.Names:
    clients = {*Client.objects.values_list("name", flat=True)}
    clients |= {*Connection.objects.filter(stream=Stream.CLIENTS).values_list("name", flat=True)}
    ours = {as_said(name) for name in Member.objects.values_list("name", flat=True)}
    return naming.Names(words.split() for words in {as_said(name) for name in clients} - ours)


def _names_a_client(named: naming.Name) -> NotReleased:
    return NotReleased(
        "deny by default",
        _("This names “%(name)s”, who may be a client. Nothing that tells of a client goes to anybody else. "
          "Take the name out, then it can go.") % {"name": " ".join(named).title()},
    )  # fmt: skip


def _is_own(named: naming.Name, to: Connection) -> bool:
    own = as_said(to.name).split()
    return bool(own) and (named[0], named[-1]) == (own[0], own[-1])


@dataclass(frozen=True, slots=True)
class Piece:
    """What is set for other people, with what let it go to each of them."""

    content: LetterSheet | tuple[str, ...]
    releases: tuple[Release | None, ...]


def letters_pdf(pieces: Sequence[Piece], **options) -> bytes:
    """Set letters as one tagged PDF; NotReleased where one of them did not pass the gate, or would not now."""
    return typesetting.letters_pdf(_let_through(pieces, "letter"), **options)


def labels_pdf(pieces: Sequence[Piece], **options) -> bytes:
    """Set the addresses of letters as labels; NotReleased as for the letters themselves."""
    return typesetting.labels_pdf(_let_through(pieces, "letter"), **options)


def _let_through(pieces: Sequence[Piece], what: str) -> list:
    releases = [release for piece in pieces for release in piece.releases or (None,)]
    if any(one is None or one._state.adding or one.what != what for one in releases):
        raise NotReleased("not released", _("These letters did not pass the gate. Write them anew."))
    _refuse_stopped({one.connection_id: one.recipient for one in releases if one.connection_id})
    return [piece.content for piece in pieces]


def leaflet_pdf(sheet: LeafletSheet, **options) -> bytes:
    """Set a leaflet for anybody as one tagged page; NotReleased where it names a client."""
    named = _of_clients().first_in(fold("\n".join(str(words) for words in astuple(sheet))))
    if named:
        raise _names_a_client(named)
    return typesetting.leaflet_pdf(sheet, **options)


def walk_pdf(stops: Sequence[WalkSheet], **options) -> bytes:
    """Set a walk for the therapist's own use as one tagged PDF."""
    return typesetting.walk_pdf(stops, **options)


def own_feed(entries: Sequence[tuple[calendar_files.Entry, str]], *, name: str) -> bytes:
    """Write a member's own calendar feed. It lies with whoever keeps their calendar, so that an entry which names a client
    goes under the plain title that comes with it, and without its place.
    """
    names = _of_clients()
    shown = [
        replace(entry, title=plain, place="") if names.first_in(fold(f"{entry.title}\n{entry.place}")) else entry
        for entry, plain in entries
    ]
    return calendar_files.feed(shown, name=name)
