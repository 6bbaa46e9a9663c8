"""Who may make the first practice: anybody at this machine; from outside only whoever was given the set-up key.

Source of the rule: ASVS 5.0.0, 6.3.2. The key is printed by `kneadwork start`, kept in the data directory, readable by its
owner only, and of no use as soon as there is a practice.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from django.conf import settings


def key() -> str:
    """The key, made where there is none yet."""
    with suppress(FileExistsError):
        with os.fdopen(os.open(_file(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32))
    return _file().read_text().strip()


def opens(given: str) -> bool:
    """Whether the first start may be walked through with this key; without a public address none is asked for."""
    if not settings.PUBLIC_URL:
        return True
    try:
        kept = _file().read_text().strip()
    except FileNotFoundError:
        return False
    return bool(kept) and secrets.compare_digest(kept.encode(), given.encode())


def is_over() -> None:
    """There is a practice: the key is forgotten."""
    _file().unlink(missing_ok=True)


def _file() -> Path:
    return Path(settings.HOME) / "set_up_key"
