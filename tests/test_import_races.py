"""An import that two hands keep, put away or take back at once: it happens once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connection, connections

from kneadwork.common import undo
from kneadwork.common.models import Act
from kneadwork.common.tenancy import acting_in
from kneadwork.exchange import choosing, importing
from kneadwork.exchange.keeping import NotReady, keep
from kneadwork.exchange.models import Import, StagedRow
from kneadwork.network.models import Connection
from kneadwork.practice.models import Practice
from tests.builders import TODAY, an_owner

pytestmark = [pytest.mark.django_db(transaction=True)]
PEOPLE = 40


@pytest.fixture
def staged(tmp_path) -> tuple[Practice, Import]:
    """A file that was read and waits for a yes."""
    practice, path = an_owner().practice, Path(tmp_path / "people.vcf")
    path.write_text("".join(f"BEGIN:VCARD\nVERSION:3.0\nFN:Person N{n}\nEND:VCARD\n" for n in range(PEOPLE)))
    batch = importing.begin(practice, path)
    importing.read_in(batch, practice)
    return practice, batch


def at_once(practice: Practice, batch: Import, *verbs: Callable[[Import], object]) -> list[object]:
    """Each verb in a thread and transaction of its own; all have read the import before any does anything.

    SQLite lets one writer in at a time, so there they read it one after the other.
    """
    together = Barrier(len(verbs)) if connection.vendor == "postgresql" else None

    def run(verb: Callable[[Import], object]) -> object:
        try:
            with acting_in(practice.pk):
                mine = Import.objects.get(pk=batch.pk)
                if together:
                    together.wait(timeout=30)
                return verb(mine)
        except (NotReady, choosing.TooLate, undo.AlreadyUndone) as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(verbs)) as threads:
        return list(threads.map(run, verbs))


def kept(batch: Import) -> object:
    return keep(batch, on=TODAY, by_name="test")


def test_keep_pressed_twice_keeps_it_once(staged):
    practice, batch = staged
    answers = at_once(practice, batch, kept, kept)
    assert sorted(type(a).__name__ for a in answers) == ["Act", "NotReady"]
    with acting_in(practice.pk):
        assert Connection.objects.count() == PEOPLE
        assert Act.objects.filter(kind="import").count() == 1


def test_kept_and_put_away_at_once_is_one_of_both(staged):
    practice, batch = staged
    at_once(practice, batch, kept, choosing.give_up)
    with acting_in(practice.pk):
        batch.refresh_from_db()
        assert (batch.act_id is None) == (batch.given_up_at is not None)
        assert Connection.objects.count() == (0 if batch.given_up_at else PEOPLE)


def test_undo_pressed_twice_takes_it_back_once(staged):
    practice, batch = staged
    with acting_in(practice.pk):
        act = kept(batch)
        assert StagedRow.objects.count() == PEOPLE

    def taken_back(_batch: Import) -> object:
        return importing.undo(act.ref, by_name="test")

    answers = at_once(practice, batch, taken_back, taken_back)
    assert sum(isinstance(a, dict) for a in answers) == 1
    with acting_in(practice.pk):
        assert Connection.objects.count() == 0
        assert Act.objects.filter(undoes=act).count() == 1
