"""`kneadwork letters`: letters as one PDF."""

from __future__ import annotations

import argparse
from pathlib import Path

from kneadwork.cli import practice as whose


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--to", metavar="QUERY", default="", help="the list's filters; left out: those Today proposes")
    parser.add_argument("--template", default="", metavar="NAME")
    parser.add_argument("--out", required=True, type=Path, metavar="FILE.pdf")
    whose.add_option(parser)


def run(args: argparse.Namespace) -> dict:
    """Write the PDF; nobody to write to is a failure with the reason."""
    from kneadwork.outreach import letters
    from kneadwork.practice.setting_up import today

    with whose.acting(args) as practice:
        on = today(practice)
        people = recipients(args, on)
        batch = letters.prepare(people, template=args.template or "", practice=practice, by_name=whose.BY)
        half = args.out.with_name(args.out.name + ".part")
        half.write_bytes(letters.pdf(batch, practice, on=on))
        half.replace(args.out)
        return {
            "batch": batch.ref, "letters": len(letters.going_out(batch)[0]), "file": str(args.out),
            "left_out": [{"id": c.ref, "name": c.name, "why": why} for c, why in letters.offices(people)[1]],
        }  # fmt: skip


def recipients(args: argparse.Namespace, on) -> list:
    """Those who match, or those whose next step is a letter."""
    from kneadwork.network import listing
    from kneadwork.network.models import Standing

    if args.to:
        rows = listing.found(listing.read_query(args.to), on=on, all_streams=True)
    else:
        rows = Standing.objects.filter(next_kind="letter", next_due__lte=on).order_by("-next_value", "name")[:12]
    return [row.connection for row in rows.select_related("connection")[:1000]]


def show(document: dict) -> None:
    """In words."""
    print(f"The letters are in {document['file']}.")
    for left in document["left_out"]:
        print(f"Left out: {left['name']}: {left['why']}.")
