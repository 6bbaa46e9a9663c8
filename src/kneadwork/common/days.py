"""The days that the product reckons with."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


def is_known(day: date) -> bool:
    """Whether a day is one of them."""
    return EARLIEST <= day <= LATEST


def unknown() -> str:
    """What is said of another."""
    return _("Days from the year 1900 to 2199 are known here. Look at the year once more.")
