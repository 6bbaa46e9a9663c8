"""PostgreSQL's row-level security: the tenant's scope once more, underneath everything (ARCHITECTURE, idea 4).

FORCE makes it hold for the table's owner too, so that one DATABASE_URL serves. Some tables may also be read by what a
person brings before their practice is known: their own membership, and the row that carries the hash of their token.
"""

from __future__ import annotations

from django.apps import apps
from django.db import connection

BY_PRACTICE = "practice_id = NULLIF(current_setting('kneadwork.practice', true), '')::bigint"
BY_PERSON = "user_id = NULLIF(current_setting('kneadwork.person', true), '')::bigint"
BY_TOKEN = "token_hash = NULLIF(current_setting('kneadwork.token', true), '')"  # noqa: S105
ALSO_READ = {
    "practice_member": BY_PERSON,
    "practice_invitation": BY_TOKEN,
    "practice_apitoken": BY_TOKEN,
    "practice_calendarfeed": BY_TOKEN,
    "outreach_stoplink": BY_TOKEN,
}


def tables() -> list[str]:
    """Every table whose rows belong to a practice."""
    from kneadwork.common.tenancy import PracticeModel

    return sorted(m._meta.db_table for m in apps.get_models() if issubclass(m, PracticeModel))


def unguarded() -> list[str]:
    """Tables of practices that row security does not hold."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        guarded = {row[0] for row in cursor.fetchall()}
    return [t for t in tables() if t not in guarded]


def guard(**_signal) -> None:
    """Guard every table that is not guarded yet; run after the migrations."""
    if connection.vendor != "postgresql":
        return
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in unguarded():
            if table not in present:
                continue
            cursor.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
            cursor.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
            cursor.execute(f'CREATE POLICY by_practice ON "{table}" USING ({BY_PRACTICE}) WITH CHECK ({BY_PRACTICE})')
            if table in ALSO_READ:
                cursor.execute(f'CREATE POLICY by_holder ON "{table}" FOR SELECT USING ({ALSO_READ[table]})')
