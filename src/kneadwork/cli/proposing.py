"""`kneadwork today`: the next steps, with reasons."""

from __future__ import annotations

import argparse

from kneadwork.cli import practice as whose
from kneadwork.cli import values


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--on", type=values.day, metavar="DATE")
    parser.add_argument("--minutes", type=values.number(0, 100_000), metavar="N")
    whose.add_option(parser)


def run(args: argparse.Namespace) -> dict:
    """The actions as CONTRACTS.md shapes them."""
    from kneadwork.planning import today
    from kneadwork.practice.setting_up import today as day_of

    with whose.acting(args, writing=False, reads_kept=True) as practice:
        on = args.on or day_of(practice)
        minutes = today.minutes_left(practice, on=on) if args.minutes is None else args.minutes
        return {
            "actions": [today.document(a) for a in today.actions(practice, on=on, minutes=minutes, all_streams=True)]
        }


def show(document_: dict) -> None:
    """In words."""
    for a in document_["actions"]:
        print(f"{a['kind']}: {a['name']} ({a['minutes']} min). {a['reason']}")
