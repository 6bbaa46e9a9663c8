"""Several files are imported all or not at all, and one id takes all of them back."""

from __future__ import annotations

from pathlib import Path

import pytest

from kneadwork.common import undo
from kneadwork.exchange import importing
from kneadwork.network.models import Connection
from tests.test_imports import accounted, bring, pictures


def a_file(folder, name: str, person: str) -> Path:
    (folder / name).write_text(f"BEGIN:VCARD\nFN:{person}\nEMAIL:{person.split()[0].lower()}@post.example\nEND:VCARD\n")
    return folder / name


def test_several_files_have_one_id_that_takes_all_of_them_back(practice, tmp_path):
    files = [a_file(tmp_path, f"{n}.vcf", f"{name} Stone") for n, name in enumerate(("Ada", "Bo", "Ada"))]
    before = pictures()
    answer = importing.import_files(files, practice=practice, by_name="test")
    assert (answer["read"], answer["created"], answer["unchanged"]) == (3, 2, 1) and len(answer["imports"]) == 3
    done = importing.undo(answer["import"], by_name="test")
    assert done["removed"] == 2 and done["stays"] == [] and pictures() == before
    with pytest.raises(undo.AlreadyUndone):
        importing.undo(answer["import"], by_name="test")


def test_of_several_files_those_not_taken_back_yet_are(practice, tmp_path):
    files = [a_file(tmp_path, f"{name}.vcf", f"{name} Stone") for name in ("Ada", "Bo")]
    answer = importing.import_files(files, practice=practice, by_name="test")
    importing.undo(answer["imports"][0], by_name="test")
    assert importing.undo(answer["import"], by_name="test")["removed"] == 1
    assert not Connection.objects.exists()


@pytest.mark.parametrize("later", ["missing.vcf", "empty.vcf", "broken.xlsx"])
def test_a_file_that_fails_leaves_nothing_of_those_before_it(practice, tmp_path, later):
    first = a_file(tmp_path, "ada.vcf", "Ada Stone")
    if later != "missing.vcf":
        (tmp_path / later).write_text("" if later == "empty.vcf" else "nothing here says a name\n1\n")
    before = pictures()
    with pytest.raises(importing.NothingKept) as refused:
        importing.import_files([first, tmp_path / later], practice=practice, by_name="test")
    assert refused.value.__cause__ is not None and pictures() == before


def test_an_unknown_part_of_an_id_takes_nothing_back(practice, tmp_path):
    answer = bring(practice, a_file(tmp_path, "ada.vcf", "Ada Stone"))
    with pytest.raises(importing.NoSuchImport):
        importing.undo(f"{answer['import']}+0000000000000", by_name="test")
    assert Connection.objects.count() == 1


@pytest.mark.corpus
def test_every_contact_file_of_the_corpus_comes_in_and_all_are_taken_back_as_one(practice, corpus):
    before, refs = pictures(), []
    for file in sorted(f for folder in ("vcard", "contacts_csv") for f in (corpus / folder).rglob("*")):
        if file.suffix in (".vcf", ".json", ".csv"):
            first, again = bring(practice, file), bring(practice, file)
            assert accounted(first) and again["created"] == again["updated"] == 0, file.name
            refs += [first["import"], again["import"]]
    assert len(refs) > 100 and Connection.objects.count() > 100
    importing.undo("+".join(refs), by_name="test")
    assert pictures() == before
