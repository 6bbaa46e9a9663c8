"""The program's commands as CONTRACTS.md promises them: one JSON document, messages apart, exit status 0, 1 or 2."""

from __future__ import annotations

import json
import zipfile

import pytest

from kneadwork.cli.program import COMMANDS, LATER
from tests.installation import SECONDS, Installation, founded

pytestmark = pytest.mark.database
CARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Amara Lindqvist DC\nTEL:206-555-0101\nEMAIL:amara@spine.example\n{adr}END:VCARD\n"
ADDRESS = "ADR;TYPE=WORK:;;1 Main St;Seattle;WA;98107;USA\n"


@pytest.fixture
def installation(tmp_path) -> Installation:
    return Installation(tmp_path / "home", founded())


def ended(installation: Installation, *words: str) -> tuple[int, str, str]:
    """Exit status, standard output, standard error."""
    process = installation.begin(*words)
    told, complained = process.communicate(timeout=SECONDS)
    return process.returncode, told, complained


def test_from_a_file_to_letters_and_back(installation, tmp_path):
    card, letters, export = tmp_path / "one.vcf", tmp_path / "letters.pdf", tmp_path / "all.zip"
    card.write_text(CARD.format(adr=ADDRESS))
    tried = installation.run("import", str(card), "--dry-run")
    assert tried["import"] is None and tried["created"] == 1
    done = installation.run("import", str(card))
    assert set(done) >= {"import", "read", "created", "updated", "unchanged", "merged", "retired", "out_of_scope", "rejected",
                         "warnings"}  # fmt: skip
    listed = installation.run("connections", "--stream", "medical", "--q", "lindq", "--limit", "5")
    (person,) = listed["connections"]
    assert listed["total"] == 1 and person["reasons"] and person["distance_m"] is not None
    (action,) = installation.run("today", "--minutes", "60")["actions"]
    assert action["kind"] == "letter" and action["connection"] == person["id"]
    assert installation.run("letters", "--to", "stream=medical", "--out", str(letters))["letters"] == 1
    assert letters.read_bytes().startswith(b"%PDF")
    installation.run("export", "--out", str(export))
    assert {"connections.vcf", "connections.csv"} <= set(zipfile.ZipFile(export).namelist())
    (stays,) = installation.run("undo", done["import"])["stays"]  # a letter was written to them since
    assert stays and installation.run("connections")["total"] == 1
    other = tmp_path / "other.vcf"
    other.write_text(
        CARD.format(adr="").replace("Amara Lindqvist DC", "Kofi Osei").replace("amara", "kofi").replace("0101", "0102")
    )
    done = installation.run("import", str(other))
    assert done["created"] == 1 and installation.run("undo", done["import"])["removed"] == 1
    assert installation.run("connections")["total"] == 1
    status, _told, complained = ended(installation, "undo", done["import"])
    assert status == 1 and complained.strip() and "Traceback" not in complained


def test_several_files_are_imported_and_taken_back_as_one(installation, tmp_path):
    files = [tmp_path / f"{name}.vcf" for name in ("amara", "kofi")]
    for file in files:
        file.write_text(CARD.format(adr="").replace("Amara", file.stem.title()).replace("amara", file.stem))
    status, told, complained = ended(installation, "import", *map(str, files), str(tmp_path / "missing.vcf"))
    assert (status, told) == (1, "") and "missing.vcf" in complained and "Nothing was kept" in complained
    assert installation.run("connections")["total"] == 0
    done = installation.run("import", *map(str, files))
    assert done["created"] == 2 and installation.run("undo", done["import"])["removed"] == 2
    assert installation.run("connections")["total"] == 0


def test_a_key_and_a_sign_in_address_are_shown_once(installation):
    key = installation.run("token", "create", "--name", "calendar")
    assert len(key["token"]) > 30
    (listed,) = installation.run("token", "list")["tokens"]
    assert listed["id"] == key["id"] and key["token"] not in str(listed)
    assert installation.run("token", "revoke", "--name", "calendar")["revoked"] == [key["id"]]
    assert installation.run("token", "list")["tokens"] == []
    assert ended(installation, "token", "revoke", "--name", "calendar")[0] == 1
    assert "/sign-in/" in installation.run("member", "reset", "robin@practice.example")["sign_in_url"]
    assert ended(installation, "member", "reset", "nobody@practice.example")[0] == 1


def test_the_doctor_is_content_with_a_fresh_installation(installation):
    document = installation.run("doctor")
    assert document["good"] and {c["check"] for c in document["checks"]} >= {"database", "schema", "derived values"}


@pytest.mark.parametrize("words", [
    ("import", "nowhere.vcf"), ("import", "."), ("undo", "0000000000000"), ("undo", "nonsense"), ("letters", "--out", "l.pdf"),
    ("restore", "nowhere.age"), ("verify", "nowhere.age"), ("add", "Kofi Osei", "--phone", "12"), ("scan", "nowhere.jpg"), ("scan", "."),
])  # fmt: skip
def test_what_cannot_be_done_is_one_plain_sentence(installation, words):
    status, told, complained = ended(installation, *words, "--json")
    assert status == 1 and told == "", (told, complained)
    lines = [line for line in complained.splitlines() if line.strip()]
    assert len(lines) == 1 and "Traceback" not in complained and "Error" not in complained, complained


