"""Characters that nobody types and that lie about the text around them: refused in forms and by the API alike."""

from __future__ import annotations

import re

#: Control characters but for tab and line ends, and the two that turn the direction of what follows (TRUST, 1.3.3).
LYING = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e"
#: The pattern of a text without them, for JSON schemas.
HONEST = f"^[^{LYING}]*$"
_lying = re.compile(f"[{LYING}]")


def is_honest(text: str) -> bool:
    """Whether a text holds none of them."""
    return _lying.search(text) is None
