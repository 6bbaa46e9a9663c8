"""Letter texts with {words in braces}: checked while typing, filled literally, never as a format string."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

VARIABLES = {
    "name": lazy("their name"), "organisation": lazy("their organisation"), "profession": lazy("what they do"),
    "city": lazy("their town"), "distance": lazy("how far they are"), "therapist": lazy("your name"),
    "practice": lazy("the practice's name"), "directions": lazy("how somebody who was sent reaches you"),
    "reach": lazy("one sentence with your telephone and e-mail"),
    "philosophy": lazy("what you stand for"), "ideal_client": lazy("whom you serve best"),
}  # fmt: skip
_BRACES = re.compile(r"\{([^{}\n]*)\}")
_SPACED = re.compile(r"( ?)\{([^{}\n]*)\}")


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a text: where it begins, and what is wrong."""

    position: int
    message: str


def problems(text: str) -> list[Problem]:
    """Words in braces that are not known, and braces that do not close."""
    found = [
        Problem(m.start(), _("“%(word)s” is not known. There are: %(known)s.")
                % {"word": m[1][:40], "known": ", ".join(VARIABLES)})
        for m in _BRACES.finditer(text) if m[1] not in VARIABLES
    ]  # fmt: skip
    rest = _BRACES.sub(lambda m: " " * len(m[0]), text)
    found += [Problem(m.start(), _("This brace has no partner.")) for m in re.finditer(r"[{}]", rest)]
    return sorted(found, key=lambda p: p.position)


def fill(text: str, values: dict[str, str]) -> str:
    """The text with the known words filled in; anything else in braces stands as it is.

    A known word that is empty takes the space before it along, so that no gap is left.
    """

    def filled(found: re.Match) -> str:
        space, word = found[1], found[2]
        if word not in VARIABLES or word not in values:
            return found[0]
        return space + values[word] if values[word] else ""

    return _SPACED.sub(filled, text)


def paragraphs(text: str) -> tuple[str, ...]:
    """Paragraphs, divided by blank lines."""
    return tuple(" ".join(p.split()) for p in re.split(r"\n\s*\n", text.strip()) if p.strip())
