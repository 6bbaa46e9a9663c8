"""May we write to or call them? A stop keeps a connection out of everything outgoing, for good (PRODUCT.md, stop)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ContactAnswer:
    """Whether contact is allowed; where not, the rule's name and a sentence."""

    allowed: bool
    rule: str = ""
    why: str = ""


def may_contact(*, stopped: bool, flagged: bool = False) -> ContactAnswer:
    """A stop refuses; a red flag does not, but is shown wherever the connection appears."""
    del flagged
    if stopped:
        return ContactAnswer(False, "stop", "They asked not to be written to.")
    return ContactAnswer(True, "no stop")
