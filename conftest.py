"""What every test may ask for: the corpus where it is named, a practice, a browser. `tests/early.py` sets up the run."""

from __future__ import annotations

import pytest
from hypothesis import settings

from tests import corpus as large
from tests.sampling import examples

pytest_plugins = ["tests.browser"]

settings.register_profile("suite", settings(examples(60)))
settings.load_profile("suite")

#: A test that reaches one of these is run on both databases.
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what touches the database; leave corpus tests out where no corpus is named."""
    kept, left_out = [], []
    for item in items:
        reaches = item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
        if reaches and not item.get_closest_marker("browser"):
            item.add_marker("database")
        needs_more = item.get_closest_marker("corpus") and not large.is_named()
        only = item.get_closest_marker("only")
        elsewhere = only is not None and config.getoption("--database") not in only.args
        (left_out if needs_more or elsewhere else kept).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, tmp_path_factory) -> None:
    """SQLite in a file, as in earnest: the live server and the test each hold a connection of their own."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture
def corpus() -> large.Corpus:
    """The large corpus; a test that asks for a file that is not there fails."""
    return large.here()


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


@pytest.fixture
def in_process(capsys, monkeypatch):
    """Runs the program in this process, whose data directory is ready: exit status, standard output, standard error."""
    from kneadwork.cli import program

    monkeypatch.setattr(program, "_prepare", lambda command: None)

    def run(*words: str) -> tuple[int, str, str]:
        try:
            status = program.run(list(words))
        except SystemExit as ended:
            status = ended.code
        told = capsys.readouterr()
        return status, told.out, told.err

    return run
