"""Undo never takes away what somebody wrote since: a row edited since stays, and so does each value edited since."""

from __future__ import annotations

import pytest

from kneadwork.common import undo
from kneadwork.common.models import Act
from kneadwork.exchange import importing
from kneadwork.network import connections
from kneadwork.network.models import Connection
from tests.builders import a_connection


def newest(kind: str) -> Act:
    return Act.objects.filter(kind=kind).latest("pk")


def test_somebody_imported_and_edited_since_stays_and_the_others_go(practice, owner, tmp_path):
    file = tmp_path / "two.vcf"
    file.write_text("".join(f"BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nEND:VCARD\n" for name in ("Ana Ruiz", "Ben Osei")))
    importing.import_file(file, practice=practice, by=owner)
    connections.edit(Connection.objects.get(name="Ana Ruiz"), {"note": "Met her at the market"}, by=owner)
    done = undo.undo(newest("import"), by=owner)
    assert [(c.name, c.note) for c in Connection.objects.all()] == [("Ana Ruiz", "Met her at the market")]
    assert [s.why for s in done.stays if s.model == "network.Connection"] == ["edited since"]


def test_of_one_edit_taken_back_the_value_edited_since_stays(practice, owner):
    ana = a_connection("Ana Ruiz", by=owner)
    connections.edit(ana, {"note": "first", "organisation": "Osei Clinic"}, by=owner)
    first = Act.objects.latest("pk")
    connections.edit(ana, {"note": "second"}, by=owner)
    done = undo.undo(first, by=owner)
    ana.refresh_from_db()
    assert (ana.note, ana.organisation) == ("second", "")
    assert [(s.why, s.values) for s in done.stays] == [("edited since", ("note",))]


def test_what_was_taken_back_is_not_taken_back_twice(practice, owner):
    ana = a_connection("Ana Ruiz", by=owner)
    connections.edit(ana, {"note": "first"}, by=owner)
    act = Act.objects.latest("pk")
    undo.undo(act, by=owner)
    connections.edit(ana, {"note": "first"}, by=owner)
    with pytest.raises(undo.AlreadyUndone):
        undo.undo(act, by=owner)
    ana.refresh_from_db()
    assert ana.note == "first"


def test_somebody_removed_comes_back_as_they_were(practice, owner):
    ana = a_connection("Ana Ruiz", by=owner, phones=["206-555-0101"], insights_=1)
    before = list(Connection.objects.values())
    removed = connections.remove([ana], by=owner)
    assert not Connection.objects.exists()
    undo.undo(removed, by=owner)
    assert list(Connection.objects.values()) == before
    back = Connection.objects.get()
    assert back.contactpoints.count() == 1 and back.insights.count() == 1
