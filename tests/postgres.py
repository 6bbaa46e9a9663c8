"""A real PostgreSQL for the tests, from the installed binaries, as an unprivileged user, on a socket of its own."""

from __future__ import annotations

import glob
import os
import shutil
import subprocess
import tempfile

_running: dict[str, str] = {}


def _binaries() -> str:
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    folder = found[-1] if found else os.path.dirname(shutil.which("initdb") or "")
    if not folder:
        raise SystemExit("PostgreSQL is missing: install the package postgresql.")
    return folder


def _as_user(command: list[str]) -> None:
    if os.getuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    subprocess.run(command, check=True, capture_output=True, cwd="/")


def start() -> str:
    """Start a server; answers the address by which an ordinary role (no superuser, no bypass) reaches it."""
    folder, home = _binaries(), tempfile.mkdtemp(prefix="kneadwork-pg-")
    os.chmod(home, 0o777)  # noqa: S103 the server's user makes its own folder inside
    data = f"{home}/data"
    _as_user(
        [
            f"{folder}/initdb",
            "-D",
            data,
            "-A",
            "trust",
            "-U",
            "super",
            "--no-sync",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ]
    )
    options = f"-c listen_addresses='' -k {home} -c fsync=off -c full_page_writes=off -c max_connections=60"
    _as_user([f"{folder}/pg_ctl", "-D", data, "-o", options, "-l", f"{home}/log", "-w", "start"])
    _running.update(folder=folder, data=data, home=home)
    role = "CREATE ROLE kneadwork LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS; CREATE DATABASE kneadwork OWNER kneadwork;"
    for statement in role.split(";")[:-1]:
        _as_user([f"{folder}/psql", "-h", home, "-U", "super", "-d", "postgres", "-c", statement])
    return f"postgresql://kneadwork@/kneadwork?host={home}"


def stop() -> None:
    """Stop the server that this process started, if any."""
    if _running:
        _as_user([f"{_running['folder']}/pg_ctl", "-D", _running["data"], "-m", "immediate", "stop"])
        shutil.rmtree(_running["home"], ignore_errors=True)
        _running.clear()
