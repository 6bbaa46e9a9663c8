"""`kneadwork import`: contacts, provider files, places of the map and calendars' events, in the shape that CONTRACTS.md names."""

from __future__ import annotations

import argparse
import math

from kneadwork.cli import practice as whose
from kneadwork.cli import values


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    kinds = ["auto", "contacts", "providers", "places", "calendar", "visits", "fhir", "remittance"]
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--kind", choices=kinds, default="auto")
    parser.add_argument("--near", metavar="WHERE", help="a ZIP code or LAT,LON; left out: the practice's own place")
    parser.add_argument("--within", type=float, metavar="MILES")
    parser.add_argument("--professions", default="", metavar="A,B")
    parser.add_argument("--dry-run", action="store_true")
    whose.add_option(parser)


def run(args: argparse.Namespace) -> dict:
    """Import the files, all or nothing; the answers of several are summed."""
    from kneadwork.cli.program import CommandFailed, WrongUsage, sentence
    from kneadwork.exchange import importing

    if args.kind in {"visits", "fhir", "remittance"}:
        raise WrongUsage(f"Importing {args.kind} is not there yet: a later part of Kneadwork brings it.")
    if args.within is not None and not (math.isfinite(args.within) and args.within > 0):
        raise WrongUsage("--within takes a number of miles above nought, such as 10.")
    professions, near = values.professions(args.professions), values.place(args.near)
    practice = whose.chosen(args)
    try:
        return importing.import_files(
            args.files, practice=practice, kind=args.kind, near=near, within_miles=args.within,
            professions=professions or None, dry_run=args.dry_run, by_name=whose.BY,
        )  # fmt: skip
    except importing.NothingKept as nothing:
        raise CommandFailed(f"{sentence(nothing.__cause__)} {nothing}") from nothing


def show(document: dict) -> None:
    """In words."""
    print(
        f"{document['read']} read: {document['created']} new, {document['updated']} brought news, "
        f"{document['unchanged']} the same as before, {document['merged']} joined, {document['retired']} retired, "
        f"{document['out_of_scope']} out of scope, {len(document['rejected'])} could not be read."
    )
    for one in document["rejected"][:20]:
        print(f"  {one['where']}: {one['reason']}")
    if document["import"]:
        print(f"To take it back: kneadwork undo {document['import']}")
