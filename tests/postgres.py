"""A real PostgreSQL for the tests, from the installed binaries, as an unprivileged user, on a socket of its own."""

from __future__ import annotations

import glob
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

#: The role of the application: it owns what it makes and is still held by row-level security (FORCE).
ROLE = "CREATE ROLE kneadwork LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS"
#: Nothing here must last, so nothing waits for the disk.
SPEED = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_connections": "60"}

_running: dict[str, Path] = {}


class MissingServer(SystemExit):
    """PostgreSQL cannot be started here; the message is one sentence and the run fails."""


def _binaries() -> Path:
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda p: int(p.split("/")[4]))
    beside = shutil.which("initdb")
    if not found and not beside:
        raise MissingServer("PostgreSQL is missing: install the package postgresql.")
    return Path(found[-1] if found else os.path.dirname(beside))


def _as_user(*command: str | Path) -> None:
    """Run as somebody without rights over the machine: the server refuses to be started by root."""
    line = [str(part) for part in command]
    if os.getuid() == 0:
        line = ["runuser", "-u", "postgres", "--", *line]
    done = subprocess.run(line, capture_output=True, text=True, cwd="/")
    if done.returncode:
        raise MissingServer(f"PostgreSQL did not start: {done.stderr.strip().splitlines()[-1:]}")


def start() -> str:
    """Start a server; answers the address by which an ordinary role (no superuser, no bypass) reaches it."""
    folder, home = _binaries(), Path(tempfile.mkdtemp(prefix="kneadwork-pg-"))
    home.chmod(0o777)  # the server's user makes its own folder inside
    data = home / "data"
    _running.update(data=data, home=home)
    _as_user(folder / "initdb", "-D", data, "-A", "trust", "-U", "super", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
    options = f"-c listen_addresses='' -k {home} " + " ".join(f"-c {name}={value}" for name, value in SPEED.items())
    _as_user(folder / "pg_ctl", "-D", data, "-o", options, "-l", home / "log", "-w", "start")
    for statement in (ROLE, "CREATE DATABASE kneadwork OWNER kneadwork"):
        _as_user(folder / "psql", "-h", home, "-U", "super", "-d", "postgres", "-c", statement)
    return f"postgresql://kneadwork@/kneadwork?host={home}"


def stop() -> None:
    """Stop the server that this process started, if any, by its own number."""
    if not _running:
        return
    file = _running["data"] / "postmaster.pid"
    if file.exists():
        pid = int(file.read_text().split()[0])
        os.kill(pid, signal.SIGQUIT)
        for _wait in range(100):
            if not file.exists() or not Path(f"/proc/{pid}").exists():
                break
            time.sleep(0.05)
    shutil.rmtree(_running["home"], ignore_errors=True)
    _running.clear()
