"""`kneadwork letters`: letters as one PDF."""

from __future__ import annotations

import argparse

from kneadwork.cli import practice as whose
from kneadwork.cli import values


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--to", metavar="QUERY", default="", help="the list's filters; left out: those Today proposes")
    parser.add_argument("--template", default="", metavar="NAME")
    parser.add_argument("--out", required=True, type=values.new_file, metavar="FILE.pdf")
    whose.add_option(parser)


def run(args: argparse.Namespace) -> dict:
    """Write the PDF; nobody to write to is a failure with the reason."""
    from kneadwork.cli.program import WrongUsage
    from kneadwork.outreach import letters
    from kneadwork.practice.setting_up import today

    filters = values.query(args.to) if args.to else None
    if args.template and args.template not in letters.shipped():
        raise WrongUsage(f"There is no template “{args.template}”. There are: {', '.join(letters.shipped())}.")
    with whose.acting(args, reads_kept=True) as practice:
        on = today(practice)
        due = recipients(filters, practice, on)
        people, wanted = list(due), {c.pk: key for c, key in due.items()}
        batch = letters.prepare(people, template=args.template, wanted=wanted, practice=practice, by_name=whose.BY)
        half = args.out.with_name(args.out.name + ".part")
        half.write_bytes(letters.pdf(batch, practice, on=on))
        half.replace(args.out)
        return {
            "batch": batch.ref, "letters": len(letters.going_out(batch)[0]), "file": str(args.out),
            "left_out": [{"id": c.ref, "name": c.name, "why": why} for c, why in letters.offices(people)[1]],
        }  # fmt: skip


def recipients(filters, practice, on) -> dict:
    """Those who match, or those to whom Today proposes a letter; each with the letter that their playbook names, or ""."""
    from kneadwork.network import listing
    from kneadwork.planning.today import letters_due

    if filters is None:
        return letters_due(practice, on=on, all_streams=True)
    rows = listing.found(filters, on=on, all_streams=True)
    return {row.connection: "" for row in rows.select_related("connection")[:1000]}


def show(document: dict) -> None:
    """In words."""
    print(f"The letters are in {document['file']}.")
    for left in document["left_out"]:
        print(f"Left out: {left['name']}: {left['why']}.")
