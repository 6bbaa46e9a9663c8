"""The embedded database's library: a version without the WAL-reset fault, in the place of the included one."""

import sys


def install() -> None:
    """Put pysqlite3 in the place of sqlite3; call before Django loads."""
    import pysqlite3
    import pysqlite3.dbapi2

    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
