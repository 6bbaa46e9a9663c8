"""How much is tried: in the suite a seeded sample, the same each time; with THOROUGH=1 (`make thorough`) all, by chance anew."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from typing import TypeVar

from hypothesis import HealthCheck, settings

THOROUGH = os.environ.get("THOROUGH") == "1"
#: So many times as many examples of each law are tried then.
MORE = 20
Thing = TypeVar("Thing")


def examples(number: int, **more) -> settings:
    """The settings of a law that is tried on so many examples; fixtures are shared by all of them."""
    return settings(
        max_examples=number * MORE if THOROUGH else number, deadline=None, derandomize=not THOROUGH, database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture], **more,
    )  # fmt: skip


def some(things: Sequence[Thing], number: int, *, seed: str) -> Sequence[Thing]:
    """So many of these by a seed, or all."""
    return things if THOROUGH else random.Random(seed).sample(things, min(number, len(things)))  # noqa: S311
