"""An installation of its own for a test: a data directory, a database, and the program run as a process."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

SECONDS = 120
SOURCE = Path(__file__).resolve().parents[1] / "src"


class Installation:
    """`kneadwork` in a data directory of its own; on the run's PostgreSQL it gets a database of its own."""

    def __init__(self, home: Path, like: Installation | None = None) -> None:
        """like: another one that nobody uses, of which this is to be a copy; else there is nothing in it."""
        self.home = home
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("KNEADWORK_", "DJANGO_", "PYTEST_"))}
        ours = {"KNEADWORK_HOME": str(home), "KNEADWORK_FAST_PASSWORDS": "1", "PYTHONPATH": str(SOURCE)}
        self.environment = inherited | ours
        if "DATABASE_URL" in os.environ:
            template = like.environment["DATABASE_URL"] if like else ""
            name = f"{home.name}_{os.getpid()}_{time.monotonic_ns()}"
            self.environment["DATABASE_URL"] = own_database(os.environ["DATABASE_URL"], name, template)
        if like:
            shutil.copytree(like.home, home)

    def begin(self, *words: str) -> subprocess.Popen:
        """Start the program; the caller waits or kills."""
        command = [sys.executable, "-m", "kneadwork", *words]
        return subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def run(self, *words: str) -> dict:
        """Run a command to its end; answers its JSON document."""
        process = self.begin(*words, "--json")
        told, complained = process.communicate(timeout=SECONDS)
        assert process.returncode == 0, f"{words}: {complained or told}"
        return json.loads(told)

    def inside(self, program: str) -> dict:
        """Run a few lines of Python inside the installation; answers what they put into `answer`."""
        lines = f"import json, django\ndjango.setup()\n{program}\nprint(json.dumps(answer))"
        environment = self.environment | {"DJANGO_SETTINGS_MODULE": "kneadwork.settings"}
        done = subprocess.run(
            [sys.executable, "-c", lines], env=environment, capture_output=True, text=True, timeout=SECONDS
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def killed_after(self, seconds: float, *words: str) -> bool:
        """Start a command and kill it (SIGKILL) when it has run that long; whether it was still running."""
        process = self.begin(*words)
        try:
            process.communicate(timeout=seconds)
            return False
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
            return True


#: What `setup` is told of the practice of `founded`.
BALLARD = ("--name", "Ballard Hands", "--state", "WA", "--zip", "98107", "--email", "robin@practice.example")


@cache
def ready() -> Installation:
    """An installation with its tables and nothing in them, made once for this process, to be copied."""
    made = Installation(Path(tempfile.mkdtemp(prefix="kneadwork-ready-")))
    made.inside("from kneadwork.cli.schema import bring_up_to_date\nbring_up_to_date()\nanswer = 1")
    return made


@cache
def founded() -> Installation:
    """One with a practice, made once for this process, to be copied."""
    made = Installation(Path(tempfile.mkdtemp(prefix="kneadwork-founded-")) / "home", ready())
    made.run("setup", *BALLARD)
    return made


def opened(process: subprocess.Popen) -> str:
    """The address that a start says it is open at; fails where it ends before."""
    for line in process.stderr:
        if found := re.search(r"is open at (http\S+)", line):
            return found[1]
    raise AssertionError(f"it ended with {process.wait()}")


def own_database(url: str, name: str, template: str = "") -> str:
    """A fresh database on the server of this address, or a copy of the one at another; answers its address."""
    import psycopg

    server, _slash, query = url.partition("/kneadwork?")
    with psycopg.connect(url, autocommit=True) as connection:
        like = template.partition("?")[0].rpartition("/")[2]
        connection.execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{like}"' if like else ""))
    return f"{server}/{name}?{query}"
