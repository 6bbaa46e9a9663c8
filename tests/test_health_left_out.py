"""A booking product's file in which every column could say something about health: none of it is kept unless asked for."""

from __future__ import annotations

import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kneadwork.api.tests.program import Program
from kneadwork.common.models import Change
from kneadwork.exchange.models import Import, StagedRow
from kneadwork.network.models import Connection, Provenance
from tests.builders import do_jobs
from tests.installation import Installation, ready

TITLES = ["DOB", "Client Notes", "Comments", "Medical History", "Allergy", "Current Medications", "Pronouns", "Reason for visit", "Pregnant",
          "Diagnosis Code", "Health conditions", "Notes 1", "Medical Alerts", "Birthdate", "Appointment notes"]  # fmt: skip
VALUES = [f"asthma{number}" for number in range(len(TITLES))]
FILE = (
    f"First Name,Last Name,Email,Last Visit,{','.join(TITLES)},Shoe\n"
    f"Ana,Ruiz,ana@ruiz.example,2026-10-01,{','.join(VALUES)},39\n"
)


def everything_stored() -> str:
    """All that is kept of an import: the staged rows, the connections, where values came from, the history."""
    tables = (Import, StagedRow, Connection, Provenance, Change)
    return json.dumps([list(model.objects.values()) for model in tables], default=str)


pytestmark = pytest.mark.database


@pytest.fixture
def dropped(client, owner, practice) -> Import:
    """The file dropped on the page and read."""
    client.force_login(owner.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.post(reverse("network:import"), {"file": SimpleUploadedFile("clients.csv", FILE.encode())})
    do_jobs()
    return Import.objects.get()


def test_the_page_names_what_is_left_out_and_keeps_none_of_it(client, dropped):
    page = client.get(reverse("network:import_preview", args=[dropped.pk])).content.decode()
    assert page.count("Left out, for it can say something about health") == len(TITLES)
    assert f"health: {', '.join(TITLES)}. To take them over too, tick" in page and "asthma" not in page
    client.post(reverse("network:import_keep", args=[dropped.pk]))
    ana = Connection.objects.get()
    assert (ana.extra, ana.note) == ({"Shoe": "39"}, "") and "asthma" not in everything_stored()


def test_the_tick_takes_all_of_it_over(client, dropped):
    columns = {f"column-{number}": field for number, field in dropped.mapping["columns"].items()}
    address = reverse("network:import_columns", args=[dropped.pk])
    client.post(address, {"as": "booking", "keep_health": "1", **columns})
    do_jobs()
    client.post(reverse("network:import_keep", args=[dropped.pk]))
    ana = Connection.objects.get()
    assert all(value in f"{ana.note} {ana.extra}" for value in VALUES)


def test_a_program_is_told_and_nothing_of_it_is_kept(owner, practice):
    program = Program(owner)
    headers = {"Authorization": f"Bearer {program.secret}"}
    answer = program.client.generic("POST", "/api/v1/imports", FILE.encode(), content_type="text/csv", headers=headers)
    document = answer.json()
    assert document["created"] == 1 and all(title in document["warnings"][0] for title in TITLES)
    assert "asthma" not in everything_stored() + answer.content.decode()


def test_the_command_says_so_and_nothing_of_it_leaves_again(tmp_path):
    installation = Installation(tmp_path / "home", ready())
    installation.run(
        "setup", "--name", "Alder Room", "--state", "WA", "--zip", "98101", "--email", "robin@practice.example"
    )
    path, out = tmp_path / "bk.csv", tmp_path / "x.zip"
    path.write_text(FILE)
    told = installation.run("import", str(path))
    assert told["created"] == 1 and all(title in told["warnings"][0] for title in TITLES)
    installation.run("export", "--out", str(out))
    with zipfile.ZipFile(out) as archive:
        assert not any(b"asthma" in archive.read(name) for name in archive.namelist())
