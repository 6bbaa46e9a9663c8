"""Files in and out: imports and their undo, letters, the export; and Today."""

import io
import zipfile

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from kneadwork.api.tests.program import is_problem
from kneadwork.network import resting
from kneadwork.network.models import Connection
from tests.builders import TODAY, a_connection

CARD = b"BEGIN:VCARD\r\nVERSION:3.0\r\nN:Ruiz;Ana;;;\r\nFN:Ana Ruiz\r\nTEL:+1 206 555 0101\r\nEND:VCARD\r\n"
STREET = {"line1": "1 Pine St", "city": "Seattle", "region": "WA", "postal": "98101"}


def send(program, query="", data=CARD, kind="text/vcard", **headers):
    named = {"Authorization": f"Bearer {program.secret}"} | {k.replace("_", "-"): v for k, v in headers.items()}
    return program.client.generic("POST", f"/api/v1/imports{query}", data, content_type=kind, headers=named)


def kept_uploads() -> set[str]:
    """What lies in the folder of uploads."""
    folder = settings.HOME / "uploads"
    return {p.name for p in folder.iterdir()} if folder.exists() else set()


def test_a_file_is_imported_found_again_and_taken_back(program):
    before = kept_uploads()
    answer = send(program)
    assert answer.status_code == 201, answer.content
    document = answer.json()
    assert document["read"] == document["created"] == 1 and document["rejected"] == []
    path = f"/imports/{document['import']}"
    assert answer["Location"].endswith(path) and program.get(path).json() == document
    undone = program.post(f"{path}:undo", {})
    assert undone.json() == {"removed": 1, "restored": 0, "stays": []}
    assert Connection.objects.count() == 0
    assert is_problem(program.post(f"{path}:undo", {}), 409)
    assert kept_uploads() == before


def test_a_form_with_the_file_does_the_same(program):
    upload = SimpleUploadedFile("people.vcf", CARD)
    headers = {"Authorization": f"Bearer {program.secret}"}
    answer = program.client.post("/api/v1/imports?kind=contacts", {"file": upload}, headers=headers)
    assert answer.status_code == 201 and answer.json()["created"] == 1
    empty = program.client.post("/api/v1/imports", {"other": "x"}, headers=headers)
    assert is_problem(empty, 422)
    assert is_problem(send(program, kind="multipart/form-data"), 400)
    assert is_problem(send(program, kind="multipart/form-data; boundary=x"), 422)


def test_a_dry_run_keeps_nothing(program):
    document = send(program, "?dry_run=true").json()
    assert document["created"] == 1 and document["import"] is None and Connection.objects.count() == 0


def test_an_import_is_done_once_under_one_key(program):
    first, again = (send(program, Idempotency_Key="one") for _ in range(2))
    assert first.json() == again.json() and again["Idempotency-Replayed"] == "true"
    other = send(program, data=CARD.replace(b"Ana", b"Eva"), Idempotency_Key="one")
    assert is_problem(other, 422) and Connection.objects.count() == 1


def test_a_file_that_cannot_be_read_is_refused_and_its_key_is_free_again(program):
    assert is_problem(send(program, data=b"%PDF-1.7", Idempotency_Key="one"), 422)
    assert send(program, Idempotency_Key="one").status_code == 201


def test_wrong_options_are_refused(program):
    for query in ("?kind=places", "?professions=wizard", "?within=-1", "?near=Atlantis", "?keep=1"):
        assert is_problem(send(program, query), 422), query
    assert is_problem(send(program, data=b"{}", kind="application/json"), 415)
    assert is_problem(program.get("/imports/0000000000000"), 404)
    assert is_problem(program.post("/imports/0000000000000:undo", {}), 404)


def test_letters_come_as_one_pdf(program):
    here = a_connection("Ann Write", address=STREET)
    answer = program.post("/letters", {"to": [here.ref], "template": "first_medical"})
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert here.releases.get().what == "letter"
    by_query = program.post("/letters", {"to": "stream=medical&q=write"}, Idempotency_Key="one")
    again = program.post("/letters", {"to": "stream=medical&q=write"}, Idempotency_Key="one")
    assert by_query.content == again.content and here.releases.count() == 2


def test_letters_that_cannot_be_are_refused_with_the_reason(program):
    here = a_connection("Ann Stop", address=STREET)
    resting.stop(here, on=TODAY, how="by phone", by_name="test")
    assert is_problem(program.post("/letters", {"to": [here.ref]}), 422)
    assert is_problem(program.post("/letters", {"to": [here.ref], "template": "none such"}), 422)
    assert is_problem(program.post("/letters", {"to": "stream=medicine"}), 422)
    assert is_problem(program.post("/letters", {"to": "strem=medical"}), 422)
    assert is_problem(program.post("/letters", {"to": ["0000000000000"]}), 404)
    assert is_problem(program.post("/letters", {}), 422)
    assert here.releases.count() == 0


def test_the_export_is_a_zip_of_everything(program):
    a_connection("Ann Taken")
    answer = program.get("/export")
    assert answer["Content-Type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert "Ann Taken" in archive.read("connections.vcf").decode()
    assert "api/keptanswer.json" not in archive.namelist() and "keptanswer.json" not in archive.namelist()


def test_today_is_the_same_for_the_same_day(program, practice):
    a_connection("Ann Next", address=STREET, phones=["206 555 0101"])
    first, again = program.get("/today?on=2027-01-04&minutes=120"), program.get("/today?on=2027-01-04&minutes=120")
    assert first.json() == again.json() and first["ETag"] == again["ETag"]
    (action,) = first.json()["actions"]
    assert action["name"] == "Ann Next" and action["reason"] and action["minutes"] <= 120
    assert is_problem(program.get("/today?on=tomorrow"), 422)
    assert program.get("/today?on=2199-12-31").status_code == 200
    assert program.get("/today?on=1900-01-01").status_code == 200
