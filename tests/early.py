"""Loaded before anything else (`-p tests.early`): the data directory and the database of this run.

Settings are read once, when pytest-django loads, so the environment must stand before that. Under xdist the controller
starts PostgreSQL and the workers inherit its address.
"""

from __future__ import annotations

import os
import shutil
import tempfile

import pytest

#: What a developer's shell may hold, and what would make a run differ from the next one's.
FOREIGN = (
    "DATABASE_URL",
    "KNEADWORK_PUBLIC_URL",
    "KNEADWORK_HOSTS",
    "KNEADWORK_MAIL_URL",
    "KNEADWORK_REGISTRY_URL",
    "KNEADWORK_OVERPASS_URL",
)
_homes: list[str] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--database=postgresql` runs on a real PostgreSQL started for this run."""
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite")


@pytest.hookimpl(tryfirst=True, wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config):
    """Set the environment before the settings load."""
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    if not is_worker:
        for name in FOREIGN:
            os.environ.pop(name, None)
        if early_config.known_args_namespace.database == "postgresql":
            from tests import postgres

            os.environ["DATABASE_URL"] = postgres.start()
    _homes.append(tempfile.mkdtemp(prefix="kneadwork-test-"))
    os.environ["KNEADWORK_HOME"] = _homes[-1]
    os.environ["KNEADWORK_FAST_PASSWORDS"] = "1"
    # Playwright's own event loop runs in the thread of the test; Django would take that for asynchronous use.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return (yield)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind: the server that this process started, and its data directory."""
    from tests import postgres

    postgres.stop()
    for home in _homes:
        shutil.rmtree(home, ignore_errors=True)
