"""`kneadwork doctor`: is everything as it should be, and if not, what to do."""

from __future__ import annotations

import argparse
import os


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> dict:
    """Every check with its answer; exit 1 where one is not content."""
    all_checks = (_database_version, _schema, _integrity, _role, _derived, _storage, _keys, _addresses, _mail)
    checks = [check() for check in all_checks]
    from kneadwork.common.environment import VARIABLES

    settings = [{"name": n, "what": w, "set": bool(os.environ.get(n))} for n, w in VARIABLES.items()]
    good = all(c["good"] for c in checks)
    return {"good": good, "checks": checks, "settings": settings, "exit": 0 if good else 1}


def _answer(name: str, good: bool, words: str) -> dict:
    return {"check": name, "good": good, "words": words}


def _database_version() -> dict:
    from django.db import connection

    if connection.vendor != "sqlite":
        return _answer("database", True, "PostgreSQL")
    import sqlite3

    found = sqlite3.sqlite_version_info
    words = f"SQLite {sqlite3.sqlite_version}"
    good = found >= (3, 51, 3) or found < (3, 7, 0)
    return _answer("database", good, words if good else f"{words} can damage its file: start through ./kneadwork.")


def _schema() -> dict:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _answer("schema", not plan, "up to date" if not plan else "older than this program: run kneadwork start")


def _integrity() -> dict:
    from django.db import connection

    if connection.vendor != "sqlite":
        return _answer("integrity", True, "kept by PostgreSQL")
    with connection.cursor() as cursor:
        whole = cursor.execute("PRAGMA integrity_check").fetchone()[0]
        loose = cursor.execute("PRAGMA foreign_key_check").fetchall()
    good = whole == "ok" and not loose
    return _answer("integrity", good, "whole" if good else "damaged: restore the last backup")


def _role() -> dict:
    from django.db import connection

    if connection.vendor != "postgresql":
        return _answer("role", True, "the data directory belongs to this user")
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        strong = cursor.fetchone()[0]
    return _answer(
        "role", not strong, "cannot bypass row security" if not strong else "can bypass row security: use another role"
    )


def _derived() -> dict:
    from kneadwork.common.tenancy import acting_in
    from kneadwork.planning import turning
    from kneadwork.planning.keeping import differing
    from kneadwork.practice.models import Practice

    wrong = 0
    for practice in Practice.objects.all():
        turning.catch_up(practice.pk)  # what is due is no fault: nobody may have been here to compute it
        with acting_in(practice.pk, writing=False):
            wrong += len(differing(practice))
    return _answer("derived values", not wrong, "true" if not wrong else f"{wrong} rows are not as computed anew")


def _storage() -> dict:
    from django.conf import settings

    private = [settings.HOME, *(settings.HOME / name for name in ("secret_key", "keyring", "backup_key", "files"))]
    open_to_all = [path for path in private if path.exists() and path.stat().st_mode & 0o077]
    words = f"{settings.HOME}"
    if open_to_all:
        words = "; ".join(f"others can read {path}: chmod {700 if path.is_dir() else 600}" for path in open_to_all)
    return _answer("data directory", not open_to_all, words)


def _keys() -> dict:
    from kneadwork.common import storage
    from kneadwork.common.models import Attachment
    from kneadwork.common.tenancy import acting_in
    from kneadwork.practice.models import Practice

    lost = 0
    for practice in Practice.objects.all():
        with acting_in(practice.pk, writing=False):
            lost += sum(not storage.can_be_opened(kept) for kept in Attachment.objects.all())
    words = "every kept file can be opened"
    return _answer("keys", not lost, f"{lost} kept files are missing, or their key is" if lost else words)


def _addresses() -> dict:
    from django.conf import settings

    from kneadwork.common import tiles

    begin = {
        "KNEADWORK_PUBLIC_URL": (settings.PUBLIC_URL, ("https://",)),
        "KNEADWORK_REGISTRY_URL": (settings.REGISTRY_URL, ("https://", "http://")),
        "KNEADWORK_OVERPASS_URL": (settings.OVERPASS_URL, ("https://", "http://")),
        "KNEADWORK_MAIL_URL": (os.environ.get("KNEADWORK_MAIL_URL", ""), ("smtp://",)),
    }
    wrong = [f"{name} begins with {beginnings[0]}" for name, (value, beginnings) in begin.items()
             if value and not value.startswith(beginnings)]  # fmt: skip
    if settings.TILES_URL and (words := tiles.refusal(settings.TILES_URL, public=bool(settings.PUBLIC_URL))):
        wrong.append(words)
    return _answer("addresses", not wrong, "; ".join(wrong) or "as they should be")


def _mail() -> dict:
    from django.conf import settings

    return _answer(
        "mail", True, "set up" if settings.EMAIL_HOST else "not set up; passwords are reset by kneadwork member reset"
    )


def show(document: dict) -> None:
    """In words."""
    for c in document["checks"]:
        print(f"{'good' if c['good'] else 'LOOK'}  {c['check']}: {c['words']}")
    for s in document["settings"]:
        print(f"      {s['name']}{' (set)' if s['set'] else ''}: {s['what']}")
