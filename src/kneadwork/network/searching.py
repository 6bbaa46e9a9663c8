"""Finding connections by words, quick for rare and for common ones, the same on both databases.

Each connection's words (name, organisation, profession, place, tags, notes …) are kept folded in `SearchWord`; what is
typed matches their beginnings. A rare word is looked up and its few connections are ordered; a common one is checked
along the list's own order, which soon fills a page.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict

from django.db.models import Exists, OuterRef, Q, QuerySet

from kneadwork.common import bulk, derived
from kneadwork.common.ids import new_id
from kneadwork.common.tenancy import current_practice_id
from kneadwork.network.models import Address, Connection, ContactPoint, Insight, SearchWord, Tag

RARE = 200
MOST_WORDS = 6
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> list[str]:
    """The words of a text as they are compared: small letters, without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return [w[:60] for w in _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))]


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
        texts = _texts(chunk)
        SearchWord.objects.filter(connection__in=chunk)._raw_delete(SearchWord.objects.db)
        practice_id = current_practice_id()
        bulk.insert_values(
            SearchWord, ("id", "practice_id", "connection_id", "word"),
            [(new_id(), practice_id, pk, word) for pk, text in texts.items() for word in sorted(set(fold(text)))],
        )  # fmt: skip


def _texts(chunk: list[int]) -> dict[int, str]:
    from kneadwork.facts.professions import all_professions

    labels = {key: str(p.label) for key, p in all_professions().items()}
    parts: dict[int, list[str]] = defaultdict(list)
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
    for row in Connection.objects.filter(pk__in=chunk).only(*names, "other_names", "profession"):
        parts[row.pk] = [*(getattr(row, n) for n in names), *row.other_names, labels.get(row.profession, "")]
    for model, columns in (
        (Address, ("line1", "city", "region", "postal")),
        (Tag, ("name",)),
        (Insight, ("words",)),
    ):
        for pk, *values in model.objects.filter(connection__in=chunk).values_list("connection_id", *columns):
            parts[pk].extend(values)
    for pk, value, normal in ContactPoint.objects.filter(connection__in=chunk).values_list(
        "connection_id", "value", "normal"
    ):
        parts[pk].extend((value, normal))
    return {pk: " ".join(values) for pk, values in parts.items()}
