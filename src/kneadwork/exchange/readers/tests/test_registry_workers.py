"""A large file looked through by several processes gives what one process finds, line numbers and all."""

from __future__ import annotations

import zipfile

import pytest

from kneadwork.exchange.neutral import OutOfScope, Record
from kneadwork.exchange.readers import registry, registry_workers
from kneadwork.exchange.readers.tests.test_registry_cut import COLUMNS, NPIS, SEATTLE, TEN_MILES, written


def rows(count: int) -> list[tuple[str, ...]]:
    """Rows of whom every seventh is a chiropractor in Seattle; some fields go over two lines."""
    made = []
    for n in range(count):
        near = n % 7 == 0
        street = "1 MAIN ST\nSUITE 2" if n % 11 == 0 else "1 MAIN ST"
        made.append((NPIS[n % len(NPIS)], "1", "", "HALE", f"ROBIN{n}", street, "SEATTLE" if near else "SPOKANE", "WA",
                     "981010000" if near else "992010000", "", "111N00000X", "Y", ""))  # fmt: skip
    return made


@pytest.mark.parametrize("packed", [False, True])
def test_several_processes_find_what_one_finds(tmp_path, monkeypatch, packed):
    path = tmp_path / "npidata_pfile_1.csv"
    path.write_bytes(written(rows(3000), "all"))
    if packed:
        with zipfile.ZipFile(tmp_path / "month.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(path, path.name)
        path = tmp_path / "month.zip"
    scope = {"near": SEATTLE, "within_m": TEN_MILES, "professions": frozenset({"chiropractor"}), "known": frozenset()}
    alone = list(registry.read(path, **scope))
    monkeypatch.setattr(registry_workers, "LARGE", 0)
    together = list(registry.read(path, **scope))
    assert together == alone
    assert sum(isinstance(i, Record) for i in together) == 429
    assert sum(i.count for i in together if isinstance(i, OutOfScope)) == 3000 - 429
    assert len(COLUMNS) == len(rows(1)[0])


def test_who_stops_reading_leaves_no_process_behind(tmp_path, monkeypatch):
    begun = []
    path = tmp_path / "npidata_pfile_1.csv"
    path.write_bytes(written(rows(3000), "all"))
    monkeypatch.setattr(registry_workers, "LARGE", 0)
    begin = registry_workers._begin
    monkeypatch.setattr(registry_workers, "_begin", lambda *given: begun.append(begin(*given)) or begun[-1])
    reading = registry.read(
        path, near=SEATTLE, within_m=TEN_MILES, professions=frozenset({"chiropractor"}), known=frozenset()
    )
    next(reading)
    reading.close()
    assert begun and all(process.returncode is not None for process in begun)
