"""`kneadwork verify`: whether a backup would restore, without touching live data."""

from __future__ import annotations

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--key", default="", help="the backup key (else KNEADWORK_BACKUP_KEY)")
    parser.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> dict:
    """Check every sum and the database inside."""
    from django.conf import settings

    from kneadwork.common import backup

    parts = backup.verify(args.file, settings.HOME, args.key)
    return {"good": True, "parts": len(parts)}


def show(document: dict) -> None:
    """In words."""
    print(f"This backup is whole ({document['parts']} parts).")
