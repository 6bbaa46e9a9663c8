"""The way out in open formats: all of a practice's data as one zip of vCard, CSV, iCalendar and JSON.

This is the practice's own copy, no disclosure: it needs the right to export and is kept in the history.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.utils import timezone

from kneadwork.common import acts
from kneadwork.common.ids import show
from kneadwork.common.tenancy import PracticeModel
from kneadwork.exchange.formulas import harmless
from kneadwork.network.models import Address, Connection, ContactPoint, Standing, Tag
from kneadwork.outreach import own_feed
from kneadwork.practice.models import Member, Practice

#: Kept for our own working, of no use to anybody else, or secret.
LEFT_OUT = {"common.Change", "exchange.StagedRow", "network.SearchWord", "practice.ApiToken", "practice.Invitation",
            "outreach.StopLink", "common.Job", "practice.CalendarFeed", "practice.CalendarLook"}  # fmt: skip
COLUMNS = ("id", "name", "kind", "stream", "stage", "profession", "organisation", "title", "credentials", "phones",
           "emails", "websites", "street", "city", "region", "postal", "country", "tags", "note", "npi")  # fmt: skip


def export(practice: Practice, *, by: Member | None = None, by_name: str = "") -> bytes:
    """All data of the practice in scope as a zip: connections.vcf, connections.csv, calendar.ics, and a JSON file per kind of record."""
    with acts.act("export", practice.name, by=by, by_name=by_name) as doing:
        doing.row()
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("README.txt", _readme(practice))
            archive.writestr("connections.vcf", vcards())
            archive.writestr("connections.csv", table())
            archive.writestr("calendar.ics", own_feed.whole(practice))
            archive.writestr("practice.json", json.dumps(_plain(practice), ensure_ascii=False, indent=1))
            for model in models_to_export():
                archive.writestr(f"{model._meta.model_name}.json", _rows_json(model))
    return out.getvalue()


def to_file(practice: Practice, path: Path, **who) -> None:
    """The same into a file, which carries its name only when it is whole."""
    half = path.with_suffix(path.suffix + ".part")
    half.write_bytes(export(practice, **who))
    half.replace(path)


def models_to_export() -> list[type[PracticeModel]]:
    """Every kind of record that belongs to a practice and is worth taking along."""
    ours = [m for m in apps.get_models() if issubclass(m, PracticeModel) and m._meta.label not in LEFT_OUT]
    return sorted(ours, key=lambda m: m._meta.label)


def _readme(practice: Practice) -> str:
    return (
        f"{practice.name}: all data, written by Kneadwork on {timezone.now():%Y-%m-%d %H:%M} UTC.\n"
        "connections.vcf opens in address books, connections.csv in spreadsheets, calendar.ics in calendars, the .json files hold everything.\n"
    )


def _plain(row) -> dict:
    picture = acts.image(row)
    for name in [n for n in picture if n == "id" or n.endswith("_id")]:
        picture[name] = show(picture[name]) if isinstance(picture[name], int) else picture[name]
    return picture


def _rows_json(model: type[PracticeModel]) -> str:
    rows = (json.dumps(_plain(row), ensure_ascii=False) for row in model.objects.order_by("pk").iterator(2000))
    return "[\n" + ",\n".join(rows) + "\n]\n"


def table() -> str:
    """Connections as CSV, safe to open in a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in connection_rows():
        writer.writerow([harmless(row[c]) for c in COLUMNS])
    return "\ufeff" + out.getvalue()


def connection_rows() -> Iterator[dict[str, str]]:
    """One plain row for each connection."""
    stages = dict(Standing.objects.values_list("connection_id", "stage"))
    for chunk in _chunks():
        ids = [c.pk for c in chunk]
        points = _grouped(ContactPoint.objects.filter(connection__in=ids))
        addresses = _grouped(Address.objects.filter(connection__in=ids).order_by("preferred"))
        tags = _grouped(Tag.objects.filter(connection__in=ids))
        for c in chunk:
            yield _row(c, stages.get(c.pk, ""), points.get(c.pk, []), addresses.get(c.pk, []), tags.get(c.pk, []))


def _row(c: Connection, stage: str, points: list, addresses: list, tags: list) -> dict[str, str]:
    def values(*kinds: str) -> str:
        return "; ".join(p.value for p in points if p.kind in kinds)

    place = addresses[-1] if addresses else Address()
    return {
        "id": c.ref, "name": c.name, "kind": c.kind, "stream": c.stream, "stage": stage, "profession": c.profession,
        "organisation": c.organisation, "title": c.title, "credentials": c.credentials, "phones": values("phone"),
        "emails": values("email"), "websites": values("url"), "street": ", ".join(filter(None, (place.line1, place.line2))),
        "city": place.city, "region": place.region, "postal": place.postal, "country": place.country,
        "tags": "; ".join(t.name for t in tags), "note": c.note, "npi": c.npi,
    }  # fmt: skip


def _chunks() -> Iterator[list[Connection]]:
    chunk: list[Connection] = []
    for connection in Connection.objects.order_by("pk").iterator(1000):
        chunk.append(connection)
        if len(chunk) == 1000:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _grouped(rows) -> dict[int, list]:
    grouped: dict[int, list] = {}
    for row in rows:
        grouped.setdefault(row.connection_id, []).append(row)
    return grouped


def vcards(only: set[int] | None = None) -> str:
    """Connections as vCard 3.0, which every address book reads."""
    import vobject

    out: list[str] = []
    for chunk in _chunks():
        chosen = [c for c in chunk if only is None or c.pk in only]
        ids = [c.pk for c in chosen]
        points = _grouped(ContactPoint.objects.filter(connection__in=ids))
        addresses = _grouped(Address.objects.filter(connection__in=ids))
        tags = _grouped(Tag.objects.filter(connection__in=ids))
        for c in chosen:
            card = vobject.vCard()
            _fill(card, c, points.get(c.pk, []), addresses.get(c.pk, []), [t.name for t in tags.get(c.pk, [])])
            out.append(card.serialize())
    return "".join(out)


def _fill(card, c: Connection, points: list, addresses: list, tags: list[str]) -> None:
    from vobject.vcard import Address as CardAddress
    from vobject.vcard import Name

    card.add("uid").value = c.ref
    card.add("n").value = Name(
        family=c.family or ("" if c.given else c.name), given=c.given, additional=c.middle, prefix=c.prefix,
        suffix=" ".join(filter(None, (c.suffix, c.credentials))),
    )  # fmt: skip
    card.add("fn").value = c.name
    if c.organisation:
        card.add("org").value = [c.organisation]
    for name, value in (("title", c.title), ("note", c.note), ("nickname", c.nickname)):
        if value:
            card.add(name).value = value
    for point in points:
        line = card.add({"phone": "tel", "fax": "tel", "email": "email", "direct": "email", "url": "url"}[point.kind])
        line.value = point.value
        if point.kind == "fax":
            line.type_param = "FAX"
    for a in addresses:
        street = ", ".join(filter(None, (a.line1, a.line2)))
        card.add("adr").value = CardAddress(
            street=street, city=a.city, region=a.region, code=a.postal, country=a.country
        )
    if tags:
        card.add("categories").value = tags
