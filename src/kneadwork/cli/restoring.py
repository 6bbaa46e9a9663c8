"""`kneadwork restore`: a backup into an empty data directory."""

from __future__ import annotations

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--key", default="", help="the backup key (else KNEADWORK_BACKUP_KEY)")
    parser.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> dict:
    """Check it, put it in place, bring it up to date."""
    from django.conf import settings

    from kneadwork.cli.schema import bring_up_to_date
    from kneadwork.common import backup

    backup.restore(args.file, settings.HOME, settings.DATABASES["default"], args.key)
    bring_up_to_date()
    return {"restored": str(settings.HOME)}


def show(document: dict) -> None:
    """In words."""
    print(f"Restored into {document['restored']}.")
