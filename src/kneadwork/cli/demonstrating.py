"""`kneadwork demo`: the same as start, on a throw-away practice of sample people, signed in."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile

from kneadwork.cli import starting
from kneadwork.cli.program import say


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    starting.arguments(parser)
    parser.add_argument("--only-build", action="store_true", help=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> None:
    """Build the sample practice in a directory of its own, then serve it; gone when stopped."""
    if not os.environ.get("KNEADWORK_DEMO"):
        with tempfile.TemporaryDirectory(prefix="kneadwork-demo-") as home:
            again(home)
        return
    from kneadwork.demo import sample
    from kneadwork.practice import signing_in

    say("Building the sample practice …")
    owner = sample.build()
    if not args.only_build:
        starting.serve(args, f"/sign-in/{signing_in.sign_in_address(owner.user)}")


def again(home: str) -> None:
    """The same command once more, with the throw-away directory as its home (settings are read once)."""
    import signal
    import subprocess

    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    environment |= {"KNEADWORK_HOME": home, "KNEADWORK_DEMO": "1"}
    child = subprocess.Popen([sys.executable, "-m", "kneadwork", *sys.argv[1:]], env=environment)
    signal.signal(signal.SIGTERM, lambda *_args: child.terminate())
    try:
        child.wait()
    except KeyboardInterrupt:
        child.wait()
