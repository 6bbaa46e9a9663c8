"""Which texts the letters' fonts can print, known before anything is set: one name leaves out one letter, never a batch."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from kneadwork.outreach import typesetting

#: Printed for certain, and most texts hold nothing else: Latin letters with their marks, and common signs.
PLAIN = frozenset(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x180)])) | set("\n‘’“”‚„–—…•·€™")


def unprintable(texts: Iterable[str]) -> dict[str, str]:
    """The texts that cannot be printed, each with the characters that stand in the way."""
    plain = {text: typesetting.settable(text) for text in texts}
    doubtful = {text: words for text, words in plain.items() if not PLAIN.issuperset(words)}
    if not doubtful or typesetting.can_set([*doubtful.values(), *_unusual("".join(doubtful.values()))]):
        return {}
    found = {text: "".join(c for c in _unusual(words) if not _can_set(c)) for text, words in doubtful.items()}
    for text, words in doubtful.items():  # single characters pass, together they do not
        if not found[text] and not typesetting.can_set([words]):
            found[text] = words
    return {text: characters for text, characters in found.items() if characters}


def _unusual(text: str) -> list[str]:
    """The characters that are not certain, each once, in their order."""
    return [c for c in dict.fromkeys(text) if c not in PLAIN]


@lru_cache(maxsize=10_000)
def _can_set(character: str) -> bool:
    return typesetting.can_set([character])
