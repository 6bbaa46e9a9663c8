"""The history: who did what, when, and of each entry every value before and after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from kneadwork.common import acts, ids
from kneadwork.common.models import Act, Change
from kneadwork.network.models import Connection
from kneadwork.pages.shell.members import for_member
from kneadwork.practice.kinds import UNDOABLE
from kneadwork.practice.models import Member
from kneadwork.practice.rights import Right

SHOWN = 200
#: Columns that say nothing to people, or that nobody should read.
HIDDEN = {"id", "practice_id", "token_hash", "stored_as"}


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a row: what it is called, and how it was and is."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row that an act made, changed or removed."""

    what: str
    name: str
    how: str
    values: list[Value]


@for_member(Right.HISTORY)
def page(request: HttpRequest) -> HttpResponse:
    """Who did what, when; the newest two hundred."""
    newest = Act.objects.select_related("undoes").prefetch_related("undone_by").order_by("-at")[:SHOWN]
    return render(request, "practice/history.html", {"place": "practice", "acts": newest, "undoable": UNDOABLE})


@for_member(Right.HISTORY)
def entry(request: HttpRequest, act_id: int) -> HttpResponse:
    """One entry: what it changed, value by value; of a large one the first two hundred rows."""
    act = get_object_or_404(Act.objects.select_related("undoes"), pk=act_id)
    changes = list(act.changes.order_by("id")[:SHOWN])
    context = {
        "place": "practice", "act": act, "rows": rows_of(changes), "more": max(act.changes.count() - SHOWN, 0),
        "undone": act.undone_by.exists(), "undoable": UNDOABLE,
    }  # fmt: skip
    return render(request, "practice/history_entry.html", context)


def rows_of(changes: list[Change]) -> list[Row]:
    """The changes in words; two queries for the names in them, however many they are."""
    names = _names(changes)
    return [_row(change, names) for change in changes]


def _row(change: Change, names: dict[int, str]) -> Row:
    model, before, after = acts.model_named(change.model), change.before or {}, change.after or {}
    differing = [column for column in {**before, **after} if before.get(column) != after.get(column)]
    values = [_value(model, column, before, after, names) for column in differing if column not in HIDDEN]
    how = _("made") if change.before is None else _("removed") if change.after is None else _("changed")
    whose = after or before
    name = whose.get("name") or names.get(whose.get("connection_id") or change.row, "")
    return Row(capfirst(model._meta.verbose_name), str(name), how, [v for v in values if v.before != v.after])


def _value(model: type[models.Model], column: str, before: dict, after: dict, names: dict[int, str]) -> Value:
    try:
        field = model._meta.get_field(column.removesuffix("_id"))
    except FieldDoesNotExist:  # of an older version
        field = None
    called = getattr(field, "verbose_name", column.replace("_", " "))
    return Value(capfirst(called), _shown(field, before.get(column), names), _shown(field, after.get(column), names))


def _shown(field: Any, value: Any, names: dict[int, str]) -> str:
    """One value for people: names for ids, words for choices, days as they are written here; nothing for nothing."""
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(field, models.ForeignKey):
        return names.get(value, ids.show(value))
    if isinstance(field, models.DateTimeField) and (moment := parse_datetime(str(value))):
        return date_format(localtime(moment), "j F Y, H:i")
    if isinstance(value, list):
        return ", ".join(str(v) for v in value)
    return str(dict(getattr(field, "flatchoices", None) or ()).get(value, value))


def _names(changes: Iterable[Change]) -> dict[int, str]:
    """Names of the connections and members that these changes are of or point to."""
    numbers = {c.row for c in changes}
    for change in changes:
        for image in (change.before or {}, change.after or {}):
            numbers |= {v for k, v in image.items() if k.endswith("_id") and isinstance(v, int)}
    found: dict[int, str] = {}
    for model in (Connection, Member):
        found.update(model.objects.filter(pk__in=numbers).values_list("pk", "name"))
    return found
