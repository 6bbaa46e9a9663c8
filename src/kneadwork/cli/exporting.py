"""`kneadwork export`: all data in open formats."""

from __future__ import annotations

import argparse

from kneadwork.cli import practice as whose
from kneadwork.cli import values


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--out", required=True, metavar="FILE.zip", type=values.new_file)
    whose.add_option(parser)


def run(args: argparse.Namespace) -> dict:
    """Write the zip."""
    from kneadwork.exchange import exporting

    with whose.acting(args) as practice:
        exporting.to_file(practice, args.out, by_name=whose.BY)
    return {"file": str(args.out), "bytes": args.out.stat().st_size}


def show(document: dict) -> None:
    """In words."""
    print(f"Everything is in {document['file']}.")
