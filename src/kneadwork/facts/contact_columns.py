"""How contacts get out of each product, as shown beside the drop zone."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

import yaml


@lru_cache(maxsize=1)
def how_to_export() -> list[dict]:
    """One entry for each product: its name, and how to get a file out of it (not verified)."""
    text = files("kneadwork.facts").joinpath("data/how_to_export.yaml").read_text("utf-8")
    return yaml.safe_load(text)["products"]
