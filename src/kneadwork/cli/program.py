"""The program `kneadwork`: which commands there are, and how any of them ends (CONTRACTS.md, Commands).

Exit status: 0 done, 1 the work failed (one plain sentence on standard error), 2 wrong usage. With `--json` standard
output carries one JSON document and nothing else.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from collections.abc import Sequence
from types import ModuleType

#: command -> module in this folder; each has `arguments(parser)` and `run(args) -> document`.
COMMANDS = {
    "start": ("starting", "set up what is missing, start the web server and jobs, open the browser"),
    "demo": ("demonstrating", "the same on a throw-away practice of sample people, signed in"),
    "setup": ("founding", "create a practice and its owner without the browser"),
    "import": ("importing", "import contacts and provider registry files"),
    "undo": ("undoing", "take an import back"),
    "add": ("adding", "add one connection by hand"),
    "scan": ("scanning", "read business cards from pictures"),
    "connections": ("listing", "list connections, ranked with reasons"),
    "today": ("proposing", "the next steps, with reasons"),
    "letters": ("lettering", "merge letters into one PDF"),
    "walk": ("walking", "a walking route through the neighbourhood"),
    "check": ("checking", "what a guard answers: may a reward be given, may this be told"),
    "export": ("exporting", "all data in open formats"),
    "backup": ("backing_up", "write an encrypted backup"),
    "restore": ("restoring", "restore a backup into an empty data directory"),
    "verify": ("verifying", "check a backup without touching live data"),
    "doctor": ("doctoring", "check configuration, storage, mail, keys and schema"),
    "token": ("tokens", "API tokens"),
    "member": ("members", "sign-in addresses for members"),
    "worker": ("working", "do background jobs (started by start)"),
}
#: What later parts of the product bring.
LATER = {"report", "billing", "figures", "erase"}


class CommandFailed(Exception):
    """The work failed; the message is one plain sentence."""


class PartlyFailed(Exception):
    """Some of the work failed: `complaints`, a plain sentence each; the rest was done and is the `document`."""

    def __init__(self, complaints: list[str], document: dict | list) -> None:
        super().__init__(" ".join(complaints))
        self.complaints, self.document = complaints, document


class WrongUsage(Exception):
    """The command was not given as it should be; the message says how."""


def run(argv: Sequence[str]) -> int:
    """Run one command; answers the exit status."""
    if argv and argv[0] in LATER:
        return _complain(f"“kneadwork {argv[0]}” is not there yet: a later part of Kneadwork brings it.", 2)
    parser = _parser(argv[0] if argv else "")
    args = parser.parse_args(argv)
    if not args.command:
        parser.print_help(sys.stderr)
        return 2
    module = importlib.import_module(f"kneadwork.cli.{COMMANDS[args.command][0]}")
    complaints: list[str] = []
    try:
        _prepare(args.command)
        document = module.run(args)
    except PartlyFailed as partly:
        document, complaints = partly.document, partly.complaints
    except WrongUsage as wrong:
        return _complain(str(wrong), 2)
    except KeyboardInterrupt:
        return _complain("Stopped.", 1)
    except Exception as failure:
        return _complain(sentence(failure), 1)
    try:
        _tell(document, args, module)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else the interpreter tries once more
        return _complain("The output was closed before everything was written.", 1)
    if complaints:
        return _complain("\n".join(complaints), 1)
    return int(document.get("exit", 0)) if isinstance(document, dict) and "exit" in document else 0


def _tell(document: dict | list | None, args: argparse.Namespace, module: ModuleType) -> None:
    if document is not None and getattr(args, "json", False):
        json.dump(document, sys.stdout, ensure_ascii=False, default=str)
        print()
    elif document is not None and hasattr(module, "show"):
        module.show(document)
    sys.stdout.flush()


def _parser(wanted: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kneadwork", description="Build a practice on referrals.")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, (module, words) in COMMANDS.items():
        one = commands.add_parser(name, help=words, description=words)
        if name == wanted:  # the others' modules need not load
            importlib.import_module(f"kneadwork.cli.{module}").arguments(one)
    return parser


def _prepare(command: str) -> None:
    import django

    django.setup()
    elsewhere = command == "demo" and "KNEADWORK_DEMO" not in os.environ  # begins again in a directory of its own
    if command not in {"doctor", "restore", "verify", "scan"} and not elsewhere:
        from kneadwork.cli.schema import bring_up_to_date

        bring_up_to_date()


def sentence(failure: Exception) -> str:
    """What went wrong in one plain sentence: ours as it is, others' named."""
    if type(failure).__module__.startswith("kneadwork."):
        return str(failure)
    if isinstance(failure, FileNotFoundError):
        return f"There is no file {failure.filename}."
    if isinstance(failure, IsADirectoryError):
        return f"{failure.filename} is a folder. Name the files in it."
    if isinstance(failure, PermissionError):
        return f"{failure.filename} may not be read or written by this user."
    from kneadwork.common import busy

    if busy.is_busy(failure):
        return busy.words()
    words = str(failure).splitlines()[0] if str(failure) else ""
    return f"The work failed, and nothing half-done was kept: {type(failure).__name__}: {words}"


def _complain(words: str, status: int) -> int:
    print(words, file=sys.stderr)
    return status


def say(words: str) -> None:
    """A message for the person at the keyboard; never on standard output."""
    print(words, file=sys.stderr, flush=True)
