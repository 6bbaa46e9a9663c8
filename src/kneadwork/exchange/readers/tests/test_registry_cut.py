"""Ruling lines out loses nobody: whatever a file looks like, what is found is what a full parse finds."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneadwork.exchange.neutral import OutOfScope, Record, Rejected
from kneadwork.exchange.normal import is_npi
from kneadwork.exchange.readers import registry, registry_cut
from tests.sampling import examples

SEATTLE, TEN_MILES = (47.61, -122.33), 16_093.44
NPIS = [str(n) for n in range(1_000_000_000, 1_000_000_400) if is_npi(str(n))]
COLUMNS = [
    "NPI", "Entity Type Code", "Provider Organization Name (Legal Business Name)", "Provider Last Name (Legal Name)",
    "Provider First Name", "Provider First Line Business Practice Location Address", registry.CITY_COLUMN,
    registry.STATE_COLUMN, registry.ZIP_COLUMN, "NPI Deactivation Date", "Healthcare Provider Taxonomy Code_1",
    "Healthcare Provider Primary Taxonomy Switch_1", "Healthcare Provider Taxonomy Code_2",
]  # fmt: skip
ZIPS = [
    "981010000",
    "98101",
    " 98122",
    "98101-1234",
    "98111",
    "98199",
    "981",
    "99201",
    "2101",
    "021010000",
    "98004.0",
    "",
    "00000",
    "000000000",
    "99999",
    "99",
    "981015",
    "9 8101",
    "21010000",
    "992",
]
CODES = ["111N00000X", "207Q00000X", "225700000X", " 111N00000X", "122300000X", "x111N", ""]
TEXTS = st.sampled_from(
    [
        "HALE",
        "O'NEIL",
        'THE "GOOD" FOOT',
        '","',
        'A","98101',
        '"',
        "two\nlines",
        "two\r\nlines",
        '\n"1000000004"',
        "ÉMILE",
        "",
        " ",
    ]
)
ROWS = st.tuples(
    st.sampled_from(NPIS[:12]), st.sampled_from("12"), TEXTS, TEXTS, TEXTS, TEXTS,
    st.sampled_from(["SEATTLE", "SEATTLE", " Seattle.", "SPOKANE", ""]), st.sampled_from(["WA", "WA", "wa ", "OR", ""]), st.sampled_from(ZIPS + ZIPS[:4] * 3),
    st.sampled_from(["", "", "01/31/2020"]), st.sampled_from(CODES + CODES[:1] * 6), st.sampled_from(["Y", "N", ""]), st.sampled_from(CODES),
)  # fmt: skip
PLAIN = st.tuples(*[st.sampled_from(["HALE", "98101", "111N", ""])] * 4)


def plain_rows():
    """Rows as the registry writes them: nothing in a field that needs care."""
    return st.builds(lambda row, words: (*row[:2], *words, *row[6:]), ROWS, PLAIN)


def written(rows, style: str, ends: str = "\n") -> bytes:
    """A file's bytes; style: every field quoted, as few as can be, or the number alone besides those that must."""
    text = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if style == "all" else csv.QUOTE_MINIMAL
    writer = csv.writer(text, quoting=quoting, lineterminator=ends)
    for row in [COLUMNS, *rows]:
        if style == "number":
            text.write(f'"{row[0]}",')
            writer.writerow(row[1:])
        else:
            writer.writerow(row)
    return text.getvalue().encode()


def by_full_parse(data: bytes, scope: registry.Scope) -> tuple[list[Record], int]:
    """The records of a file read by nothing but the csv module, and how many rows it has."""
    reader = csv.reader(io.StringIO(data.decode(), newline="\n"), strict=True)
    next(reader)
    found, rows, line = [], 0, reader.line_num + 1
    for values in reader:
        if values and (len(values) > 1 or values[0].strip()):
            rows += 1
            row = {c: v.strip(" \t") for c, v in zip(COLUMNS, values, strict=True)}
            try:
                record = registry.record_of(row, f"line {line}", scope)
            except registry.Damaged:
                record = None
            found += [record] if record else []
        line = reader.line_num + 1
    return found, rows


def read(path: Path, data: bytes, scope: registry.Scope) -> list:
    path.write_bytes(data)
    return list(registry.read(
        path, near=scope.near, within_m=scope.within_m, professions=scope.professions, known=scope.known
    ))  # fmt: skip


def count(items) -> int:
    return sum(i.count if isinstance(i, OutOfScope) else 1 for i in items)


@examples(100)
@given(
    rows=st.lists(st.one_of(ROWS, plain_rows(), plain_rows(), plain_rows()), max_size=12),
    style=st.sampled_from(["all", "all", "number", "few"]), ends=st.sampled_from(["\n", "\r\n"]),
    block=st.sampled_from([64, 300, 900, 100_000]), known=st.sets(st.sampled_from(NPIS[:12]), max_size=4),
    near=st.sampled_from([SEATTLE, None]),
)  # fmt: skip
def test_what_is_found_is_what_a_full_parse_finds(tmp_path, monkeypatch, rows, style, ends, block, known, near):
    monkeypatch.setattr(registry_cut, "BLOCK_BYTES", block)
    scope = registry.Scope(frozenset({"chiropractor", "dentist"}), near, TEN_MILES if near else None, frozenset(known))
    data = written(rows, style, ends)
    wanted, number = by_full_parse(data, scope)
    items = read(tmp_path / "npidata_pfile.csv", data, scope)
    assert [i for i in items if isinstance(i, Record)] == wanted
    assert count(items) == number


