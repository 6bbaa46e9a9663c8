"""`kneadwork undo`: take an import back."""

from __future__ import annotations

import argparse

from kneadwork.cli import practice as whose


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("import_id", metavar="IMPORT")
    whose.add_option(parser)


def run(args: argparse.Namespace) -> dict:
    """Undo; answers what was removed and restored, and what stays because it was used since."""
    from kneadwork.exchange import importing

    with whose.acting(args):
        return importing.undo(args.import_id, by_name=whose.BY)


def show(document: dict) -> None:
    """In words."""
    print(f"Taken back: {document['removed']} removed, {document['restored']} restored.")
    for stay in document["stays"][:20]:
        print(f"  stays: {stay['name']} ({stay['why']})")
