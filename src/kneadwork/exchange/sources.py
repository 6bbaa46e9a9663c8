"""Who sent a client: a booking file's *referred by*, recognised among those known and those of the same file.

The name that was said decides. A telephone or e-mail beside it says which of those so called is meant, never that it is
somebody of another name; where it stays open who is meant, it is somebody new whom the user may make one with another.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from kneadwork.exchange.matching import may_be_called
from kneadwork.exchange.models import StagedRow
from kneadwork.exchange.neutral import Email, Phone, Record
from kneadwork.exchange.normal import e164
from kneadwork.exchange.recognise import names_organisation, recognise
from kneadwork.network.folding import as_said
from kneadwork.network.models import Connection, MergeProposal, SearchWord
from kneadwork.network.reaching import in_pieces, who_has
from kneadwork.network.searching import whole_name

#: So many of one name are proposed as perhaps the same; of more the user would look at none.
MOST_ALIKE = 5


@dataclass(frozen=True, slots=True)
class Found:
    """Who is meant (None where it is somebody new or open), whom somebody new may be the same as, and why."""

    meant: int | None = None
    alike: tuple[int, ...] = ()
    reason: str = ""


@dataclass(slots=True)
class Known:
    """Who may have sent somebody: by name as it is said, and by telephone and e-mail."""

    called: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    by_name: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_reach: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    stands_for: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    def learn(self, key: int, names: Iterable[str], reaches: Iterable[str] = ()) -> None:
        """Know somebody by these names and ways to reach them."""
        for name in filter(None, map(as_said, names)):
            self.called[key].add(name)
            self.by_name[name].add(key)
        for reach in reaches:
            self.by_reach[reach].add(key)

    def find(self, record: Record, client: int) -> Found:
        """Who sent this client, as the record says."""
        said = as_said(record.referred_by)
        reached = {pk for reach in reaches_said(record) for pk in self.by_reach.get(reach, ())} - {client}
        fitting = sorted(pk for pk in reached if any(may_be_called(said, name) for name in self.called.get(pk, ())))
        so_called = sorted(self.by_name.get(said, set()) - {client})
        for those in ([pk for pk in fitting if pk in so_called], fitting, so_called):
            if len(those) == 1:
                return Found(meant=those[0])
            if those:
                open_question = self._stands_for_all(those)
                return Found(open_question) if open_question else Found(None, tuple(those[:MOST_ALIKE]), several())
        if client in self.by_name.get(said, ()):
            return Found(None, (client,), _("the same name"))
        return Found(
            None, tuple(sorted(reached)[:1]), _("the same telephone or e-mail, another name") if reached else ""
        )

    def _stands_for_all(self, those: list[int]) -> int | None:
        """The one who was made when it was open before who of them is meant."""
        for pk in those:
            others = self.stands_for.get(pk, set()) & set(those)
            if len(others) >= min(MOST_ALIKE, len(those) - 1):
                return pk
        return None


def several() -> str:
    """Why somebody new was made although that name is known."""
    return _("named as who sent somebody, and more than one has this name")


def reaches_said(record: Record) -> list[str]:
    """The telephone and e-mail that stand beside the name, as they are compared."""
    return [r for r in (record.referred_by_email.casefold(), e164(record.referred_by_phone)) if r]


def load(records: Iterable[Record]) -> Known:
    """Everyone known whom these records may mean, in a few queries."""
    known, said = Known(), list(records)
    wanted: set[int] = set()
    words = sorted({whole_name(r.referred_by) for r in said} - {""})
    for chunk in in_pieces(words):
        wanted |= set(SearchWord.objects.filter(word__in=chunk).values_list("connection_id", flat=True))
    for normal, pk in who_has(reach for r in said for reach in reaches_said(r)):
        known.by_reach[normal].add(pk)
        wanted.add(pk)
    for chunk in in_pieces(sorted(wanted)):
        for pk, name, others in Connection.objects.filter(pk__in=chunk).values_list("pk", "name", "other_names"):
            known.learn(pk, (name, *others))
        pairs = MergeProposal.objects.filter(high__in=chunk, reason=several()[:200]).values_list("low_id", "high_id")
        for low, high in pairs:
            known.stands_for[high].add(low)
    return known


def in_words(rows: Iterable[StagedRow]) -> dict[int, str]:
    """What the preview says of each row that names who sent them: whom that is, or that they are new or in doubt."""
    from kneadwork.exchange.staging import from_json

    named = {row.pk: (row, from_json(row.record)) for row in rows if names_somebody(row)}
    if not named:
        return {}
    known = load(record for _row, record in named.values())
    batch = next(iter(named.values()))[0].batch_id
    beside = StagedRow.objects.filter(batch=batch, outcome="created", choice__leave_out__isnull=True)
    for pk, name in beside.values_list("pk", "name"):
        known.learn(pk, (name,))
    found = {pk: known.find(record, row.match or pk) for pk, (row, record) in named.items()}
    meant = {f.meant for f in found.values()} - {None}
    names = dict(StagedRow.objects.filter(pk__in=meant).values_list("pk", "name"))
    names |= dict(Connection.objects.filter(pk__in=meant).values_list("pk", "name"))
    return {pk: _words(f, names.get(f.meant) or named[pk][1].referred_by) for pk, f in found.items()}


def names_somebody(row: StagedRow) -> bool:
    """Whether a row brings a referral, by somebody it names."""
    brings = row.outcome == "created" or "referral" in row.changes
    return brings and not row.choice.get("leave_out") and bool((row.record or {}).get("referred_by_is_source"))


def _words(found: Found, name: str) -> str:
    if found.meant:
        return _("Sent by %(name)s.") % {"name": name}
    if found.reason == several():
        return _("Sent by %(name)s: more than one has this name, so somebody new is made and you decide later.") % {
            "name": name
        }
    return _("Sent by %(name)s, who is new.") % {"name": name}


def somebody_new(record: Record) -> Record:
    """Who sent them, as a record of their own, with the ways to reach them that the file names.

    A name that says so is an office's, unless a title stands before it; what stands behind a name says what they do.
    """
    titled = re.match(r"(?i)(?:dr|prof|mr|mrs|ms)\b", record.referred_by)
    office = names_organisation(record.referred_by) and not titled
    guess = Record(where=record.where, name=record.referred_by, kind="organisation" if office else "person")
    guess.work = re.split(r"[,(]|\s[-–—]\s", record.referred_by)[1:]
    if record.referred_by_email:
        guess.emails = [Email(record.referred_by_email)]
    if record.referred_by_phone:
        guess.phones = [Phone(record.referred_by_phone, "other", e164(record.referred_by_phone))]
    recognise(guess)
    return guess
