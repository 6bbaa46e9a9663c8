"""Finding connections by words, quick for rare and for common ones, the same on both databases.

Each connection's words (name, organisation, profession, place, tags, notes …) are kept folded in `SearchWord`; what is
typed matches their beginnings. A rare word is looked up and its few connections are ordered; a common one is checked
along the list's own order, which soon fills a page.
"""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Exists, OuterRef, Q, QuerySet

from kneadwork.common import bulk, derived
from kneadwork.common.ids import new_id
from kneadwork.common.tenancy import current_practice_id
from kneadwork.network.addresses import door_word
from kneadwork.network.folding import as_said, fold
from kneadwork.network.models import Address, Connection, ContactPoint, Insight, SearchWord, Tag

RARE, FEW = 200, 2000
MOST_WORDS = 6


def whole_name(name: str) -> str:
    """The word under which all who have this name are found, however it is written; "" where no name is left."""
    said = as_said(name)
    return f"={said[:59]}" if said else ""


def does(profession: str) -> str:
    """The word under which all who have this profession are found, be it their first or another one."""
    return f"@{profession[:59]}"


def matching(query: str) -> Q | None:
    """The condition on a `connection` column for what was typed; None where nothing was. At most six words count."""
    words = sorted(set(fold(query)), key=len, reverse=True)[:MOST_WORDS]
    if not words:
        return None
    condition, rare = Q(), None
    for word in words:
        ids = _few(word)
        if ids is not None:
            rare = ids if rare is None else rare & ids
        else:
            condition &= Q(Exists(_beginning(word).filter(connection=OuterRef("connection"))))
    return condition if rare is None else condition & Q(connection__in=sorted(rare))


def practising(profession: str) -> Q:
    """The condition on a `connection` column for all who have this profession, be it their first or another one."""
    rows = SearchWord.objects.filter(word=does(profession))
    ids = list(rows.values_list("connection_id", flat=True)[: FEW + 1])
    if len(ids) <= FEW:
        return Q(connection__in=sorted(ids))
    return Q(Exists(rows.filter(connection=OuterRef("connection"))))


def _few(word: str) -> set[int] | None:
    """The connections a rare word finds, or None where it finds more than a few."""
    rows = list(_beginning(word).values_list("connection_id", flat=True)[: RARE + 1])
    return set(rows) if len(rows) <= RARE else None


def _beginning(word: str) -> QuerySet:
    return SearchWord.objects.filter(word__gte=word, word__lt=word + "\U0010ffff")


@derived.keeper
def keep_words(connections: set[int]) -> None:
    """Write the words of these connections anew."""
    wanted = sorted(connections)
    for start in range(0, len(wanted), 500):
        chunk = wanted[start : start + 500]
        words_of = _words(chunk)
        SearchWord.objects.filter(connection__in=chunk)._raw_delete(SearchWord.objects.db)
        practice_id = current_practice_id()
        bulk.insert_values(
            SearchWord, ("id", "practice_id", "connection_id", "word"),
            [(new_id(), practice_id, pk, word) for pk, words in words_of.items() for word in sorted(words)],
        )  # fmt: skip


def _words(chunk: list[int]) -> dict[int, set[str]]:
    """The words of each: those of its texts, and whole names, professions and the door, which nobody can type."""
    from kneadwork.facts.professions import all_professions

    labels = {key: str(p.label) for key, p in all_professions().items()}
    parts: dict[int, list[str]] = defaultdict(list)
    found: dict[int, set[str]] = {}
    doors: dict[int, str] = {}
    names = (
        "name",
        "nickname",
        "organisation",
        "title",
        "credentials",
        "note",
        "how_known",
        "met_through",
        "npi",
    )
    for row in Connection.objects.filter(pk__in=chunk).only(*names, "other_names", "profession", "professions"):
        labelled = [labels.get(key, "") for key in dict.fromkeys((row.profession, *row.professions))]
        parts[row.pk] = [*(getattr(row, n) for n in names), *row.other_names, *labelled]
        found[row.pk] = {whole_name(n) for n in (row.name, *row.other_names)} - {""}
        found[row.pk] |= {does(key) for key in (row.profession, *row.professions) if key}
    for address in Address.objects.filter(connection__in=chunk).order_by("preferred", "-id"):
        parts[address.connection_id] += (address.line1, address.city, address.region, address.postal)
        doors[address.connection_id] = door_word(address) or doors.get(address.connection_id, "")
    for pk, door in doors.items():
        found.setdefault(pk, set()).update({door} - {""})
    for model, columns in ((Tag, ("name",)), (Insight, ("words",))):
        for pk, *values in model.objects.filter(connection__in=chunk).values_list("connection_id", *columns):
            parts[pk].extend(values)
    for pk, value, normal in ContactPoint.objects.filter(connection__in=chunk).values_list(
        "connection_id", "value", "normal"
    ):
        parts[pk].extend((value, normal))
    return {pk: found.get(pk, set()) | set(fold(" ".join(values))) for pk, values in parts.items()}
