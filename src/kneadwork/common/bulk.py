"""Many new rows of one model at once, with one prepared statement: several times as quick as building SQL for each batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models


def insert(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model; every value is adapted by its field, and nothing is read back."""
    if not rows:
        return
    fields = type(rows[0])._meta.concrete_fields
    makers, database = [(f.attname, f.get_db_prep_save) for f in fields], connections[DEFAULT_DB_ALIAS]
    _write(type(rows[0]), fields, ([make(getattr(row, name), database) for name, make in makers] for row in rows))
    for row in rows:
        row._state.adding = False


def insert_values(model: type[models.Model], names: Sequence[str], values: Iterable[Sequence[Any]]) -> None:
    """Insert rows given as plain values of these columns, which need no adapting (numbers and text)."""
    by_name = {f.attname: f for f in model._meta.concrete_fields}
    _write(model, [by_name[name] for name in names], values)


def set_values(model: type[models.Model], name: str, values: Iterable[tuple[Any, int]]) -> None:
    """Give rows, named by their ids, a value of one column that needs no adapting: (value, id) pairs."""
    quote, column = connection.ops.quote_name, model._meta.get_field(name).column
    with connection.cursor() as cursor:
        table = quote(model._meta.db_table)
        cursor.executemany(f"UPDATE {table} SET {quote(column)} = %s WHERE {quote('id')} = %s", values)  # noqa: S608


def _write(model: type[models.Model], fields: Sequence[models.Field], values: Iterable[Sequence[Any]]) -> None:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(f.column) for f in fields)
    places = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})", values)  # noqa: S608
