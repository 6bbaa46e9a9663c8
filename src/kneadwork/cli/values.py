"""What options take, judged before anything is done: whatever is wrong ends with exit status 2 and words."""

from __future__ import annotations

import re
from argparse import ArgumentTypeError
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

from kneadwork.cli.program import WrongUsage
from kneadwork.common import days

Value = TypeVar("Value")


def email(text: str) -> str:
    """An e-mail address, as the forms and the API take it."""
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    try:
        validate_email(text)
    except ValidationError:
        raise ArgumentTypeError(f"“{text}” is no e-mail address.")
    return text


def state(text: str) -> str:
    """A state of the United States by its two letters."""
    from kneadwork.practice.regions import STATES

    if text.upper() not in STATES:
        raise ArgumentTypeError(f"“{text}” is no state. Write its two letters, such as WA.")
    return text.upper()


def zip_code(text: str) -> str:
    """A ZIP code of five or nine digits."""
    if not re.fullmatch(r"[0-9]{5}(?:-?[0-9]{4})?", text):
        raise ArgumentTypeError(f"“{text}” is no ZIP code. Write five digits, such as 98101.")
    return text


def time_zone(text: str) -> str:
    """A time zone by its name in the zone database."""
    import zoneinfo

    if text not in zoneinfo.available_timezones():
        raise ArgumentTypeError(f"“{text}” is no time zone. Write one such as America/Los_Angeles.")
    return text


def day(text: str) -> date:
    """A day in ISO 8601."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is no day. Write it like 2026-03-31.")
    if not days.is_known(found):
        raise ArgumentTypeError(f"Days from {days.EARLIEST} to {days.LATEST} are known here.")
    return found


def number(least: int, most: int) -> Callable[[str], int]:
    """A whole number within bounds."""

    def whole(text: str) -> int:
        found = int(text) if re.fullmatch(r"[0-9]{1,18}", text, re.ASCII) else None
        if found is None or not least <= found <= most:
            raise ArgumentTypeError(f"“{text[:40]}” is no number from {least} to {most}.")
        return found

    return whole


def new_file(text: str) -> Path:
    """A file to be written, whose folder is there."""
    path = Path(text)
    if not path.parent.is_dir():
        raise ArgumentTypeError(f"There is no folder {path.parent}. Make it first, or write the file elsewhere.")
    return path


def place(text: str | None) -> tuple[float, float] | None:
    """Latitude and longitude of a WHERE; None where it was left out. Call once Django is set up."""
    from kneadwork.facts.zips import NoSuchPlace, parse_where

    return _asked(parse_where, text, NoSuchPlace) if text else None


def query(text: str):
    """The filters of a QUERY. Call once Django is set up."""
    from kneadwork.network import listing

    return _asked(listing.read_query, text, listing.FilterRefused)


def professions(text: str) -> set[str]:
    """Professions, separated by commas, each of which there must be; empty where it was left out."""
    from kneadwork.facts.professions import all_professions

    given = {p.strip() for p in text.split(",") if p.strip()}
    unknown = given - set(all_professions())
    if unknown:
        raise WrongUsage(
            f"No such profession: {', '.join(sorted(unknown))}. There are: {', '.join(all_professions())}."
        )
    return given


def _asked(read: Callable[[str], Value], text: str, refusal: type[Exception]) -> Value:
    try:
        return read(text)
    except refusal as refused:
        raise WrongUsage(str(refused))
