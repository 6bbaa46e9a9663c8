"""The one list of everyone: filters that live in the address, an order, a cursor; for page, API and command alike."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlencode

from django.core import signing
from django.core.cache import cache
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from kneadwork.common.models import Act
from kneadwork.common.tenancy import current_practice_id
from kneadwork.network.models import Connection, Stage, Standing, Stream, Tag
from kneadwork.network.searching import matching, practising

PAGE = 25
QUIET_AFTER = timedelta(days=180)
ORDERS = ("rank", "likely", "good", "name", "recent")
#: Columns that may be empty; those rows stand last.
_MAY_BE_EMPTY = {"last_touch_on", "good"}
#: The order's columns, highest or first first; the `_open` ones for members who may not see referrals.
_COLUMNS = {
    ("rank", True): ("-rank", "name", "connection_id"),
    ("rank", False): ("-rank_open", "name", "connection_id"),
    ("likely", True): ("-likely", "name", "connection_id"),
    ("likely", False): ("-likely_open", "name", "connection_id"),
    ("good", True): ("-good", "name", "connection_id"),
    ("good", False): ("-good", "name", "connection_id"),
    ("name", True): ("name", "connection_id"),
    ("name", False): ("name", "connection_id"),
    ("recent", True): ("-last_touch_on", "name", "connection_id"),
    ("recent", False): ("-last_touch_on", "name", "connection_id"),
}
#: What a row of the list never shows and is costly to read.
_NOT_SHOWN = tuple(f"connection__{name}" for name in ("note", "other_names", "professions", "extra"))


class FilterRefused(Exception):
    """A filter, an order or a cursor that does not exist, in words for the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What is looked for. Empty values do not filter. `within_m` counts from the practice's own place."""

    q: str = ""
    stream: str = ""
    stage: str = ""
    profession: str = ""
    tag: str = ""
    quiet: bool = False
    within_m: float | None = None
    likely: float | None = None
    good: float | None = None
    office: str = ""
    order: str = "rank"

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What a form of words alone takes along: the other filters as they stand in an address."""
        return parse_qsl(self.query(q=""))

    def query(self, **changes) -> str:
        """The filters as they stand in an address."""
        now = replace(self, **changes) if changes else self
        pairs = {
            "q": now.q, "stream": now.stream, "stage": now.stage, "profession": now.profession, "tag": now.tag,
            "quiet": "1" if now.quiet else "", "within_m": now.within_m, "likely": now.likely, "good": now.good,
            "office": now.office, "order": "" if now.order == "rank" else now.order,
        }  # fmt: skip
        return urlencode({k: v for k, v in pairs.items() if v not in ("", None)})


def read_filters(given: Mapping[str, str]) -> Filters:
    """Filters from an address; FilterRefused where a value is not one of the list."""
    fixed = {"stream": Stream.values, "stage": Stage.values, "order": ORDERS}
    for name, values in fixed.items():
        if given.get(name) and given[name] not in values:
            raise FilterRefused(
                _("“%(value)s” is no %(name)s. There are: %(values)s.")
                % {"value": given[name][:40], "name": name, "values": ", ".join(values)}
            )
    return Filters(
        q=given.get("q", "")[:200].replace("\x00", ""), stream=given.get("stream", ""), stage=given.get("stage", ""),
        profession=given.get("profession", "")[:40], tag=given.get("tag", "")[:60], quiet=given.get("quiet") == "1",
        within_m=_number(given, "within_m"), likely=_number(given, "likely"), good=_number(given, "good"),
        office=given.get("office", "")[:64], order=given.get("order") or "rank",
    )  # fmt: skip


def read_query(text: str) -> Filters:
    """Filters as a command writes them: as in the address, or, without `=`, words to search.

    FilterRefused for a name that is none of theirs: else a misspelt filter would mean everybody.
    """
    if "=" not in text:
        return Filters(q=text)
    given = dict(parse_qsl(text))
    unknown = sorted(given.keys() - {f.name for f in fields(Filters)})
    if unknown:
        raise FilterRefused(_("There is no filter “%(name)s”.") % {"name": unknown[0][:40]})
    return read_filters(given)


def _number(given: Mapping[str, str], name: str) -> float | None:
    try:
        number = float(given[name]) if given.get(name) else None
    except ValueError:
        number = math.nan
    if number is None or math.isfinite(number):
        return number
    raise FilterRefused(_("“%(value)s” is no number.") % {"value": given[name][:40]})


def found(filters: Filters, *, on: date, all_streams: bool) -> QuerySet:
    """Standing rows that match, in order. `all_streams` False leaves out clients and what depends on referrals."""
    rows = Standing.objects.all()
    if not all_streams:
        rows = rows.exclude(stream=Stream.CLIENTS)
    stage, likely = ("stage", "likely") if all_streams else ("stage_open", "likely_open")
    exact = {"stream": filters.stream, stage: filters.stage}
    rows = rows.filter(**{k: v for k, v in exact.items() if v})
    if filters.profession:
        rows = rows.filter(practising(filters.profession))
    if filters.within_m is not None:
        rows = rows.filter(distance_m__lte=filters.within_m)
    if filters.likely is not None:
        rows = rows.filter(**{f"{likely}__gte": filters.likely})
    if filters.good is not None:
        rows = rows.filter(good__gte=filters.good)
    if filters.quiet:
        rows = rows.filter(last_touch_on__lt=on - QUIET_AFTER)
    if filters.tag:
        rows = rows.filter(Exists(Tag.objects.filter(connection=OuterRef("connection"), name=filters.tag)))
    if filters.office:
        rows = rows.filter(connection__office_key=filters.office)
    words = matching(filters.q)
    if words is not None:
        rows = rows.filter(words)
    first, *others = _COLUMNS[filters.order, all_streams]
    if first.lstrip("-") in _MAY_BE_EMPTY:
        return rows.order_by(F(first.lstrip("-")).desc(nulls_last=True), *others)
    return rows.order_by(first, *others)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list: its rows with their connections, and the cursor of the next ("" at the end)."""

    rows: list[Standing]
    next: str


