"""What to be curious about in a talk, and when a visit suits: shipped words, by profession and stream."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

import yaml


@lru_cache(maxsize=1)
def words() -> dict:
    """The shipped words."""
    return yaml.safe_load(files("kneadwork.planning").joinpath("data/curiosity.yaml").read_text("utf-8"))


def questions(stream: str, profession: str = "") -> list[str]:
    """Questions for a talk, those of the profession first; four at most."""
    return [*words()["professions"].get(profession, ()), *words()["streams"][stream]["ask"]][:4]


def when(stream: str) -> str:
    """A first thought on when a visit suits."""
    return words()["streams"][stream]["when"]


def what_for(stream: str, *, known: bool) -> str:
    """What a talk is for: at first what they do, later how it goes on."""
    return words()["streams"][stream]["later" if known else "first"]
