"""Does a text name somebody? Whole names only, as they stand in it; pure: words in, answer out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

Name = tuple[str, ...]


class Names:
    """Names to look for, each as its folded words. One word alone is no name: it would be found everywhere."""

    def __init__(self, names: Iterable[Sequence[str]]) -> None:
        self._by_last: dict[str, set[Name]] = defaultdict(set)
        for words in names:
            if len(words) > 1:
                self._by_last[words[-1]] |= {tuple(words), (words[0], words[-1])}

    def first_in(self, words: Sequence[str]) -> Name | None:
        """The first of the names that stands in a text of these folded words; given and family name are enough."""
        for end, word in enumerate(words, start=1):
            for name in self._by_last.get(word, ()):
                if tuple(words[max(0, end - len(name)) : end]) == name:
                    return name
        return None
