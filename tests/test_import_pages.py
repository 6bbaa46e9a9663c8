"""The preview of an import: everything that can be chosen before it is kept, and what undo says before it is done."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kneadwork.common import undo
from kneadwork.common.models import Act
from kneadwork.exchange.models import Import, StagedRow
from kneadwork.network import connections, touching
from kneadwork.network.models import Client, Connection, NotTheSame
from tests.builders import TODAY, a_connection, do_jobs

TABLE = "Name,How\nAna Ruiz,ana@ruiz.example\nBen Osei,ben@osei.example\n"


@pytest.fixture
def bring(client, owner, settings):
    """Drop a file on the page and let the worker read it; answers the import."""
    client.force_login(owner.user, backend="allauth.account.auth_backends.AuthenticationBackend")

    def drop(text: str, name: str = "people.csv", **choices) -> Import:
        client.post(reverse("network:import"), {"file": SimpleUploadedFile(name, text.encode()), **choices})
        do_jobs()
        return Import.objects.latest("asked_at")

    return drop


def act_on(client, batch: Import, verb: str, **given):
    return client.post(reverse(f"network:import_{verb}", args=[batch.pk]), given)


def test_a_table_that_says_nothing_of_its_kind_is_asked_about_and_remembered(client, bring, practice):
    batch = bring(TABLE)
    page = client.get(reverse("network:import_preview", args=[batch.pk])).content.decode()
    assert "Is this an address book" in page
    act_on(client, batch, "columns", **{"as": "address_book", "column-0": "name", "column-1": "email"})
    do_jobs()
    batch.refresh_from_db()
    assert batch.mapping["sure"] and batch.mapping["kind"] == "address_book"
    again = bring(TABLE)
    assert again.mapping["remembered"] and again.mapping["kind"] == "address_book"
    act_on(client, again, "keep")
    assert Connection.objects.count() == 2 and not Client.objects.exists()


def test_the_stream_is_changed_for_one_and_for_all(client, bring, practice):
    batch = bring(TABLE, **{"as": "address_book"})
    act_on(client, batch, "choose", what="stream", value="business")
    ana = StagedRow.objects.get(batch=batch, name="Ana Ruiz")
    act_on(client, batch, "choose", what="stream", value="medical", row=ana.pk)
    act_on(client, batch, "keep")
    assert dict(Connection.objects.values_list("name", "stream")) == {"Ana Ruiz": "medical", "Ben Osei": "business"}


def test_a_row_left_out_is_not_kept(client, bring, practice):
    batch = bring(TABLE)
    ana = StagedRow.objects.get(batch=batch, name="Ana Ruiz")
    act_on(client, batch, "choose", what="leave_out", row=ana.pk)
    act_on(client, batch, "keep")
    assert [c.name for c in Connection.objects.all()] == ["Ben Osei"]


@pytest.mark.parametrize("answer, people", [("same", 1), ("other", 2)])
def test_a_doubt_is_answered_before_it_is_kept(client, bring, practice, answer, people):
    known = a_connection("Anna Maria Ruiz", phones=["(206) 555-0101"])
    batch = bring("Name,Company,Phone\nLeo Park,Park Gym,206-555-0101\n")
    row = StagedRow.objects.get(batch=batch)
    assert row.likeness_of == known.pk
    act_on(client, batch, "choose", what="likeness", value=answer, row=row.pk)
    act_on(client, batch, "keep")
    assert Connection.objects.count() == people
    assert (Connection.objects.filter(organisation="Park Gym", pk=known.pk).exists()) is (answer == "same")


def test_what_was_put_away_leaves_nothing_behind(client, bring, practice, settings, django_capture_on_commit_callbacks):
    batch = bring(TABLE)
    with django_capture_on_commit_callbacks(execute=True):
        act_on(client, batch, "give_up")
    assert not StagedRow.objects.exists() and not Connection.objects.exists()
    assert not Path(batch.path).exists()


def test_rejected_rows_come_back_in_a_file_that_can_be_imported_again(client, bring, practice):
    batch = bring("Name,Company,City\n,,Seattle\nAna Ruiz,Osei,\n")
    text = client.get(reverse("network:import_rejects", args=[batch.pk])).content.decode("utf-8-sig")
    header, line = text.splitlines()
    assert header.startswith("Name,Company,City,") and line.startswith(",,Seattle,") and "line 2" in line
    mended = bring(text.replace(",,Seattle", "Bo Li,,Seattle"))
    act_on(client, mended, "keep")
    assert Connection.objects.get().extra == {}


def test_undo_says_first_what_stays(client, bring, practice):
    batch = bring(TABLE)
    act_on(client, batch, "keep")
    ana = Connection.objects.get(name="Ana Ruiz")
    touching.log(ana, "call", on=TODAY, today=TODAY, by_name="test")
    batch.refresh_from_db()
    page = act_on(client, batch, "undo").content.decode()
    assert "Ana Ruiz" in page and Connection.objects.count() == 2
    act_on(client, batch, "undo", sure="1")
    assert [c.name for c in Connection.objects.all()] == ["Ana Ruiz"]


def test_a_large_import_is_kept_in_the_background(client, bring, practice):
    rows = "".join(f"Person {n},p{n}@people.example\n" for n in range(1100))
    batch = bring("Name,Email\n" + rows)
    act_on(client, batch, "keep")
    assert not Connection.objects.exists()
    do_jobs()
    assert Connection.objects.count() == 1100
    page = client.get(reverse("network:import_preview", args=[batch.pk])).content.decode()
    assert "It is kept" in page


def test_what_was_added_since_the_preview_is_not_made_twice(practice, owner, tmp_path):
    from kneadwork.exchange import importing
    from kneadwork.exchange.keeping import LookAgain, keep

    path = tmp_path / "one.vcf"
    path.write_text("BEGIN:VCARD\nVERSION:3.0\nFN:Ben Osei\nEMAIL:ben@osei.example\nEND:VCARD\n")
    batch = importing.begin(practice, path)
    importing.read_in(batch, practice)
    connections.add("Ben Osei", emails=["ben@osei.example"], by=owner)
    with pytest.raises(LookAgain):
        keep(batch, on=TODAY, by=owner)
    assert batch.counts == {"unchanged": 1}
    keep(batch, on=TODAY, by=owner)
    assert Connection.objects.count() == 1


def test_a_file_that_waits_a_week_is_put_away_with_what_it_held(practice, owner, tmp_path):
    from datetime import timedelta

    from django.utils import timezone

    from kneadwork.exchange import background, importing

    path = tmp_path / "one.vcf"
    path.write_text("BEGIN:VCARD\nVERSION:3.0\nFN:Ben Osei\nEND:VCARD\n")
    old, young = importing.begin(practice, path), importing.begin(practice, path)
    for batch in (old, young):
        importing.read_in(batch, practice)
    Import.objects.filter(pk=old.pk).update(asked_at=timezone.now() - timedelta(days=8))
    assert background.put_away_stale() == 1
    assert {row.batch_id for row in StagedRow.objects.all()} == {young.pk}
    assert path.exists(), "a file named on the command line is not ours to delete"


def test_one_recognised_for_certain_may_still_be_said_to_be_another_and_stays_so(client, bring, practice):
    known = a_connection("Ana Ruiz", emails=["desk@clinic.example"])
    file = "Name,Email\nAna Ruiz,desk@clinic.example\n"
    batch = bring(file, **{"as": "address_book"})
    row = StagedRow.objects.get(batch=batch)
    page = client.get(reverse("network:import_preview", args=[batch.pk])).content.decode()
    assert row.match == known.pk and "Is Ana Ruiz: the same e-mail" in page
    act_on(client, batch, "choose", what="likeness", value="other", row=row.pk)
    act_on(client, batch, "keep")
    other = Connection.objects.exclude(pk=known.pk).get()
    assert NotTheSame.objects.values_list("low_id", "high_id").get() == (known.pk, other.pk)
    assert bring(file, **{"as": "address_book"}).counts == {"unchanged": 1}


def test_two_of_one_file_said_to_be_two_are_two(client, bring, practice):
    batch = bring("Name,Email\nAna Ruiz,desk@clinic.example\nAna Ruiz,desk@clinic.example\n", **{"as": "address_book"})
    second = StagedRow.objects.get(batch=batch, outcome="merged")
    act_on(client, batch, "choose", what="likeness", value="other", row=second.pk)
    batch.refresh_from_db()
    assert {outcome: n for outcome, n in batch.counts.items() if n} == {"created": 2}
    act_on(client, batch, "keep")
    assert Connection.objects.count() == 2 and NotTheSame.objects.count() == 1


def test_a_registry_number_is_beyond_doubt(client, bring, practice):
    a_connection("Ana Ruiz", npi="1234567893")
    batch = bring("Name,NPI\nAna Ruiz,1234567893\n", **{"as": "address_book"})
    row = StagedRow.objects.get(batch=batch)
    page = act_on(client, batch, "choose", what="likeness", value="other", row=row.pk)
    row.refresh_from_db()
    assert row.match and "other" not in row.choice and page.status_code == 302


def test_a_column_unknown_to_kneadwork_is_kept_of_somebody_known_too(client, bring, practice, owner):
    known = a_connection("Ana Ruiz", emails=["ana@ruiz.example"])
    batch = bring("Name,Email,Shoe size\nAna Ruiz,ana@ruiz.example,39\n", **{"as": "address_book"})
    assert batch.counts == {"updated": 1}
    act_on(client, batch, "keep")
    page = client.get(reverse("network:sources", args=[known.pk])).content.decode()
    assert "Shoe size" in page and "39" in page
    undo.undo(Act.objects.latest("pk"), by=owner)
    known.refresh_from_db()
    assert known.extra == {}


def test_a_large_import_whose_network_changed_can_be_kept_once_it_was_looked_at_again(client, bring, practice, owner):
    batch = bring("Name,Email\n" + "".join(f"Person {n},p{n}@people.example\n" for n in range(1100)))
    connections.add("Person 7", emails=["p7@people.example"], by=owner)
    act_on(client, batch, "keep")
    do_jobs()
    page = client.get(reverse("network:import_preview", args=[batch.pk])).content.decode()
    assert "Look at it once more" in page and "1099" in page
    act_on(client, batch, "keep")
    do_jobs()
    assert Connection.objects.count() == 1100


def test_the_preview_says_that_health_fields_are_left_out_unless_asked_for(client, bring, practice):
    def page() -> str:
        return client.get(reverse("network:import_preview", args=[batch.pk])).content.decode()

    batch = bring("Name,Phone,Last Visit,Birth Date,Shoe\nAda Stone,206-555-0101,2026-10-01,1980-01-02,38\n")
    assert page().count("Left out, for it can say something about health") == 1
    assert "1980-01-02" not in page() and "1980-01-02" not in str(batch.mapping)
    assert 'id="column-3"' not in page() and 'name="column-3"' in page() and 'id="column-4"' in page()
    columns = {f"column-{number}": field for number, field in batch.mapping["columns"].items()}
    act_on(client, batch, "columns", **{"as": "booking", "keep_health": "1"}, **columns)
    do_jobs()
    batch.refresh_from_db()
    assert "Left out, for it" not in page() and 'id="column-3"' in page()
    assert StagedRow.objects.get(batch=batch).record["extra"] == {"Birth Date": "1980-01-02", "Shoe": "38"}


CLIENTS = "First Name,Last Name,Last Visit,Referred By,Referred By Phone\n"


def test_rows_left_out_are_neither_counted_nor_listed_as_taken(client, bring, practice):
    batch = bring(CLIENTS + "Ada,One,2026-10-01,Nina Wolf,\nBen,Two,2026-10-01,,\nCy,Three,2026-10-01,,\n")
    preview = reverse("network:import_preview", args=[batch.pk])
    assert "1 row names who sent them" in client.get(preview).content.decode()
    for name in ("Ada One", "Ben Two"):
        row = StagedRow.objects.get(batch=batch, name=name)
        act_on(client, batch, "choose", what="leave_out", row=row.pk)
        act_on(client, batch, "choose", what="leave_out", row=row.pk)
    batch.refresh_from_db()
    assert batch.counts == {"created": 1, "left_out": 2}
    page = client.get(preview).content.decode()
    assert "<b>1</b>New" in page and "<b>2</b>Left out" in page and "names who sent them" not in page
    act_on(client, batch, "choose", what="take_in", row=StagedRow.objects.get(name="Ben Two").pk)
    act_on(client, batch, "keep")
    page = client.get(preview + "?show=created").content.decode()
    assert "<b>2</b>New" in page and "Ada One" not in page and "Ben Two" in page
    assert "Ada One" in client.get(preview + "?show=left_out").content.decode()
    assert sorted(Connection.objects.values_list("name", flat=True)) == ["Ben Two", "Cy Three"]
    from kneadwork.exchange import importing

    batch.refresh_from_db()
    answer = importing.answer(batch)
    assert (answer["read"], answer["created"], answer["out_of_scope"]) == (3, 2, 1)


def test_the_preview_says_whom_a_row_names_as_who_sent_them(client, bring, practice, django_assert_max_num_queries):
    a_connection("Beth Ray, DC", phones=["206-555-0150"])
    a_connection("John Smith")
    a_connection("John Smith", stream="business")
    batch = bring(CLIENTS + "Ada,One,2026-10-01,Dr. Ray,206-555-0150\nBen,Two,2026-10-01,Nina Wolf,\n"
                  "Cy,Three,2026-10-01,John Smith,\nDi,Four,2026-10-01,ben two,\n")  # fmt: skip
    with django_assert_max_num_queries(40):
        page = client.get(reverse("network:import_preview", args=[batch.pk])).content.decode()
    for words in ("Sent by Beth Ray, DC.", "Sent by Nina Wolf, who is new.", "Sent by Ben Two.",
                  "Sent by John Smith: more than one has this name, so somebody new is made and you decide later."):  # fmt: skip
        assert words in page


def test_a_file_that_brings_nothing_says_so_and_one_taken_back_is_called_so(client, bring, practice, owner):
    batch = bring(TABLE, **{"as": "address_book"})
    act_on(client, batch, "keep")
    again = bring(TABLE, **{"as": "address_book"})
    page = client.get(reverse("network:import_preview", args=[again.pk])).content.decode()
    assert "there is nothing to keep" in page and "Keep them" not in page
    act_on(client, batch, "undo")
    page = client.get(reverse("network:import")).content.decode()
    assert "taken back" in page and "kept</span>" not in page.replace(" ", "").replace("\n", "")
