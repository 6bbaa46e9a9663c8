"""What every test run needs: a data directory of its own, the database asked for, the corpus where it is named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

DATABASE_FIXTURES = {"db", "transactional_db", "practice", "owner", "live_server", "client"}


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the PostgreSQL that this process started."""
    from tests import postgres

    postgres.stop()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what touches the database; leave corpus tests out where no corpus is named."""
    kept, left_out = [], []
    for item in items:
        if item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
            if not item.get_closest_marker("browser"):
                item.add_marker("database")
        corpus = item.get_closest_marker("corpus") and not os.environ.get("KNEADWORK_CORPUS")
        (left_out if corpus else kept).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


@pytest.fixture
def corpus() -> Path:
    """The folder of the large corpus; a test that asks for a file that is not there fails."""
    folder = Path(os.environ["KNEADWORK_CORPUS"])
    assert folder.is_dir(), f"KNEADWORK_CORPUS names no folder: {folder}"
    return folder


@pytest.fixture(autouse=True)
def _one_table_of_limits(settings) -> None:
    """Each test starts with empty rate limits."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def owner(db):
    """The owner of a fresh practice, acting in it."""
    from kneadwork.common.tenancy import acting_in
    from tests.builders import an_owner

    member = an_owner()
    with acting_in(member.practice_id):
        yield member


@pytest.fixture
def practice(owner):
    """A fresh practice, in scope."""
    return owner.practice
