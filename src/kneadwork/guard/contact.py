"""May we write to or call them? A stop keeps a connection out of everything outgoing, for good (PRODUCT.md, stop)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ContactAnswer:
    """Whether contact is allowed, and by which rule."""

    allowed: bool
    rule: str = ""


def may_contact(*, stopped: bool) -> ContactAnswer:
    """A stop refuses; a red flag does not, but is shown wherever the connection appears."""
    if stopped:
        return ContactAnswer(False, "stop")
    return ContactAnswer(True, "no stop")
