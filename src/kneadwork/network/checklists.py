"""The checks of vetting as data: which are looked at per stream, which a `yes` needs, what to look at on a first visit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml


@dataclass(frozen=True, slots=True)
class Check:
    """One question of a checklist; required: a `yes` needs its answer."""

    key: str
    question: str
    required: bool


@lru_cache(maxsize=1)
def shipped() -> dict:
    """The shipped checklists."""
    return yaml.safe_load(files("kneadwork.network").joinpath("data/checklists.yaml").read_text("utf-8"))


def checks(stream: str) -> list[Check]:
    """The checks of a stream, the required ones first."""
    listed, words = shipped()["streams"][stream], shipped()["checks"]
    required, more = listed["required"], listed["more"]
    return [Check(key, words[key], key in required) for key in (*required, *more)]


def required(stream: str) -> list[Check]:
    """Those without which there is no `yes`."""
    return [check for check in checks(stream) if check.required]


def first_visit(stream: str) -> list[str]:
    """What to look at when one is there for the first time."""
    return shipped()["first_visit"][stream]
