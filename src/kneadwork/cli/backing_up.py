"""`kneadwork backup`: a consistent, encrypted copy of everything."""

from __future__ import annotations

import argparse

from kneadwork.cli import values


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--out", required=True, metavar="FILE", type=values.new_file)
    parser.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> dict:
    """Write it, then check it as `verify` would."""
    from django.conf import settings

    from kneadwork.cli.practice import BY
    from kneadwork.common import acts, backup
    from kneadwork.common.tenancy import acting_in
    from kneadwork.practice.models import Practice

    manifest = backup.write(args.out, settings.HOME, settings.DATABASES["default"])
    backup.verify(args.out, settings.HOME)
    for practice in Practice.objects.all():
        with acting_in(practice.pk), acts.act("backup", args.out.name, by_name=BY) as doing:
            doing.row()
    key = backup.backup_key(settings.HOME)
    return {"file": str(args.out), "parts": len(manifest["sums"]), "key": key}


def show(document: dict) -> None:
    """In words."""
    print(f"Backed up and checked: {document['file']}")
    print(f"Write this key down and keep it elsewhere; the backup opens with nothing else: {document['key']}")
