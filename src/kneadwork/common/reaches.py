"""Whether a text is an e-mail address or a telephone, for every way in: imports, forms, the API, commands."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

#: The longest address that mail can carry (RFC 5321, 4.5.3.1.3), and the fewest digits of a telephone with its area.
ADDRESS, DIGITS = 254, 7


def email_address(text: str) -> str:
    """The one e-mail address that a text holds, out of "Ada <a@b.org>" or "mailto:a@b.org"; "" where it holds none."""
    if len(text) > 2 * ADDRESS:
        return ""
    bare = text.strip(" \t\r\n,;")
    bracketed = re.fullmatch(r"[^<>]*<([^<>]*)>", bare)
    bare = (bracketed[1] if bracketed else bare).strip()
    if bare.casefold().startswith("mailto:"):
        bare = bare[7:].partition("?")[0].strip()
    bare = bare.strip("'\"").rstrip(".")
    try:
        validate_email(bare)
    except ValidationError:
        return ""
    return bare if len(bare) <= ADDRESS else ""


def is_telephone(text: str) -> bool:
    """Whether a text can be dialled: seven digits or more before any extension, or letters that stand for them."""
    dialled = re.split(r"(?i)ext|x|#|;|,", text[:100], maxsplit=1)[0]
    if sum(c.isdecimal() for c in dialled) >= DIGITS:
        return True
    import phonenumbers

    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(text[:60], "US"))
    except phonenumbers.NumberParseException:
        return False
