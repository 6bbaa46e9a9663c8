"""Undo never takes away what somebody wrote since: a row edited since stays, and so does each value edited since."""

from __future__ import annotations

import pytest

from kneadwork.common import undo
from kneadwork.common.models import Act
from kneadwork.exchange import importing
from kneadwork.network import connections, resting, touching
from kneadwork.network.models import Connection, Stop
from tests.builders import TODAY, a_connection
from tests.test_imports import pictures


def bring(practice, folder, *cards: str) -> str:
    """Import cards of these lines; answers the import's id."""
    file = folder / "cards.vcf"
    file.write_text("".join(f"BEGIN:VCARD\nVERSION:3.0\n{lines}\nEND:VCARD\n" for lines in cards))
    return importing.import_file(file, practice=practice, by_name="test")["import"]


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


def test_who_was_recognised_as_having_said_stop_stays_stopped_while_they_stay(practice, owner, tmp_path):
    resting.stop(a_connection("Ana Ruiz", phones=["206-555-0101"]), on=TODAY, how="asked", by=owner)
    before = pictures()
    first = bring(practice, tmp_path, "FN:Cy Lee\nTEL:206-555-0101")
    cy = Connection.objects.get(name="Cy Lee")
    touching.log(cy, "call", on=TODAY, today=TODAY, by=owner)
    touch = newest("touch")
    importing.undo(first, by_name="test")
    assert Stop.objects.filter(connection=cy).exists()
    undo.undo(touch, by=owner)
    assert pictures() == before


def test_a_stop_said_is_not_taken_back_with_its_act(practice, owner):
    ana = a_connection("Ana Ruiz", by=owner)
    resting.stop(ana, on=TODAY, how="asked", by=owner)
    undo.undo(newest("stop"), by=owner)
    assert Stop.objects.get().connection == ana


@pytest.mark.parametrize("first", [0, 1])
def test_two_imports_taken_back_in_any_order_leave_nobody(practice, owner, tmp_path, first):
    before = pictures()
    cards = "FN:Ben Osei\nEMAIL:ben@osei.example", "FN:Ben Osei\nEMAIL:ben@osei.example\nTEL:206-555-0102\nTITLE:Coach"
    refs = [bring(practice, tmp_path, card) for card in cards]
    assert Connection.objects.count() == 1
    importing.undo(refs[first], by_name="test")
    assert Connection.objects.count() == 1
    answer = importing.undo(refs[1 - first], by_name="test")
    assert (answer["removed"], answer["stays"]) == (1, []) and pictures() == before


def test_who_stayed_for_another_reason_too_still_stays(practice, owner, tmp_path):
    first = bring(practice, tmp_path, "FN:Ben Osei\nEMAIL:ben@osei.example", "FN:Ana Ruiz\nEMAIL:ana@ruiz.example")
    second = bring(practice, tmp_path, *(f"FN:{name}\nEMAIL:{mail}\nTEL:206-555-010{n}" for n, (name, mail) in enumerate(
        [("Ben Osei", "ben@osei.example"), ("Ana Ruiz", "ana@ruiz.example")])))  # fmt: skip
    touching.log(Connection.objects.get(name="Ana Ruiz"), "call", on=TODAY, today=TODAY, by=owner)
    importing.undo(first, by_name="test")
    importing.undo(second, by_name="test")
    assert [c.name for c in Connection.objects.all()] == ["Ana Ruiz"]


def test_who_was_brought_back_by_hand_does_not_go_with_a_later_undo(practice, owner, tmp_path):
    """What stays of an act taken back goes only if nothing of it was edited since."""
    first = bring(practice, tmp_path, "FN:Ben Osei\nEMAIL:ben@osei.example")
    ben = Connection.objects.get()
    touching.log(ben, "call", on=TODAY, today=TODAY, by=owner)
    touch = newest("touch")
    importing.undo(first, by_name="test")
    connections.add_contact(ben, "email", "ben@other.example", by=owner)
    undo.undo(touch, by=owner)
    assert Connection.objects.get() == ben
