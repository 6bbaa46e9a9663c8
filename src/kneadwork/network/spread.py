"""SQLite is told how the rows of a large practice are spread, so that the list, Today and the tiles answer from indexes.

Without it SQLite guesses that ten rows share a practice, and sorts all of them instead of walking an index in its order. It
reads this from its own table of statistics (https://www.sqlite.org/optoverview.html); a plan that is right for a large
practice does no harm in a small one. PostgreSQL counts by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

ROWS = 100_000
#: How many different values a column has in a large practice; any other column has MANY.
DIFFERENT = {"practice_id": 1, "stream": 4, "stage": 6, "stage_open": 6, "profession": 20, "kind": 4, "from_them": 2,
             "next_key": 20, "next_kind": 10, "next_due": 300, "thanks_due": 300, "changes_on": 90, "last_touch_on": 700,
             "on": 700, "good": 20}  # fmt: skip
MANY = 20_000
WORDS_EACH = 17


def tell(sender, using: str, **_kwargs) -> None:
    """After every migration: write what ANALYZE would find in a large practice, for every index of the app's tables."""
    from django.db import connections

    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for table in {m._meta.db_table for m in sender.get_models()} & there:
            _tell_of(cursor, table)
        cursor.execute("ANALYZE sqlite_schema")


def _tell_of(cursor, table: str) -> None:
    cursor.execute(f'ANALYZE "{table}"')  # makes the table of statistics where there is none yet
    cursor.execute("DELETE FROM sqlite_stat1 WHERE tbl = %s", [table])
    cursor.execute("SELECT name FROM pragma_index_list(%s)", [table])
    for (index,) in cursor.fetchall():
        cursor.execute("SELECT name FROM pragma_index_info(%s) ORDER BY seqno", [index])
        columns = [name for (name,) in cursor.fetchall()]
        cursor.execute(
            "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (%s, %s, %s)", [table, index, spread(table, columns)]
        )


def spread(table: str, columns: Sequence[str]) -> str:
    """The rows of a table and how many of them share the first one, two, three … columns of an index."""
    rows = ROWS * WORDS_EACH if table.endswith("searchword") else ROWS
    shared, left = [], rows
    for column in columns:
        each = rows if column == "id" else ROWS if column == "connection_id" else DIFFERENT.get(column, MANY)
        left = max(1, left // each)
        shared.append(left)
    return " ".join(str(n) for n in [rows, *shared])
