"""The large corpus of real files, named by KNEADWORK_CORPUS: left out where it is not named, complete where it is."""

from __future__ import annotations

import os
from pathlib import Path


class Corpus:
    """The folder of the corpus; `corpus / "nppes/file.csv"` is a path that is there, else the test fails."""

    def __init__(self, folder: Path) -> None:
        assert folder.is_dir(), f"KNEADWORK_CORPUS names no folder: {folder}"
        self.folder = folder

    def __truediv__(self, name: str) -> Path:
        path = self.folder / name
        assert path.exists(), f"the corpus lacks {name}"
        assert path.is_file() or any(path.iterdir()), f"the corpus has nothing in {name}"
        return path


def is_named() -> bool:
    """Whether this run has a corpus to read."""
    return bool(os.environ.get("KNEADWORK_CORPUS"))


def here() -> Corpus:
    """The corpus that this run names."""
    return Corpus(Path(os.environ["KNEADWORK_CORPUS"]))
