"""The list, Today and the tiles answer from indexes alone, also before anybody has counted how the rows are spread.

SQLite guesses that ten rows share a practice, and so sorts all of them instead of walking an index in its order. It is
told the truth about a large practice, in its own table of statistics (https://www.sqlite.org/optoverview.html); a plan
that is right for a large one does no harm in a small one. PostgreSQL counts by itself.
"""

from django.db import migrations, models

ROWS = 100_000
#: How many different values a column has in a large practice; any other column has MANY.
DIFFERENT = {"practice_id": 1, "stream": 4, "stage": 6, "stage_open": 6, "profession": 20, "kind": 4, "from_them": 2,
             "next_key": 20, "next_kind": 10, "next_due": 300, "changes_on": 90, "last_touch_on": 700, "on": 700,
             "good": 20}
MANY = 20_000
WORDS_EACH = 17


def tell_how_rows_are_spread(apps, schema_editor):
    """Write what ANALYZE would find in a large practice for every index of the network's tables."""
    connection = schema_editor.connection
    if connection.vendor != "sqlite":
        return
    tables = [m._meta.db_table for m in apps.get_app_config("network").get_models()]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'ANALYZE "{table}"')
            cursor.execute("DELETE FROM sqlite_stat1 WHERE tbl = %s", [table])
            cursor.execute("SELECT name FROM pragma_index_list(%s)", [table])
            for (index,) in cursor.fetchall():
                cursor.execute("SELECT name FROM pragma_index_info(%s) ORDER BY seqno", [index])
                columns = [name for (name,) in cursor.fetchall()]
                cursor.execute("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (%s, %s, %s)",
                               [table, index, spread(table, columns)])
        cursor.execute("ANALYZE sqlite_schema")


def spread(table, columns):
    """The rows of a table and how many of them share the first one, two, three … columns of an index."""
    words = table.endswith("searchword")
    rows = ROWS * WORDS_EACH if words else ROWS
    shared, left = [], rows
    for column in columns:
        each = rows if column == "id" else ROWS if column == "connection_id" else DIFFERENT.get(column, MANY)
        left = max(1, left // each)
        shared.append(left)
    return " ".join(str(n) for n in [rows, *shared])


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0001_initial'),
        ('practice', '0001_initial'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='standing',
            name='standing_by_stream',
        ),
        migrations.RemoveIndex(
            model_name='standing',
            name='standing_by_stage',
        ),
        migrations.RemoveIndex(
            model_name='standing',
            name='standing_by_profession',
        ),
        migrations.RemoveIndex(
            model_name='standing',
            name='standing_by_recent',
        ),
        migrations.RemoveIndex(
            model_name='standing',
            name='standing_by_value',
        ),
        migrations.RemoveIndex(
            model_name='touch',
            name='touch_by_day',
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(fields=['practice', 'stream', '-rank', 'name', 'connection'], name='standing_of_stream'),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(fields=['practice', 'stage', '-rank', 'name', 'connection'], name='standing_of_stage'),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(fields=['practice', 'profession', '-rank', 'name', 'connection'], name='standing_of_profession'),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(fields=['practice', '-last_touch_on', 'name', 'connection'], name='standing_by_last_touch'),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(fields=['practice', '-likely', 'name', 'connection'], name='standing_by_likely'),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(fields=['practice', '-likely_open', 'name', 'connection'], name='standing_by_likely_open'),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(fields=['practice', '-good', 'name', 'connection'], name='standing_by_good'),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(fields=['practice', 'last_touch_on', 'stream'], name='standing_by_quiet'),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(fields=['practice', '-next_value', 'name', 'next_due', 'next_kind'], name='standing_by_worth'),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(fields=['practice', 'stream', '-next_value', 'name', 'next_due', 'next_kind'], name='standing_by_balance'),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(fields=['practice', 'next_key', 'next_due'], name='standing_by_owed'),
        ),
        migrations.AddIndex(
            model_name='touch',
            index=models.Index(fields=['practice', 'on', 'from_them', 'connection', 'minutes'], name='touch_by_week'),
        ),
        migrations.RunPython(tell_how_rows_are_spread, migrations.RunPython.noop),
    ]
