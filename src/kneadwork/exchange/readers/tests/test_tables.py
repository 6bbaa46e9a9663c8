"""Contact tables as products write them: the header found, columns understood, health left out, nothing lost."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from kneadwork.exchange.neutral import AboutFile, Record, Rejected, Unreadable
from kneadwork.exchange.readers import columns, sheets, table
from kneadwork.exchange.recognise import recognise
from tests.sampling import examples


def items(path: Path, text: str | bytes = b"", kind: str = "auto", **options) -> list:
    if text:
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    look = columns.layout(sheets.sheets(path), kind, options.pop("columns", None))
    return list(table.read(look, **options))


def records(path: Path, text: str | bytes = b"", kind: str = "auto", **options) -> list[Record]:
    return [item for item in items(path, text, kind, **options) if not isinstance(item, AboutFile)]


def look_of(path: Path, text: str) -> columns.Layout:
    path.write_text(text)
    return columns.layout(sheets.sheets(path))


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "table.csv"


@pytest.fixture
def workbook(tmp_path):
    def write(rows: list[list], title: str = "Customers") -> Path:
        book, path = Workbook(), tmp_path / "table.xlsx"
        book.active.title = title
        for row in rows:
            book.active.append(row)
        book.save(path)
        return path

    return write


def test_a_header_below_a_preamble_is_found(file):
    (one,) = records(file, "\ufeffNotes:\n\"When exporting, some e-mail\"\n\nFirst Name,Last Name,URL,Email Address,Company,Position,"
                           "Connected On\nAmara,Lindqvist,https://x.example,,Ballard Spine,Chiropractor,12 Mar 2024\n")  # fmt: skip
    assert (one.name, one.organisation, one.title, one.where) == (
        "Amara Lindqvist",
        "Ballard Spine",
        "Chiropractor",
        "line 5",
    )
    assert one.client is None and one.extra["Connected On"] == "12 Mar 2024"


def test_a_workbook_with_the_header_on_row_six_is_read(workbook):
    path = workbook([["Customer list"], [], [], ["Printed today"], [], ["Name", "Customer Since", "Last Visit", "Gender", "Online Booking",
                    "Check-Ins", "Amount Paid", "No Shows/Cancel", "EmailAddress", "ReferredBy", "CellPhone"],
                    ["Ana Ruiz", "1/5/2024", "10/2/2026", "F", "Yes", 12, "$1,310.00", 0, "ana@ruiz.example", "Dr. Ben Osei", 2065550101]])  # fmt: skip
    (one,) = records(path)
    assert one.where == "row 7 of sheet Customers" and one.client.visits == 12
    assert (
        str(one.client.last_visit) == "2026-10-02" and one.referred_by == "Dr. Ben Osei" and one.referred_by_is_source
    )
    assert one.phones[0].value == "2065550101" and one.emails[0].value == "ana@ruiz.example"
    assert "F" not in one.extra.values()


@pytest.mark.parametrize("wanted", [False, True])
def test_health_fields_of_a_booking_file_are_dropped_unless_asked_for(file, wanted):
    text = "Client ID,First Name,Last Name,Email,Birth Date,Gender,Notes\n7,Ana,Ruiz,a@b.example,1980-01-02,F,asthma\n"
    (one,) = records(file, text, keep_health=wanted)
    assert ("asthma" in repr(one)) is wanted and ("1980" in repr(one)) is wanted


def test_notes_of_an_address_book_stay(file):
    (one,) = records(file, "First Name,Last Name,Company,Notes\nAna,Ruiz,Osei Ltd,met at the market\n")
    assert one.note == "met at the market" and one.client is None


@pytest.mark.parametrize("header, kind, sure", [
    ("Name,Phone", "booking", False), ("Name,Phone,Last Visit", "booking", True), ("Name,Phone,Company", "address_book", True),
    ("Name,Company,Birth Date", "booking", False), ("First Name,Last Name,URL,Email Address,Company,Position,Connected On", "address_book", True),
])  # fmt: skip
def test_in_doubt_a_table_is_a_booking_file_and_the_page_asks(file, header, kind, sure):
    look = look_of(file, header + "\nAna Ruiz,1,2,3,4,5,6\n")
    assert (look.kind, look.sure) == (kind, sure)


def test_columns_without_known_titles_are_known_by_what_stands_in_them(file):
    (one, _two) = records(
        file,
        "Client name,How to write,How to call\nAna Ruiz,ana@ruiz.example,(206) 555-0101\nBo Li,bo@li.example,206-555-0102\n",
    )
    assert one.emails[0].value == "ana@ruiz.example" and one.phones[0].value == "(206) 555-0101"


def test_a_table_without_titles_is_read_by_content(file):
    one, two = records(file, "Ana Ruiz,ana@ruiz.example\nBo Li,bo@li.example\n")
    assert (one.name, two.emails[0].value) == ("Ana Ruiz", "bo@li.example")


def test_the_user_can_say_what_a_column_holds(file):
    text = "Label A,Name\nDC,Ana Ruiz\n"
    assert records(file, text)[0].extra == {"Label A": "DC"}
    assert records(file, text, columns={"0": "credentials"})[0].credentials == "DC"


def test_the_number_a_product_wrote_as_first_name_is_a_telephone(file):
    (one,) = records(file, "First Name,Last Name,Square Customer ID\n(206) 555-0101,,X1\n")
    assert one.phones[0].value == "(206) 555-0101" and one.warnings


def test_a_named_professional_outweighs_a_channel(file):
    text = ("Patient Number,First Name,Last Name,Referral Source,Referring Professional Name,Referring Professional Email\n"
            "1,Ana,Ruiz,Google,Dr. Kofi Adeyemi,kofi@adeyemi.example\n")  # fmt: skip
    (one,) = records(file, text)
    assert (one.referred_by, one.referred_by_email, one.referred_by_is_source) == (
        "Dr. Kofi Adeyemi",
        "kofi@adeyemi.example",
        True,
    )
    assert "Google" in one.extra.values()


def test_an_empty_outlook_date_is_no_date_and_no_warning(file):
    (one,) = records(
        file, "First Name,Last Name,Company,Birthday,Anniversary\nAna,Ruiz,Osei,0/0/00,0/0/00\n", kind="address_book"
    )
    assert one.extra == {} and not one.warnings


def test_a_row_that_names_nobody_is_returned_with_its_text(file):
    (one,) = records(file, "Name,Company,City\n,,Seattle\n")
    assert isinstance(one, Rejected) and "Seattle" in one.raw


def test_several_addresses_of_one_row_stay_apart(file):
    header = "First Name,Last Name,Company,Business Street,Business City,Home Street,Home City,Home Address\n"
    (one,) = records(file, header + "Ana,Ruiz,Osei,1 Main St,Seattle,2 Oak St,Renton,2 Oak St Renton\n")
    assert [(a.line1, a.city, a.kind) for a in one.addresses] == [
        ("1 Main St", "Seattle", "work"),
        ("2 Oak St", "Renton", "home"),
    ]


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(420):
                part.write(b" " * 1024 * 1024)
    with pytest.raises(Unreadable, match="too large"):
        sheets.sheets(path)


@pytest.mark.parametrize("data", [b"PK\x03\x04 cut off", b"", b"\0\0\0"])
def test_a_damaged_file_is_refused_in_words(tmp_path, data):
    path = tmp_path / "broken.xlsx"
    path.write_bytes(data)
    with pytest.raises(Unreadable):
        sheets.sheets(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_usual_encoding_is_read(file, encoding):
    (one,) = records(file, "Name,Company\nJosé Núñez,Café Olé\n".encode(encoding))
    assert one.name == "José Núñez"


def test_a_locked_or_foreign_workbook_is_refused(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "no workbook at all")
    path = tmp_path / "foreign.xlsx"
    path.write_bytes(out.getvalue())
    with pytest.raises(Unreadable, match="damaged or locked"):
        sheets.sheets(path)


def test_a_second_column_of_a_field_stays_under_its_own_title_and_says_the_profession(file):
    (one,) = records(file, "Name,Job Title,Specialty,Company,Notes,Comments,Street,Address,Department\n"
                           "Jane Roe,Owner,Chiropractic,Roe Ltd,first note,second remark,1 Main St,2 Oak St,Spine\n")  # fmt: skip
    assert one.title == "Owner" and one.addresses[0].line1 == "1 Main St"
    assert one.note == "first note\nsecond remark"
    assert one.extra == {"Specialty": "Chiropractic", "Address": "2 Oak St", "Department": "Spine"}
    recognise(one)
    assert (one.stream, one.profession) == ("medical", "chiropractor")


def test_columns_of_the_same_title_are_both_kept(file):
    (one,) = records(file, "Name,Company,Shoe,Shoe\nJane Roe,Roe Ltd,left,right\n")
    assert one.extra == {"Shoe": "left", "Shoe 2": "right"}


@pytest.mark.parametrize("kind, header, row, kept", [
    ("booking", "Name,Client ID,Patient Number", "Ana Ruiz,7,8", {"Patient Number": "8"}),
    ("booking", "Name,Last Visit,Last Seen", "Ana Ruiz,2026-10-01,2026-10-02", {"Last Seen": "2026-10-02"}),
    ("booking", "Name,Visits", "Ana Ruiz,a dozen", {"Visits": "a dozen"}),
    ("address_book", "Name,Company,Client Since", "Ana Ruiz,Osei,2026-10-01", {"Client Since": "2026-10-01"}),
    ("address_book", "Name,Referred By,Referrer", "Ana Ruiz,Bo Li,Cy Lee", {"Referrer": "Cy Lee"}),
])  # fmt: skip
def test_what_has_no_place_of_its_own_stays_as_a_column_of_its_own(file, kind, header, row, kept):
    (one,) = records(file, f"{header}\n{row}\n", kind=kind)
    assert one.extra == kept


def test_a_text_longer_than_what_is_kept_is_said(file):
    (one,) = records(file, f"Name,Company,Notes,Custom\nJane Roe,Roe Ltd,{'n' * 4500},{'c' * 900}\n")
    assert (len(one.note), len(one.extra["Custom"]), len(one.warnings)) == (4000, 400, 2)


def test_the_telephone_that_a_label_prefers_comes_first(file):
    (one,) = records(file, "First Name,Last Name,Organization Name,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value\n"
                           "Ana,Ruiz,Osei,Home,206-555-0101,* Mobile,206-555-0102\n")  # fmt: skip
    assert [(p.value, p.kind) for p in one.phones] == [("206-555-0102", "mobile"), ("206-555-0101", "home")]


def test_an_apostrophe_that_belongs_to_a_name_stays(file):
    (one,) = records(file, "Name,Phone,Company\n'T Hooft,'2065550101,'=Osei\n")
    assert (one.name, one.phones[0].value, one.organisation) == ("'T Hooft", "2065550101", "=Osei")


def test_the_delimiter_is_the_one_by_which_the_titles_are_understood(file):
    one, two = records(file, "Name,Email,Labels\nAl One,al@x.example,a;b;c;d;e;f\nBo Two,bo@x.example,a;b;c;d;e;f\n", kind="address_book")  # fmt: skip
    assert (one.name, two.emails[0].value, one.tags) == ("Al One", "bo@x.example", list("abcdef"))
    (other,) = records(
        file, 'Name;E-mail;Note\nAl One;al@x.example;"one, two, three, four, five"\n', kind="address_book"
    )
    assert (other.name, other.note) == ("Al One", "one, two, three, four, five")


def test_a_further_sheet_with_people_is_said_to_be_left_out(tmp_path):
    book, path = Workbook(), tmp_path / "two.xlsx"
    book.active.title = "Clients"
    for name, person in (("Clients", "Ana Ruiz"), ("Doctors", "Bo Li"), ("Prices", "")):
        sheet = book.active if name == "Clients" else book.create_sheet(name)
        for row in (
            [["Name", "Phone", "Email"], [person, "206-555-0101", "a@b.example"]] if person else [["Massage", 90]]
        ):
            sheet.append(row)
    book.save(path)
    said, one = items(path)
    assert one.name == "Ana Ruiz" and "Doctors" in said.words


@pytest.mark.parametrize(("values", "field"), [(["Chiropractor", ""], "title"), (["Dr.", "Ms"], "prefix"), (["Dr", "Owner"], "title"), (["", ""], "")])  # fmt: skip
def test_a_column_called_title_is_what_stands_in_it(file, values, field):
    look = look_of(file, "Name,Title,Company\n" + "".join(f"Person {n},{v},Osei\n" for n, v in enumerate(values)))
    assert look.columns.get(1, "") == field


@examples(60)
@given(st.lists(st.text('ab",', max_size=12), min_size=1, max_size=6))
def test_no_letter_of_a_table_is_lost_whatever_its_quotes(tmp_path, lines):
    path = tmp_path / "table.csv"
    path.write_text("x" + "\n".join(lines))
    [sheet] = sheets.sheets(path)
    kept = "".join(cell for row in sheet.lines for cell in row.cells)
    assert [kept.count(c) for c in "ab"] == ["".join(lines).count(c) for c in "ab"]
