"""Names: their parts as a letter needs them, and what becomes of the parts when a name is corrected."""

from __future__ import annotations

import re

#: Behind a name these belong to the person; everything else there is a credential.
GENERATIONS = frozenset({"JR", "JNR", "SR", "SNR", "I", "II", "III", "IV", "V", "2ND", "3RD", "4TH"})
NAME_PARTS = ("given", "middle", "family", "prefix", "suffix", "credentials")
#: Parts made of words of the name itself.
_WORDS_OF_IT = ("given", "middle", "family")


def name_parts(name: str) -> dict[str, str]:
    """Given name, family name, credentials and so on, from a person's full name as people write it."""
    from nameparser import HumanName

    parsed = HumanName(name)
    suffix, credentials = split_suffix(parsed.suffix)
    return {
        "given": parsed.first[:100], "middle": parsed.middle[:100], "family": parsed.last[:100],
        "prefix": parsed.title[:40], "suffix": suffix[:40], "credentials": credentials[:80],
    }  # fmt: skip


def split_suffix(behind: str) -> tuple[str, str]:
    """What stands behind a name as generation and credentials: "Jr., DC, LMT" is "Jr." and "DC, LMT"."""
    words = [word for word in re.split(r"[,;\s]+", behind) if word]
    generations = [word for word in words if re.sub(r"\W", "", word).upper() in GENERATIONS]
    return " ".join(generations), ", ".join(word for word in words if word not in generations)


def renamed(parts: dict[str, str], old: str, new: str) -> dict[str, str]:
    """The parts of somebody whose name was corrected from `old` to `new`.

    A part that the old name gave is taken from the new one; one written by hand stays while it still stands in the
    name. Title, generation and credentials are not lost with a shorter name: they change where the new one says others.
    """
    before, after, words = name_parts(old), name_parts(new), new.split()

    def stays(part: str) -> bool:
        own = parts[part]
        if part not in _WORDS_OF_IT:
            return not after[part] or bool(own) and own != before[part]
        return bool(own) and own != before[part] and all(word in words for word in own.split())

    return {part: parts[part] if stays(part) else value for part, value in after.items()}
