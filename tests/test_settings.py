"""Settings: each that is read is named by the doctor and by the manual, and the doctor checks what can be checked."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kneadwork.common.environment import VARIABLES
from tests.installation import Installation, founded

ROOT = Path(__file__).resolve().parents[1]
NAME = re.compile(r"(?<![A-Z_])(?:KNEADWORK_[A-Z]+(?:_[A-Z]+)*|DATABASE_URL)(?![A-Z_*])")


def named_in(*files: Path) -> set[str]:
    return {name for file in files for name in NAME.findall(file.read_text())}


def test_every_setting_that_the_program_reads_is_listed():
    sources = [f for f in (ROOT / "src").rglob("*.py") if "tests" not in f.parts]
    read = named_in(*(f for f in sources if f.name != "environment.py"))
    body = (ROOT / "src/kneadwork/common/environment.py").read_text().partition("REGISTRY =")[2]
    assert read | set(NAME.findall(body)) == set(VARIABLES)


def test_the_manual_has_a_line_for_each_and_for_no_other():
    page = (ROOT / "docs/manual/settings.md").read_text()
    assert set(re.findall(r"^\| `(\w+)` \|", page, re.M)) == set(VARIABLES)
    everything = [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", *(ROOT / "deploy").iterdir()]
    assert named_in(*everything) - {"KNEADWORK_CORPUS"} == set(VARIABLES)


@pytest.fixture
def installation(tmp_path) -> Installation:
    return Installation(tmp_path / "home", founded())


def doctor(installation: Installation) -> tuple[int, dict]:
    """The exit status, and each check's answer."""
    process = installation.begin("doctor", "--json")
    told, complained = process.communicate(timeout=120)
    assert "Traceback" not in complained, complained
    document = json.loads(told)
    assert {s["name"] for s in document["settings"]} == set(VARIABLES)
    assert document["good"] is (process.returncode == 0)
    return process.returncode, {c["check"]: c for c in document["checks"]}


KEEP = """
from kneadwork.common import acts, storage
from kneadwork.common.tenancy import acting_in
from kneadwork.practice.models import Practice
with acting_in(Practice.objects.get().pk), acts.act("file", by_name="test"):
    storage.keep(b"words", name="x", media_type="text/plain")
answer = {}
"""


@pytest.mark.database
def test_the_doctor_notices_what_is_wrong_with_keys_files_and_addresses(installation):
    installation.inside(KEEP)
    assert doctor(installation)[0] == 0
    keyring = installation.home / "keyring"
    kept, (file,) = keyring.read_text(), (installation.home / "files").iterdir()

    keyring.write_text("k2:" + "00" * 32 + "\n")
    status, checks = doctor(installation)
    assert status == 1 and not checks["keys"]["good"]
    keyring.write_text(kept)
    keyring.chmod(0o644)
    status, checks = doctor(installation)
    assert status == 1 and "keyring" in checks["data directory"]["words"]
    keyring.chmod(0o600)
    file.rename(installation.home / "elsewhere")
    assert not doctor(installation)[1]["keys"]["good"]
    (installation.home / "elsewhere").rename(file)

    for name, value in (
        ("KNEADWORK_PUBLIC_URL", "http://hands.example"),
        ("KNEADWORK_REGISTRY_URL", "npiregistry.example"),
        ("KNEADWORK_MAIL_URL", "mail.hands.example"),
        ("KNEADWORK_TILES_URL", "https://tiles.example/{z}/{x}.png"),
    ):
        installation.environment[name] = value
        status, checks = doctor(installation)
        assert status == 1 and name in checks["addresses"]["words"]
        del installation.environment[name]
    assert doctor(installation)[0] == 0
