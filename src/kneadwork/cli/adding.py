"""`kneadwork add`: one connection by hand."""

from __future__ import annotations

import argparse

from kneadwork.cli import practice as whose
from kneadwork.cli import values


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("name")
    parser.add_argument("--stream", choices=["clients", "personal", "medical", "business"], default="")
    parser.add_argument("--profession", default="")
    parser.add_argument("--phone", action="append", default=[])
    parser.add_argument("--email", action="append", default=[], type=values.email)
    whose.add_option(parser)


def run(args: argparse.Namespace) -> dict:
    """Add it; answers its id and name, and whom it may be already."""
    from kneadwork.cli.program import WrongUsage
    from kneadwork.facts.professions import all_professions
    from kneadwork.network import likeness

    if args.profession and args.profession not in all_professions():
        raise WrongUsage(f"No such profession: {args.profession}. Known are {', '.join(all_professions())}.")
    with whose.acting(args):
        made, alike = likeness.added(
            args.name, stream=args.stream, profession=args.profession, phones=args.phone, emails=args.email,
            all_streams=True, by_name=whose.BY,
        )  # fmt: skip
        told = [{"id": other.ref, "name": other.name, "why": str(why)} for other, why in alike]
        return {"id": made.ref, "name": made.name, "stream": made.stream, "look_alikes": told}


def show(document: dict) -> None:
    """In words."""
    print(f"{document['name']} is in your network now.")
    for one in document["look_alikes"]:
        print(f"Perhaps the same as {one['name']} ({one['why']}): look at both in the list, under Perhaps the same.")
