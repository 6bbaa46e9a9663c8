"""A small neighbourhood as a map file: made-up businesses in Seattle."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import quoteattr

HERE = (47.61, -122.33)
HOURS = "Mo-Fr 09:00-17:00"


def a_place(
    number: int, name: str = "", *, lat: float = HERE[0], lon: float = HERE[1], version: int = 1, **tags
) -> str:
    """A node of a map file; tags with "__" for ":" (addr__street)."""
    named = {"name": name} if name else {}
    inside = "".join(
        f"<tag k={quoteattr(k.replace('__', ':'))} v={quoteattr(str(v))}/>" for k, v in (named | tags).items()
    )
    return f'<node id="{number}" version="{version}" lat="{lat}" lon="{lon}">{inside}</node>'


def a_map(path: Path, *things: str) -> Path:
    """A map file of these objects."""
    path.write_text(f'<?xml version="1.0"?><osm version="0.6" generator="test">{"".join(things)}</osm>', "utf-8")
    return path
