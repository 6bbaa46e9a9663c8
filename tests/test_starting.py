"""`kneadwork start`: one serves a data directory, and says where it is open."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import urllib.request

import pytest

from kneadwork.cli.only_one import Taken, only_start
from tests.installation import SOURCE, Installation, opened
from tests.test_public_address import free_ports

SECONDS = 90


@pytest.fixture
def installation(tmp_path) -> Installation:
    """An empty data directory."""
    return Installation(tmp_path / "home")


@pytest.fixture
def start(installation):
    """Start in the installation as it is; stopped at the end."""
    running = []

    def begin(*words: str):
        (port,) = free_ports(1)
        process = installation.begin("start", "--no-browser", "--port", str(port), *words)
        running.append(process)
        return process

    yield begin
    for process in running:
        process.terminate()
        process.communicate(timeout=30)


@pytest.mark.database
def test_a_second_start_names_the_first_and_ends(start):
    first = start()
    address = opened(first)
    second = start()
    _told, complained = second.communicate(timeout=SECONDS)
    assert second.returncode == 1 and "Traceback" not in complained
    assert re.search(r"open already at (\S+?)/welcome\.", complained)[1] in address
    with urllib.request.urlopen(address, timeout=10) as page:
        assert b"<form" in page.read()


@pytest.mark.database
def test_a_sign_in_address_leads_to_where_kneadwork_is_open(start, installation):
    installation.run(
        "setup", "--name", "Harbor", "--state", "WA", "--zip", "98101", "--email", "robin@practice.example"
    )
    address = opened(start())
    reset = installation.run("member", "reset", "robin@practice.example")["sign_in_url"]
    assert reset.startswith(address.partition("/sign-in/")[0] + "/sign-in/")
    with urllib.request.urlopen(reset, timeout=10) as page:
        assert b"<form" in page.read()


@pytest.mark.parametrize("end", ["terminate", "kill"])
def test_however_a_start_ends_the_next_one_serves(tmp_path, end):
    program = f"""
import sys, time
from pathlib import Path
from kneadwork.cli.only_one import only_start
with only_start(Path({str(tmp_path)!r})) as tell:
    tell("http://localhost:1")
    print("held", flush=True)
    time.sleep(600)
"""
    environment = os.environ | {"PYTHONPATH": str(SOURCE)}
    first = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=environment)
    assert first.stdout.readline() == "held\n"
    with pytest.raises(Taken, match="http://localhost:1"), only_start(tmp_path):
        pass
    getattr(first, end)()
    first.communicate(timeout=30)
    with only_start(tmp_path):
        pass
