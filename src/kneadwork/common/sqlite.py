"""The embedded database's library: a version without the WAL-reset fault, in the place of the included one."""

from __future__ import annotations

import sys

Version = tuple[int, int, int]

#: From the first version with a write-ahead log to the last before the fault was mended (sqlite.org/wal.html).
FAULTY_FROM: Version = (3, 7, 0)
MENDED_IN: Version = (3, 51, 3)


class UnsafeVersion(RuntimeError):
    """The database library can damage its own file; the message says what to do."""


def is_safe(version: Version) -> bool:
    """Whether two connections may write and checkpoint at once without damaging the file."""
    return version < FAULTY_FROM or version >= MENDED_IN


def check_version(version: Version) -> None:
    """Refuse a version with the WAL-reset fault (UnsafeVersion), in one sentence for the person who starts Kneadwork."""
    if not is_safe(version):
        number = ".".join(map(str, version))
        raise UnsafeVersion(
            f"SQLite {number} can damage its file when two programs write at once: "
            "start through ./kneadwork, or install the package pysqlite3 0.6.1 or newer."
        )


def install() -> None:
    """Put pysqlite3 in the place of sqlite3; call before Django loads. Refuses a faulty version (UnsafeVersion)."""
    import pysqlite3
    import pysqlite3.dbapi2

    check_version(pysqlite3.sqlite_version_info)
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
