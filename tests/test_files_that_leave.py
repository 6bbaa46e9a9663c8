"""What leaves in files and what lies on the disk: no formula for a spreadsheet, nothing in clear, every export in the history."""

from __future__ import annotations

import csv
import io
import json
import stat
import zipfile

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar
from PIL import Image

from kneadwork.api.tests.program import Program, is_problem
from kneadwork.common import storage
from kneadwork.common.models import Act, Attachment
from kneadwork.exchange import exporting, importing, mending
from kneadwork.exchange.formulas import harmless, original
from kneadwork.network import connections, events, planned
from kneadwork.outreach import stop_links
from kneadwork.practice import calendar_feeds, calendars, keys, people, signing_in
from kneadwork.practice.models import Role
from tests.builders import TODAY, a_connection, a_member

FORMULAS = ("=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(A1:A9)", "\t=1+1", "\r=1+1", "  =1+1", '"=1+1', "\n=1+1",
            "＝1+1", "＋1+1", "－1+1", "＠SUM(A1)", '=HYPERLINK("http://evil.example","x")')  # fmt: skip
BEGINS = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")
#: A telephone as it is written everywhere; no spreadsheet makes anything else of it than a number.
TELEPHONE = "+12065550101"


def runs(cell: str) -> bool:
    """Whether a spreadsheet may take this cell for a formula: it looks past blanks and quotes."""
    return cell.lstrip(' "\n').startswith(BEGINS)


# Formulas


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_written_as_text_and_read_back_as_it_was(text):
    assert not runs(harmless(text)) and original(harmless(text)) == text


@given(st.text().filter(lambda text: not text.startswith("'")))
@example("'tis")
def test_whatever_stands_in_a_cell_comes_back(text):
    assert original(harmless(text)) == text


def test_ordinary_words_stay_as_they_are():
    for text in ("Ana Ruiz", "O'Hara", "'tis", "a = b", "206-555-0101", TELEPHONE, "", "100%"):
        assert harmless(text) == text


def tables(archive: bytes) -> dict[str, list[list[str]]]:
    """Every table in a zip."""
    files = zipfile.ZipFile(io.BytesIO(archive))
    return {
        name: list(csv.reader(io.StringIO(files.read(name).decode("utf-8-sig"), newline="")))
        for name in files.namelist()
        if name.endswith(".csv")
    }


@pytest.mark.parametrize("formula", ["=1+1", "@SUM(A1:A9)", "-2+3+cmd", "＝1+1"])
def test_no_table_of_an_export_holds_a_formula(owner, formula):
    made = a_connection(f"{formula} Ruiz", by=owner, phones=[TELEPHONE], emails=["ana@ruiz.example"])
    connections.edit(
        made, {"organisation": formula, "title": formula, "note": formula, "credentials": formula}, by=owner
    )
    connections.add_address(made, line1=formula, city=formula, region="WA", postal="98107", by=owner)
    connections.set_tags(made, [formula], by=owner)
    found = tables(exporting.export(owner.practice, by=owner))
    assert found
    for name, rows in found.items():
        cells = [cell for row in rows for cell in row]
        assert sum(formula in cell for cell in cells) >= 6, name
        assert [cell for cell in cells if runs(cell) and cell != TELEPHONE] == [], name


def test_no_table_of_rows_to_mend_holds_a_formula(owner, tmp_path):
    file = tmp_path / "people.csv"
    file.write_text('Name,Company,City\n,,"=HYPERLINK(""http://evil.example"")"\n,,@SUM(A1)\nAna Ruiz,Osei,\n')
    batch = importing.begin(owner.practice, file)
    importing.read_in(batch, owner.practice)
    _name, kind, data = mending.rejected_file(batch)
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert kind.startswith("text/csv") and len(rows) == 3
    assert [cell for row in rows for cell in row if runs(cell)] == []


# The disk and the database


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "white").save(out, "PNG")
    return out.getvalue()


def on_disk(kept: Attachment) -> bytes:
    return (settings.HOME / "files" / kept.stored_as).read_bytes()


def test_a_file_lies_on_the_disk_sealed_under_a_name_of_our_own(owner):
    words = b"The quick hands of Robin Hale. " * 40
    kept = storage.keep(words, name="../../Robin Hale.txt", media_type="text/plain", by=owner)
    sealed = on_disk(kept)
    assert all(words[at : at + 8] not in sealed for at in range(0, 64, 4)) and storage.read(kept) == words
    assert len(kept.stored_as) == 32 and set(kept.stored_as) <= set("0123456789abcdef")
    assert on_disk(storage.keep(words, name="x", media_type="text/plain", by=owner)) != sealed


