"""Words for the preview of an import: what a staged row says of somebody, and what columns hold."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from kneadwork.exchange.readers.columns import FIELDS
from kneadwork.network.models import Stream
from kneadwork.pages.templatetags.words import profession

#: What an import can bring to somebody known, in words.
NEWS = {"contacts": _lazy("telephone or e-mail"), "addresses": _lazy("address"), "tags": _lazy("tags"), "client": _lazy("visits"),
        "alive": _lazy("practises again"), "extra": _lazy("further columns"), "other_names": _lazy("another name"),
        "referral": _lazy("who sent them"),
        "note_added": _lazy("a further note"), "professions": _lazy("another profession"),
        "follow": _lazy("moved or named otherwise where they came from"), "place": _lazy("place or opening hours"), "organisation": _lazy("organisation"),
        "title": _lazy("title"), "credentials": _lazy("credentials"), "nickname": _lazy("what they are called"),
        "met_through": _lazy("met through")}  # fmt: skip
register = template.Library()


@register.filter
def staged_line(row) -> str:
    """What an import says of somebody: what they do, where they work, how to reach them; or what is new."""
    record = row.record or {}
    if row.outcome == "updated":
        return _updated_line(row.changes)
    reach = [p["value"] for p in record.get("phones", [])[:1]] + [e["value"] for e in record.get("emails", [])[:1]]
    town = next((a["city"] for a in record.get("addresses", []) if a["city"]), "")
    return " · ".join(
        p for p in (profession(record.get("profession", "")), record.get("organisation", ""), town, *reach) if p
    )


def _updated_line(changes: dict) -> str:
    new = ", ".join(str(NEWS.get(k, k)) for k in changes if k != "differs")
    otherwise = ", ".join(f"{NEWS.get(k, k)} “{v}”" for k, v in changes.get("differs", {}).items())
    parts = [_("new: %(what)s") % {"what": new}] if new else []
    return " · ".join([*parts, *([_("not taken, yours stays: %(what)s") % {"what": otherwise}] if otherwise else [])])


@register.filter
def staged_stream(row) -> str:
    """The stream an imported row would go into."""
    return row.choice.get("stream") or (row.record or {}).get("stream", "")


@register.filter
def stream_name(stream: str) -> str:
    """A stream's name."""
    return str(dict(Stream.choices).get(stream, ""))


@register.filter
def column_name(field: str) -> str:
    """What a column is read as."""
    return str(FIELDS.get(field, field))