def page(filters: Filters, *, on: date, all_streams: bool, cursor: str = "", limit: int = PAGE) -> Page:
    """One page, from a cursor on; always the same number of queries, however deep."""
    rows = found(filters, on=on, all_streams=all_streams)
    if cursor:
        rows = rows.filter(_after(filters, all_streams, cursor))
    taken = list(rows.select_related("connection").defer(*_NOT_SHOWN)[: limit + 1])
    more = len(taken) > limit
    taken = taken[:limit]
    _count_offices(taken, all_streams)
    return Page(taken, _cursor(filters, all_streams, taken[-1]) if more else "")


def _count_offices(rows: list[Standing], all_streams: bool) -> None:
    """Say of each row how many share its office: one more query for a page."""
    keys = {row.connection.office_key for row in rows} - {""}
    known = Connection.objects.filter(office_key__in=keys)
    known = known if all_streams else known.exclude(stream=Stream.CLIENTS)
    sizes = dict(known.values_list("office_key").annotate(n=Count("pk")).order_by())
    for row in rows:
        row.office_size = sizes.get(row.connection.office_key, 1)


def _cursor(filters: Filters, all_streams: bool, last: Standing) -> str:
    names = [c.lstrip("-") for c in _COLUMNS[filters.order, all_streams]]
    values = [getattr(last, n) for n in names]
    return signing.dumps([v.isoformat() if isinstance(v, date) else v for v in values], salt="list", compress=False)


