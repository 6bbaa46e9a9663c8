"""Look-alikes: people who may be known already, offered before they are made twice."""

from __future__ import annotations

from kneadwork.network.connections import normal_of
from kneadwork.network.models import Connection, ContactPoint, SearchWord, Standing, Stream
from kneadwork.network.searching import fold, matching

ALIKE = 88  # of 100, by rapidfuzz's token_sort_ratio


def look_alikes(
    name: str, *, phone: str = "", email: str = "", all_streams: bool = True, limit: int = 5
) -> list[tuple[Connection, str]]:
    """Connections that may be the same, each with the reason, the likeliest first."""
    from django.utils.translation import gettext as _
    from rapidfuzz import fuzz

    found: dict[int, str] = {}
    for kind, value, reason in (("phone", phone, _("same telephone")), ("email", email, _("same e-mail"))):
        if value:
            normal = normal_of(kind, value)
            for pk in ContactPoint.objects.filter(normal=normal).values_list("connection_id", flat=True)[:limit]:
                found[pk] = reason
    words = fold(name)
    block = SearchWord.objects.filter(word__in=words[-2:]).values_list("connection_id", flat=True).distinct()[:2000]
    rows = Connection.objects.filter(pk__in=list(block)).only("name", "stream")
    for row in rows:
        if fuzz.token_sort_ratio(" ".join(words), " ".join(fold(row.name))) >= ALIKE:
            found.setdefault(row.pk, _("almost the same name"))
    known = Connection.objects.in_bulk(list(found)[:50])
    alike = [(known[pk], why) for pk, why in found.items() if pk in known]
    return [(c, w) for c, w in alike if all_streams or c.stream != Stream.CLIENTS][:limit]


def may_be_meant(name: str, limit: int = 8) -> list[Connection]:
    """Connections whom somebody may mean by a name, perhaps by a part of it: its words begin words of theirs; or look-alikes."""
    condition, words = matching(name), fold(name)
    rows = Standing.objects.filter(condition).order_by("name") if condition is not None else Standing.objects.none()
    named = [pk for pk, known in rows.values_list("connection_id", "name")[:200] if _begin(words, fold(known))]
    ids = list(dict.fromkeys([*named[:limit], *(c.pk for c, _why in look_alikes(name, limit=limit))]))[:limit]
    found = Connection.objects.in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def _begin(typed: list[str], words: list[str]) -> bool:
    return all(any(word.startswith(one) for word in words) for one in typed)
