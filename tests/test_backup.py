"""Backups: taken from a living installation, checked, restored elsewhere, compared; on both databases."""

from __future__ import annotations

import json
import tempfile
import zipfile
from functools import cache
from pathlib import Path

import pytest

from tests.installation import Installation, founded

pytestmark = pytest.mark.database


@cache
def _lived_in() -> Installation:
    """Two practices in one installation, each with people; made once, to be copied."""
    made = Installation(Path(tempfile.mkdtemp(prefix="kneadwork-lived-in-")) / "home", founded())
    made.run("setup", "--name", "Quiet Hands", "--state", "WA", "--zip", "98107", "--email", "jo@practice.example")
    for name in ("Ballard Hands", "Quiet Hands"):
        who = f"Amara Lindqvist {name}"
        made.run("add", who, "--profession", "chiropractor", "--phone", "206 555 0101", "--practice", name)
    return made


@pytest.fixture
def installation(tmp_path) -> Installation:
    """Two practices in one installation, each with people."""
    return Installation(tmp_path / "lived_in", _lived_in())


def people(installation: Installation, practice: str) -> list[dict]:
    return installation.run("connections", "--practice", practice)["connections"]


def fails(installation: Installation, *words: str) -> str:
    """Run a command that must fail; answers its sentence."""
    process = installation.begin(*words)
    _told, complained = process.communicate(timeout=120)
    assert process.returncode == 1 and "Traceback" not in complained, complained
    return complained


def test_what_is_restored_elsewhere_is_what_was_there(installation, tmp_path):
    backup = tmp_path / "kept.age"
    made = installation.run("backup", "--out", str(backup))
    assert installation.run("verify", str(backup))["good"]
    new = Installation(tmp_path / "moved_to")
    new.run("restore", str(backup), "--key", made["key"])
    for practice in ("Ballard Hands", "Quiet Hands"):
        assert people(new, practice) == people(installation, practice) and len(people(new, practice)) == 1
    checks = new.run("doctor")
    assert checks["good"], checks
    new.run("add", "Kofi Osei", "--practice", "Quiet Hands")  # it lives on
    assert len(people(new, "Quiet Hands")) == 2 and len(people(new, "Ballard Hands")) == 1


def test_nothing_is_restored_over_a_practice_that_is_there(installation, tmp_path):
    backup = tmp_path / "kept.age"
    made = installation.run("backup", "--out", str(backup))
    home = tmp_path / "lived_in"
    (home / "keyring").write_text("a newer key than the backup's")
    (home / "secret_key").write_text("another secret than the backup's " * 2)
    before = {file: file.read_bytes() for file in home.rglob("*") if file.is_file() and "sqlite3" not in file.name}
    assert "already" in fails(installation, "restore", str(backup), "--key", made["key"])
    assert {file: file.read_bytes() for file in before} == before and not list(home.glob("restoring-*"))
    assert len(people(installation, "Quiet Hands")) == 1


def test_a_backup_leaves_a_line_in_every_practices_history(installation, tmp_path):
    installation.run("backup", "--out", str(tmp_path / "kept.age"))
    for practice in ("Ballard Hands", "Quiet Hands"):
        out = tmp_path / f"{practice}.zip"
        installation.run("export", "--practice", practice, "--out", str(out))
        acts = json.loads(zipfile.ZipFile(out).read("act.json"))
        assert [a["by_name"] for a in acts if a["kind"] == "backup"] == ["command line"]


def test_a_damaged_backup_or_a_wrong_key_is_said_and_restores_nothing(installation, tmp_path):
    backup = tmp_path / "kept.age"
    made = installation.run("backup", "--out", str(backup))
    new = Installation(tmp_path / "moved_to")
    assert "damaged" in fails(new, "restore", str(backup), "--key", "another-key")
    data = bytearray(backup.read_bytes())
    data[len(data) // 2] ^= 1
    backup.write_bytes(data)
    assert "damaged" in fails(new, "verify", str(backup), "--key", made["key"])
    assert not list(tmp_path.glob("*.part"))


def test_a_backup_and_its_key_give_nothing_away(installation, tmp_path):
    backup, key = tmp_path / "kept.age", installation.home / "backup_key"
    made = installation.run("backup", "--out", str(backup))
    data = backup.read_bytes()
    assert data.startswith(b"age-encryption.org/v1\n-> scrypt ")
    assert not any(words in data for words in (b"Lindqvist", b"SQLite", b"CREATE", b"manifest", b"\x1f\x8b\x08\x00"))
    assert made["key"] == key.read_text().strip() and key.stat().st_mode & 0o077 == 0
    other = Installation(tmp_path / "another", founded())
    theirs = other.run("backup", "--out", str(tmp_path / "theirs.age"))["key"]
    assert theirs != made["key"] and all(
        len(set(k)) > 8 and len(k.replace("-", "")) >= 32 for k in (theirs, made["key"])
    )