def _after(filters: Filters, all_streams: bool, cursor: str) -> Q:
    """The rows behind the cursor's, as a condition that an index serves."""
    try:
        values = signing.loads(cursor, salt="list")
    except signing.BadSignature:
        raise FilterRefused(_("This address has lost its place in the list. Begin at the top."))
    columns = _COLUMNS[filters.order, all_streams]
    if len(values) != len(columns):
        raise FilterRefused(_("This address has lost its place in the list. Begin at the top."))
    condition, equal = Q(pk__in=[]), Q()
    for column, value in zip(columns, values, strict=True):
        name = column.lstrip("-")
        if value is None:  # the nulls stand last
            equal &= Q(**{f"{name}__isnull": True})
            continue
        beyond = Q(**{f"{name}__{'lt' if column.startswith('-') else 'gt'}": value})
        if name in _MAY_BE_EMPTY:
            beyond |= Q(**{f"{name}__isnull": True})
        condition |= equal & beyond
        equal &= Q(**{name: value})
    bound = columns[0].lstrip("-")
    if values[0] is not None and bound not in _MAY_BE_EMPTY:
        condition &= Q(**{f"{bound}__{'lte' if columns[0].startswith('-') else 'gte'}": values[0]})
    return condition


def total(filters: Filters, *, on: date, all_streams: bool, at_most: int | None = None) -> int:
    """How many match; counted up to `at_most` where that is given."""
    rows = found(filters, on=on, all_streams=all_streams).order_by()
    return rows.count() if at_most is None else len(rows.values_list("pk", flat=True)[:at_most])


def everyone(filters: Filters, *, on: date, all_streams: bool, at_most: int) -> list[int]:
    """The connections of all pages of the list, for bulk work; FilterRefused where they are more than `at_most`."""
    ids = list(
        found(filters, on=on, all_streams=all_streams).order_by().values_list("connection_id", flat=True)[: at_most + 1]
    )
    if len(ids) > at_most:
        raise FilterRefused(_("More than %(count)d match. Narrow the filter and do it in parts.") % {"count": at_most})
    return ids


@dataclass(frozen=True, slots=True)
class Tile:
    """A count that is a filter too."""

    key: str
    label: str
    count: int
    query: str
    chosen: bool


def _counts(on: date, all_streams: bool) -> dict[str, int]:
    """The counts of the tiles, counted anew after each act of the practice.

    One count after another, since an index answers each alone: half the time of a query that groups.
    """
    newest = Act.objects.order_by("-at").values_list("pk", flat=True).first()
    place = f"tiles:{current_practice_id()}:{newest}:{on}:{all_streams}"
    kept = cache.get(place)
    if kept is not None:
        return kept
    rows = Standing.objects.order_by()
    gone = rows.filter(last_touch_on__lt=on - QUIET_AFTER)
    parts = {s.value: rows.filter(stream=s) for s in Stream} | {
        Stage.REFERRING.value: rows.filter(stage=Stage.REFERRING),
        "quiet": gone if all_streams else gone.exclude(stream=Stream.CLIENTS),
    }
    counted = {key: matching_rows.count() for key, matching_rows in parts.items()}
    cache.set(place, counted, timeout=60)
    return counted


def tiles(filters: Filters, *, on: date, all_streams: bool) -> list[Tile]:
    """Counts per stream, of those referring and of those gone quiet."""
    counted = _counts(on, all_streams)
    streams = [Stream.MEDICAL, Stream.CLIENTS, Stream.PERSONAL, Stream.BUSINESS]
    made = [
        Tile(s.value, s.label, counted.get(s, 0), filters.query(stream="" if filters.stream == s else s.value),
             filters.stream == s)
        for s in streams if all_streams or s != Stream.CLIENTS
    ]  # fmt: skip
    referring = filters.stage == Stage.REFERRING
    if all_streams:
        query = filters.query(stage="" if referring else Stage.REFERRING.value)
        made.append(Tile("referring", Stage.REFERRING.label, counted.get(Stage.REFERRING, 0), query, referring))
    made.append(Tile("quiet", _("Gone quiet"), counted["quiet"], filters.query(quiet=not filters.quiet), filters.quiet))
    return made