@examples(60)
@given(
    rows=st.lists(plain_rows(), min_size=6, max_size=14), at=st.integers(0, 5), block=st.sampled_from([300, 900, 100_000]),
    wrong=st.sampled_from([b'"1000000004","too few"\n', b'no csv at all\n', b'"a" b","c"\n', b"\n", b'"","\n"' + b'x"\n']),
)  # fmt: skip
def test_a_broken_line_costs_none_of_the_others(tmp_path, monkeypatch, rows, at, block, wrong):
    monkeypatch.setattr(registry_cut, "BLOCK_BYTES", block)
    scope = registry.Scope(frozenset({"chiropractor", "dentist"}), SEATTLE, TEN_MILES, frozenset())
    lines = written(rows, "all").splitlines(keepends=True)
    found, _rows = by_full_parse(b"".join(lines), scope)
    items = read(tmp_path / "npidata_pfile.csv", b"".join([*lines[: at + 1], wrong, *lines[at + 1 :]]), scope)
    assert [i.npi for i in items if isinstance(i, Record)] == [i.npi for i in found]
    assert all(i.where.startswith("line ") for i in items if isinstance(i, Rejected))


@pytest.mark.corpus
@pytest.mark.parametrize("block", [5_000, 60_000, 10_000_000])
def test_real_rows_are_found_as_a_full_parse_finds_them(corpus, tmp_path, monkeypatch, block):
    monkeypatch.setattr(registry_cut, "BLOCK_BYTES", block)
    path = corpus / "nppes/npidata_pfile_330col_500rows_a.csv"
    rows = list(csv.DictReader(path.open(newline="")))
    towns = [(40.71, -74.0), (34.05, -118.24), (29.76, -95.37)]
    for near in towns:
        scope = registry.Scope(
            frozenset({"general_physician", "dentist", "physical_therapist"}), near, 300_000, frozenset()
        )
        wanted = [registry.record_of(row, f"line {n}", scope) for n, row in enumerate(rows, start=2)]
        items = list(registry.read(path, near=near, within_m=300_000, professions=scope.professions, known=scope.known))
        assert [i for i in items if isinstance(i, Record)] == [r for r in wanted if r]
        assert count(items) == 500


@pytest.mark.parametrize("block", range(40, 400, 7))
def test_a_field_over_two_lines_at_the_end_of_a_block_is_one_row(tmp_path, monkeypatch, block):
    monkeypatch.setattr(registry_cut, "BLOCK_BYTES", block)
    near = ("1", "", "HALE", "ROBIN", "1 MAIN ST\nSUITE 2", "SEATTLE", "WA", "981010000", "", "111N00000X", "Y", "")
    data = written([(npi, *near) for npi in NPIS[:6]], "all")
    scope = registry.Scope(frozenset({"chiropractor"}), SEATTLE, TEN_MILES, frozenset())
    assert [i.npi for i in read(tmp_path / "npidata_pfile.csv", data, scope)] == NPIS[:6]


@pytest.mark.parametrize("style", ["all", "few", "number"])
@pytest.mark.parametrize(("city", "state", "postal", "found"), [
    ("SEATTLE", "WA", "", True), ("SEATTLE", "WA", "00000", True), ("SEATTLE", "WA", "98101", True), ("SEATTLE", "WA", "999999999", True),
    ("Seattle", " WA\t", "", True), ("SEATTLE", "wa", "", False), ("SEATTLE", "wa", "98101", True), ("SPOKANE", "WA", "", False), ("SPOKANE", "WA", "00000", False), ("SEATTLE", "OR", "", False),
    ("", "", "", False), ("NOWHERE", "WA", "98111", True), ("NOWHERE", "WA", "99299", False), ("SEATTLE", "WA", "99201", False),
    ("SEATTLE", "WA", "2108", False), ("SEATTLE", "WA", "981", True),
])  # fmt: skip
def test_where_a_zip_code_says_nothing_the_town_does_and_then_the_wider_area(
    tmp_path, style, city, state, postal, found
):
    row = ("1", "", "HALE", "ROBIN", "1 MAIN ST", city, state, postal, "", "111N00000X", "Y", "")
    scope = registry.Scope(frozenset({"chiropractor"}), SEATTLE, TEN_MILES, frozenset())
    items = read(tmp_path / "npidata_pfile.csv", written([(NPIS[0], *row)], style), scope)
    assert bool([i for i in items if isinstance(i, Record)]) is found


def test_a_file_whose_columns_stand_in_another_order_is_read_line_by_line(tmp_path):
    order = [*range(5), 7, 6, 5, *range(8, len(COLUMNS))]
    row = (NPIS[0], "1", "", "HALE", "ROBIN", "1 MAIN ST", "SEATTLE", "WA", "", "", "111N00000X", "Y", "")
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(
        [[line[i] for i in order] for line in (COLUMNS, row)]
    )
    scope = registry.Scope(frozenset({"chiropractor"}), SEATTLE, TEN_MILES, frozenset())
    assert (
        len([i for i in read(tmp_path / "npidata_pfile.csv", out.getvalue().encode(), scope) if isinstance(i, Record)])
        == 1
    )
