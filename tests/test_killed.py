"""Killed in the middle of its work, the program leaves all of it or nothing, and goes on without a word."""

from __future__ import annotations

import os
import random
import time

import pytest

from tests.installation import Installation

PEOPLE = 150


@pytest.fixture
def installation(tmp_path) -> Installation:
    """A fresh installation with a practice."""
    made = Installation(tmp_path / "home", f"killed_{os.getpid()}_{time.monotonic_ns()}")
    made.run("setup", "--name", "Ballard Hands", "--state", "WA", "--zip", "98107", "--email", "robin@practice.example")
    return made


def cards(number: int) -> str:
    """A file of people that no other file names."""
    one = "BEGIN:VCARD\nVERSION:3.0\nFN:Given{n} Family{f}\nEMAIL:p{n}.{f}@post.example\nTEL:206-555-01{d:02d}\nEND:VCARD\n"
    return "".join(one.format(n=n, f=number, d=n % 100) for n in range(PEOPLE))


@pytest.mark.database
def test_an_import_killed_ten_times_is_there_wholly_or_not_at_all(installation, tmp_path):
    files = []
    for number in range(11):
        files.append(tmp_path / f"people{number}.vcf")
        files[-1].write_text(cards(number))
    begun = time.monotonic()
    assert installation.run("import", str(files[0]))["created"] == PEOPLE
    whole, chance, killed = time.monotonic() - begun, random.Random(3), 0  # noqa: S311
    there = PEOPLE
    for file in files[1:]:
        killed += installation.killed_after(whole * chance.uniform(0.3, 1.0), "import", str(file))
        assert installation.run("doctor")["good"]
        now = len(installation.run("connections", "--limit", "5000")["connections"])
        assert now in (there, there + PEOPLE), f"{now - there} of {PEOPLE} people are there"
        there = now
    assert killed >= 5
    again = [installation.run("import", str(file)) for file in files[-2:]]
    assert all(a["created"] + a["unchanged"] == PEOPLE and not a["updated"] for a in again)
