"""`kneadwork token create`: an API token, shown once."""

from __future__ import annotations

import argparse

from kneadwork.cli import practice as whose


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("verb", choices=["create"])
    parser.add_argument("--name", required=True)
    parser.add_argument("--member", default="", metavar="EMAIL", help="for whom (else the owner)")
    whose.add_option(parser)


def run(args: argparse.Namespace) -> dict:
    """Make a token; it is shown this once."""
    from kneadwork.practice import keys

    with whose.acting(args):
        member = keys.member_of(args.member)
        key, token = keys.make(args.name, member=member, by_name=whose.BY)
        return {"id": key.ref, "name": key.name, "token": token}


def show(document: dict) -> None:
    """In words."""
    print(document["token"])