@pytest.mark.parametrize("words", [
    (), ("nonsense",), ("import",), ("scan",), ("import", "a.vcf", "--within", "nan"), ("import", "a.vcf", "--within=-5"),
    ("import", "a.vcf", "--within", "inf"), ("import", "a.vcf", "--within", "0"), ("connections", "--order", "sideways"), ("connections", "--stream", "nobody"),
    ("setup",), ("today", "--on", "yesterday"), ("connections", "--practice", "Nobody's"),
    ("connections", "--limit", "9" * 20), ("connections", "--limit", "0"), ("connections", "--limit", "²"),
    ("today", "--on", "9999-12-31"), ("today", "--on", "0001-01-01"), ("today", "--minutes", "-5"),
    ("add", "E Mail", "--email", "notanemail"), ("start", "--port", "70000"),
    ("letters", "--to", "straem=medical", "--out", "l.pdf"), ("letters", "--to", "stage=bogus", "--out", "l.pdf"),
    ("letters", "--template", "nope", "--out", "l.pdf"), ("letters", "--out", "no/such/folder/x.pdf"),
    ("export", "--out", "no/such/folder/x.zip"), ("backup", "--out", "no/such/folder/x.age"),
    ("connections", "--near", "nowhere"), ("connections", "--profession", "bogus"), ("import", "a.vcf", "--near", "xx"),
    ("check",), ("check", "incentive"), ("check", "incentive", "--state", "XX", "--kind", "coupon", "--value", "10"),
    ("check", "disclosure", "--to", "public", "--about", "Zelda", "--purpose", "curiosity"),
])  # fmt: skip
def test_wrong_usage_ends_with_two(installation, words):
    status, told, complained = ended(installation, *words)
    assert status == 2 and told == "" and complained and "Traceback" not in complained


SETUP = {"--name": "Gamma Hands", "--state": "WA", "--zip": "98101", "--email": "g@practice.example",
         "--time-zone": "America/Denver"}  # fmt: skip


@pytest.mark.parametrize(("option", "value"), [
    ("--time-zone", "Nope/Zone"), ("--time-zone", "../etc/passwd"), ("--state", "ZZ"), ("--zip", "abc"),
    ("--email", "notanemail"),
])  # fmt: skip
def test_a_setup_with_something_wrong_makes_nothing(installation, option, value):
    words = [word for pair in (SETUP | {option: value}).items() for word in pair]
    status, told, complained = ended(installation, "setup", *words, "--json")
    assert status == 2 and told == "" and value in complained and "Traceback" not in complained
    right = [word for pair in SETUP.items() for word in pair]
    assert installation.run("setup", *right)["practice"], "the name is still free"


@pytest.mark.parametrize("form", [("--json",), ()])
def test_whoever_stops_reading_gets_no_traceback(installation, form):
    installation.run("add", "Kofi Osei")
    process = installation.begin("connections", *form)
    process.stdout.close()  # long before the program has anything to write
    complained = process.stderr.read()
    assert process.wait(timeout=SECONDS) == 1
    assert "Traceback" not in complained and "BrokenPipe" not in complained and len(complained.splitlines()) == 1


def test_today_answers_in_the_kinds_that_are_agreed(installation):
    installation.run("add", "Kofi Osei")
    (action,) = installation.run("today")["actions"]
    assert action["kind"] == "insight" and "No telephone, e-mail or address" in action["reason"]


def test_a_reward_is_checked_for_a_state(installation):
    found = installation.run(
        "check", "incentive", "--state", "FL", "--kind", "coupon", "--value", "10", "--payers", "cash"
    )
    assert found["answer"] == "prohibited" and found["citations"][0]["citation"] == "Fla. Stat. 817.505"


def test_what_comes_later_says_so(installation):
    for command in sorted(LATER):
        status, _told, complained = ended(installation, command)
        assert status == 2 and "not there yet" in complained


def test_every_command_explains_itself(installation):
    for command in COMMANDS:
        status, told, _complained = ended(installation, command, "--help")
        assert status == 0 and command in told and "\n" in told


def test_json_is_the_only_thing_on_standard_output(installation):
    status, told, _complained = ended(installation, "add", "Kofi Osei", "--json")
    assert status == 0 and json.loads(told)


def test_somebody_added_twice_is_told_and_offered_as_one(installation):
    ended(installation, "add", "Ida Halvorsen, DC", "--email", "ida@people.example")
    status, told, _complained = ended(
        installation, "add", "Ida Halvorsen, DC", "--email", "ida@people.example", "--json"
    )
    [alike] = json.loads(told)["look_alikes"]
    assert status == 0 and (alike["name"], alike["why"]) == ("Ida Halvorsen, DC", "the same e-mail")
