"""The embedded database lets one write at a time: what is said to those who waited in vain while another wrote."""

from __future__ import annotations

from django.db import OperationalError
from django.utils.translation import gettext as _

#: How long one waits for another's writing, in seconds (also the end of what a large import may take at once).
PATIENCE = 120
#: After how many seconds to try again.
AGAIN = 60


def is_busy(failure: BaseException | None) -> bool:
    """Whether this failure only says that somebody else is writing."""
    return isinstance(failure, OperationalError) and "database is locked" in str(failure)


def words() -> str:
    """What a person is told."""
    return _("Kneadwork is busy keeping a large import. Nothing was lost: try again in a minute.")
