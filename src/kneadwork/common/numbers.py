"""Numbers as people type them into a field. Python's own digits are more than a person means: “²”, “٣”, “nan”, “1e999”."""

from __future__ import annotations

import re

WHOLE = re.compile(r"[0-9]{1,19}", re.ASCII)
LARGEST = 2**63 - 1
DECIMAL = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,15})?", re.ASCII)


def whole(text: str) -> int | None:
    """The whole number from 0 that a field holds; None for anything else. It fits into a column of any table."""
    number = int(text) if WHOLE.fullmatch(text.strip()) else None
    return number if number is None or number <= LARGEST else None


def decimal(text: str) -> float | None:
    """The number from 0 that a field holds, with or without decimals; None for anything else."""
    return float(text) if DECIMAL.fullmatch(text.strip()) else None
