"""`kneadwork connections`: the list, ranked with reasons."""

from __future__ import annotations

import argparse

from kneadwork.cli import practice as whose
from kneadwork.cli import values


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    for name in ("--stream", "--stage", "--profession", "--q"):
        parser.add_argument(name, default="")
    parser.add_argument("--near", metavar="WHERE", help="a ZIP code or LAT,LON to measure from")
    parser.add_argument("--order", choices=["rank", "name", "recent"], default="rank")
    parser.add_argument("--limit", type=values.number(1, 1_000_000), default=25)
    whose.add_option(parser)


def run(args: argparse.Namespace) -> dict:
    """The list as CONTRACTS.md shapes it."""
    from kneadwork.cli.program import WrongUsage
    from kneadwork.network import listing
    from kneadwork.planning import explaining
    from kneadwork.practice.setting_up import today

    given = {n: getattr(args, n) for n in ("stream", "stage", "profession", "q", "order")}
    try:
        filters = listing.read_filters(given)
    except listing.FilterRefused as refused:
        raise WrongUsage(str(refused))
    values.professions(args.profession)
    near = values.place(args.near)
    with whose.acting(args, writing=False, reads_kept=True) as practice:
        on = today(practice)
        rows = listing.page(filters, on=on, all_streams=True, limit=args.limit).rows
        total = listing.total(filters, on=on, all_streams=True)
        return {"connections": explaining.documents(rows, practice, on=on, near=near, all_streams=True), "total": total}


def show(document: dict) -> None:
    """In words."""
    for one in document["connections"]:
        good = "not known yet" if one["good"] is None else f"{one['good']:.2f}"
        print(f"{one['name']}  [{one['stream']}, {one['stage']}]  {one['likely']:.2f} a year, good for us: {good}")
    print(f"{document['total']} in all")
