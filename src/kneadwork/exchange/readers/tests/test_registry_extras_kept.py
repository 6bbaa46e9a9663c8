"""What the further files add to connections that are kept: never more than they say, never to one who left."""

from __future__ import annotations

import zipfile
from pathlib import Path

from kneadwork.exchange import importing
from kneadwork.exchange.keeping import keep
from kneadwork.exchange.models import StagedRow
from kneadwork.exchange.readers.tests.test_registry_extras import MAIN, NAMES, ONE, a_file
from kneadwork.network.models import Connection, Retirement
from tests.builders import TODAY


def a_month(folder: Path, name: str, ended: str = "") -> Path:
    """A monthly zip about one office, with another name of it."""
    main = a_file(
        folder / "npidata_pfile_1.csv", MAIN, (ONE, "1", "HALE", "ANN", "981010000", ended, "111N00000X", "Y")
    )
    names = a_file(folder / "othername_pfile_1.csv", NAMES, (ONE, "HALE SPINE", "3"))
    with zipfile.ZipFile(folder / name, "w") as archive:
        for file in (main, names):
            archive.write(file, file.name)
    return folder / name


def test_a_further_row_brings_nobody_back_whom_the_registry_retired(practice, tmp_path):
    importing.import_file(a_month(tmp_path, "1.zip"), practice=practice)
    gone = a_month(tmp_path, "2.zip", ended="01/31/2020")
    importing.import_file(gone, practice=practice)
    again = importing.import_file(gone, practice=practice)
    assert Retirement.objects.count() == 1 and again["updated"] == again["retired"] == 0


def test_a_further_row_of_one_who_was_left_out_makes_nobody(practice, owner, tmp_path):
    batch = importing.begin(practice, a_month(tmp_path, "1.zip"))
    importing.read_in(batch, practice)
    StagedRow.objects.filter(batch=batch, outcome="created").update(choice={"leave_out": True})
    keep(batch, on=TODAY, by=owner)
    assert not Connection.objects.exists()