def test_a_signature_given_on_the_page_is_sealed_too(client, owner):
    client.force_login(owner.user)
    client.post(reverse("practice:signature"), {"picture": SimpleUploadedFile("s.png", png())})
    kept = Attachment.objects.get()
    assert storage.read(kept).startswith(b"\x89PNG") and b"PNG" not in on_disk(kept) and b"IHDR" not in on_disk(kept)


@pytest.mark.parametrize("at", [5, 30, -1])
def test_one_changed_byte_of_a_kept_file_is_noticed(owner, at):
    kept = storage.keep(b"words " * 20, name="x", media_type="text/plain", by=owner)
    data = bytearray(on_disk(kept))
    data[at] ^= 1
    (settings.HOME / "files" / kept.stored_as).write_bytes(data)
    with pytest.raises(storage.FileRefused):
        storage.read(kept)


def test_a_file_put_in_the_place_of_another_is_noticed(owner):
    one, other = (storage.keep(w, name="x", media_type="text/plain", by=owner) for w in (b"one " * 9, b"two " * 9))
    (settings.HOME / "files" / one.stored_as).write_bytes(on_disk(other))
    with pytest.raises(storage.FileRefused):
        storage.read(one)


def test_keys_and_files_are_readable_by_their_owner_alone(owner):
    storage.keep(b"words", name="x", media_type="text/plain", by=owner)
    for name in ("keyring", "secret_key", "files"):
        assert stat.S_IMODE((settings.HOME / name).stat().st_mode) & 0o077 == 0, name


def test_no_secret_that_was_handed_out_stands_in_the_database(owner, settings):
    """Keys, invitations, sign-in addresses and stop links: only their digests are kept."""
    settings.PUBLIC_URL = "https://hands.example"
    wish = stop_links.address_for(a_connection("Ana Ruiz", by=owner), by=owner).rpartition("/")[2]
    secrets = [
        calendar_feeds.make(by=owner),
        keys.make("a program", member=owner, by=owner)[1],
        people.invite("ben@post.example", Role.HELPER, by=owner)[1],
        signing_in.sign_in_address(owner.user),
        wish,
    ]
    everything = whole_database()
    assert "a program" in everything and "ben@post.example" in everything
    assert [s for s in secrets if s in everything or s.removeprefix("kw_") in everything] == []


def whole_database() -> str:
    """Every row of every table, as text."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found.append(repr(cursor.fetchall()))
    return "\n".join(found)


# The history of exports


def exports() -> list[tuple[str, str]]:
    return list(Act.objects.filter(kind="export").order_by("pk").values_list("by__name", "by_name"))


def test_every_export_stands_in_the_history_by_page_and_by_program(client, owner):
    client.force_login(owner.user)
    assert exports() == []
    assert client.post(reverse("practice:export")).status_code == 200
    assert Program(owner).get("/export").status_code == 200
    exporting.export(owner.practice, by_name="command line")
    assert [by or by_name for by, by_name in exports()] == [owner.name, owner.name, "command line"]
    page = client.get(reverse("practice:history")).content.decode()
    assert owner.name in page and owner.practice.name in page


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.HELPER])
def test_who_may_not_export_gets_nothing(owner, role):
    member = a_member(owner, role)
    browser = Browser()
    browser.force_login(member.user)
    assert browser.post(reverse("practice:export")).status_code == 403
    assert is_problem(Program(member).get("/export"), 403)
    assert exports() == []


def test_an_export_holds_no_secret_of_ours(owner):
    keys.make("a program", member=owner, by=owner)
    feed = calendar_feeds.make(by=owner)
    calendars.add("account", calendars.Access("x.example/hidden-path", "ben", "quiet words"), by=owner)
    people.invite("ben@post.example", Role.HELPER, by=owner)
    owner.user.set_password("quiet rivers run deeply")
    owner.user.save()
    files = zipfile.ZipFile(io.BytesIO(exporting.export(owner.practice, by=owner)))
    text = "".join(files.read(name).decode() for name in files.namelist())
    assert feed not in text and "hidden-path" not in text and "quiet words" not in text
    assert "token_hash" not in text and owner.user.password not in text
    assert json.loads(files.read("member.json"))


def test_an_export_holds_events_and_planned_steps_as_a_calendar(owner):
    events.make("Chamber dance", on=TODAY, by=owner)
    planned.plan(a_connection("Jo Marsh", stream="clients"), "call", on=TODAY, today=TODAY, by=owner)
    files = zipfile.ZipFile(io.BytesIO(exporting.export(owner.practice, by=owner)))
    found = Calendar.from_ical(files.read("calendar.ics")).walk("VEVENT")
    assert sorted(str(entry["SUMMARY"]) for entry in found) == ["Call: Jo Marsh", "Chamber dance"]
