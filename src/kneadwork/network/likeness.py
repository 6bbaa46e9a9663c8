"""Look-alikes: people who may be known already, offered before they are made twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kneadwork.common import acts
from kneadwork.facts import credentials
from kneadwork.network.connections import add, normal_of
from kneadwork.network.models import Connection, MergeProposal, SearchWord, Standing, Stream
from kneadwork.network.reaching import who_has
from kneadwork.network.searching import fold, matching
from kneadwork.practice.models import Member

ALIKE = 88  # of 100, by rapidfuzz's token_sort_ratio
#: With how many connections a name is compared, and with how many all the names of a list are.
MOST_COMPARED, MOST_FOR_ALL = 2000, 50_000


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person or place that may be known: the name, and the telephones and e-mails."""

    name: str
    phones: Sequence[str] = ()
    emails: Sequence[str] = ()


def look_alikes(
    name: str, *, phone: str = "", email: str = "", all_streams: bool, limit: int = 5
) -> list[tuple[Connection, str]]:
    """Connections that may be the same, each with the reason, the likeliest first."""
    asked = Somebody(name, [phone] if phone else [], [email] if email else [])
    return look_alikes_of_all([asked], all_streams=all_streams, limit=limit)[0]


def added(
    name: str, *, all_streams: bool, by: Member | None = None, by_name: str = "", **given
) -> tuple[Connection, list[tuple[Connection, str]]]:  # fmt: skip
    """Make one connection as `connections.add` does; answers it, and who it may be, which is kept as a proposal too.

    For ways in at which nobody can be asked before it is made twice.
    """
    asked = Somebody(name, given.get("phones", ()), given.get("emails", ()))
    alike = look_alikes_of_all([asked], all_streams=all_streams)[0]
    with acts.act("add", " ".join(name.split())[:200], by=by, by_name=by_name):
        made = add(name, by=by, by_name=by_name, **given)
        acts.add_all([
            MergeProposal(low_id=min(made.pk, other.pk), high_id=max(made.pk, other.pk), reason=why[:200], proposed_at=made.added_at)
            for other, why in alike
        ])  # fmt: skip
    return made, alike


def look_alikes_of_all(
    people: Sequence[Somebody], *, all_streams: bool, limit: int = 5
) -> list[list[tuple[Connection, str]]]:
    """The same for many people, in as many queries as for one."""
    reached, words = _by_reach(people, limit), [said(somebody.name) for somebody in people]
    found = [dict(reasons) for reasons in reached]
    for number, pk, reason in _by_name(words):
        found[number].setdefault(pk, reason)
    wanted = {pk for reasons in found for pk in list(reasons)[:50]}
    rows = Connection.objects.filter(pk__in=wanted)
    known = {c.pk: c for c in (rows if all_streams else rows.exclude(stream=Stream.CLIENTS))}
    return [[(known[pk], why) for pk, why in reasons.items() if pk in known][:limit] for reasons in found]


def _by_reach(people: Sequence[Somebody], limit: int) -> list[dict[int, str]]:
    """For each of these people whoever has one of their telephones or e-mails."""
    reasons_of = [
        {normal_of("phone", v): _("the same telephone") for v in somebody.phones}
        | {normal_of("email", v): _("the same e-mail") for v in somebody.emails}
        for somebody in people
    ]
    normals = {normal for reasons in reasons_of for normal in reasons}
    have: dict[str, list[int]] = defaultdict(list)
    for normal, pk in who_has(normals, most=limit * len(normals)):
        have[normal].append(pk)
    return [{pk: why for normal, why in reasons.items() for pk in have[normal][:limit]} for reasons in reasons_of]


def _by_name(words: Sequence[list[str]]) -> list[tuple[int, int, str]]:
    """Who has nearly these words for a name: the number of the name, the connection, the reason."""
    from rapidfuzz import fuzz

    asked: dict[str, list[int]] = defaultdict(list)
    for number, whole in enumerate(words):
        for word in whole[-2:]:
            asked[word].append(number)
    having = SearchWord.objects.filter(word__in=asked).values_list("connection_id", "word", "connection__name")
    names, pairs = {}, set()
    for pk, word, name in having[: min(MOST_COMPARED * len(words), MOST_FOR_ALL)]:
        names[pk] = name
        pairs.update((number, pk) for number in asked[word])
    folded, same, almost = {pk: said(name) for pk, name in names.items()}, [], []
    for number, pk in sorted(pairs):
        if folded[pk] == words[number]:
            same.append((number, pk, _("the same name")))
        elif fuzz.token_sort_ratio(" ".join(words[number]), " ".join(folded[pk])) >= ALIKE:
            almost.append((number, pk, _("almost the same name")))
    return same + almost


def said(name: str) -> list[str]:
    """The words of a name as it is said, without title and credentials."""
    words = fold(credentials.bare(name))
    return words if len(words) > 1 else fold(name)


def may_be_meant(name: str, limit: int = 8) -> list[Connection]:
    """Connections whom somebody may mean by a name, perhaps by a part of it: its words begin words of theirs; or look-alikes."""
    condition, words = matching(name), fold(name)
    rows = Standing.objects.filter(condition).order_by("name") if condition is not None else Standing.objects.none()
    named = [pk for pk, known in rows.values_list("connection_id", "name")[:200] if _begin(words, fold(known))]
    ids = list(
        dict.fromkeys([*named[:limit], *(c.pk for c, _why in look_alikes(name, all_streams=True, limit=limit))])
    )[:limit]
    found = Connection.objects.in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def _begin(typed: list[str], words: list[str]) -> bool:
    return all(any(word.startswith(one) for word in words) for one in typed)
