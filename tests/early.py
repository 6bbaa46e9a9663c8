"""Loaded before anything else (`-p tests.early`): the data directory and the database of this run."""

from __future__ import annotations

import os
import sys
import tempfile

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--database=postgresql` runs on a real PostgreSQL started for this run."""
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite")


def _environment() -> None:
    os.environ["KNEADWORK_HOME"] = tempfile.mkdtemp(prefix="kneadwork-test-")
    os.environ["KNEADWORK_FAST_PASSWORDS"] = "1"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    if any("--database=postgresql" in a for a in sys.argv) and not os.environ.get("DATABASE_URL"):
        from tests.postgres import start

        os.environ["DATABASE_URL"] = start()


_environment()
