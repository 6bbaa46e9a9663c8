"""`kneadwork scan`: business cards read from pictures, in the shape that CONTRACTS.md names, one answer a picture."""

from __future__ import annotations

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("images", nargs="+", metavar="IMAGE", help="a photograph of a card: JPEG, PNG or HEIC")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def run(args: argparse.Namespace) -> list[dict]:
    """Read each picture; one that cannot be read is told of, and the others are answered all the same."""
    from kneadwork.cli.program import CommandFailed, PartlyFailed

    answers, complaints = [], []
    for image in args.images:
        try:
            answers.append(_read(image))
        except Exception as failure:  # whatever is wrong with one picture costs that one alone
            complaints.append(_complaint(image, failure))
    if complaints and not answers:
        raise CommandFailed("\n".join(complaints))
    if complaints:
        raise PartlyFailed(complaints, answers)
    return answers


def _read(image: str) -> dict:
    from kneadwork.cli.program import CommandFailed
    from kneadwork.common.storage import PICTURE_BYTES
    from kneadwork.exchange.readers.card import reading

    with open(image, "rb") as file:
        found = reading.read(file.read(PICTURE_BYTES + 1))
    if found.is_empty:
        raise CommandFailed("There is no text in this picture. Photograph the card from nearer, in good light.")
    return {"image": Path(image).name, **reading.document(found)}


def _complaint(image: str, failure: Exception) -> str:
    from kneadwork.cli.program import sentence

    words = sentence(failure)
    return words if image in words else f"{image}: {words}"


def show(document: list[dict]) -> None:
    """In words."""
    for one in document:
        print(", ".join(filter(None, (one["name"], one["credentials"]))) or "No name was found")
        for value in (one["title"], one["organisation"], *map(_with_kind, one["phones"], one["phone_kinds"]), *one["emails"],
                      *one["urls"], one["address"]):  # fmt: skip
            if value:
                print(f"  {value}")
        doubtful = [name for name, sure in one["confidence"].items() if sure < 0.85]
        if doubtful:
            print(f"  Please look again at: {', '.join(doubtful)}")


def _with_kind(number: str, kind: str) -> str:
    return f"{number} ({kind})" if kind else number
