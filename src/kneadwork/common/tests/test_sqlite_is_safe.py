"""The embedded database never runs on a library that can damage its file."""

import subprocess
import sys
from pathlib import Path

import pytest

import kneadwork
from kneadwork.common.sqlite import UnsafeVersion, check_version


@pytest.mark.parametrize("version", [(3, 7, 0), (3, 40, 1), (3, 46, 1), (3, 51, 2)])
def test_a_version_with_the_wal_reset_fault_is_refused_in_one_sentence(version):
    with pytest.raises(UnsafeVersion) as refused:
        check_version(version)
    assert ".".join(map(str, version)) in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("version", [(3, 6, 23), (3, 51, 3), (3, 53, 0), (4, 0, 0)])
def test_other_versions_are_taken(version):
    check_version(version)


def test_django_works_with_the_library_put_in_place():
    program = (
        "from kneadwork.common import sqlite; sqlite.install(); import sqlite3, django.db.backends.sqlite3.base as used;"
        "print(sqlite3.__name__, used.Database.sqlite_version_info >= sqlite.MENDED_IN)"
    )
    source = Path(kneadwork.__file__).parents[1]
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=source)
    assert answer.stdout.split() == ["pysqlite3", "True"]
