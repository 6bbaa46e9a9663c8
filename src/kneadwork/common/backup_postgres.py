"""A PostgreSQL database as one file of SQL, and back.

Row-level security is FORCEd, so that `pg_dump` alone would refuse, or, asked to respect it, would see no row. Each
practice's rows are therefore copied within that practice's scope, all in one snapshot, and loaded before the policies
are put in place again (they belong to `post-data`).
"""

from __future__ import annotations

import os
import subprocess

from kneadwork.common.row_security import tables

BEGINS = b"--\n-- PostgreSQL database dump"


class CopyFailed(Exception):
    """The copy or its loading failed: one sentence for the user."""


def copy(database: dict) -> bytes:
    """Everything in the database as SQL, of one moment."""
    import psycopg

    guarded = sorted(tables())
    ours = [f"--table={name}" for name in guarded]
    others = [f"--exclude-table-data={name}" for name in guarded]
    with psycopg.connect(_address(database)) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        (moment,) = connection.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        practices = [row[0] for row in connection.execute("SELECT id FROM practice_practice ORDER BY id")]
        dump = ["pg_dump", "--no-owner", "--no-privileges", f"--snapshot={moment}", f"--dbname={_address(database)}"]
        parts = [_run([*dump, "--section=pre-data"]), _run([*dump, "--section=data", *others])]
        for practice in practices:
            scope = {"PGOPTIONS": f"-c kneadwork.practice={practice}"}
            parts.append(_run([*dump, "--section=data", "--enable-row-security", *ours], more=scope))
        parts.append(_run([*dump, "--section=post-data"]))
    return b"\n".join(parts)


def load(data: bytes, database: dict) -> None:
    """Load a copy into an empty database, whole or not at all."""
    refuse_used(database)
    command = ["psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    _run([*command, f"--dbname={_address(database)}"], data=data.replace(b"CREATE SCHEMA public;", b""))


def refuse_used(database: dict) -> None:
    """CopyFailed where the database holds anything."""
    import psycopg

    with psycopg.connect(_address(database)) as connection:
        (there,) = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    if there:
        raise CopyFailed("There is a practice in this database already. Restore into an empty one (set DATABASE_URL).")


def _address(database: dict) -> str:
    parts = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    return " ".join(f"{k}='{database[v]}'" for k, v in parts.items() if database.get(v))


def _run(command: list[str], *, data: bytes | None = None, more: dict[str, str] | None = None) -> bytes:
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, check=True, timeout=3600, env=os.environ | (more or {})
        )
    except FileNotFoundError:
        raise CopyFailed(f"“{command[0]}” is needed: install the package postgresql-client.") from None
    except subprocess.CalledProcessError as fault:
        words = fault.stderr.decode(errors="replace").strip().splitlines() or [""]
        raise CopyFailed(f"{command[0]} failed: {words[0]}") from None
    return done.stdout
