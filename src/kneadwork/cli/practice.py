"""On whose behalf a command acts: the only practice in the data directory, or the one named."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from kneadwork.cli.program import WrongUsage

BY = "command line"


def add_option(parser: argparse.ArgumentParser) -> None:
    """The options every command on a practice has."""
    parser.add_argument("--practice", metavar="NAME", help="which practice, where there are several")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def chosen(args: argparse.Namespace):
    """The practice: the one named, else the only one; WrongUsage with the list otherwise."""
    from kneadwork.practice.models import Practice

    practices = list(Practice.objects.order_by("name"))
    if not practices:
        raise WrongUsage("There is no practice here yet. Make one with “kneadwork setup” or “kneadwork start”.")
    if args.practice:
        practices = [p for p in practices if p.name.casefold() == args.practice.casefold()] or practices
    if len(practices) > 1 or (args.practice and practices[0].name.casefold() != args.practice.casefold()):
        names = ", ".join(f"“{p.name}”" for p in practices)
        raise WrongUsage(f"Say which practice with --practice NAME: {names}.")
    return practices[0]


@contextmanager
def acting(args: argparse.Namespace, *, writing: bool = True, reads_kept: bool = False) -> Iterator:
    """The chosen practice, with its scope and time zone.

    reads_kept: whether the command reads derived values, which are first brought to this version and day, since no worker
    may have been running.
    """
    import zoneinfo

    from django.utils import timezone, translation

    from kneadwork.common.tenancy import acting_in

    practice = chosen(args)
    if reads_kept:
        from kneadwork.planning import rules, turning

        rules.follow()
        turning.catch_up(practice.pk)
    with (
        timezone.override(zoneinfo.ZoneInfo(practice.time_zone)),
        translation.override(practice.language),
        acting_in(practice.pk, writing=writing),
    ):
        yield practice
