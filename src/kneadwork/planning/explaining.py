"""Connections as documents for commands and the API: scores with what moved each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kneadwork.facts.zips import metres
from kneadwork.network.models import Standing
from kneadwork.planning import score
from kneadwork.planning.keeping import View, views
from kneadwork.practice.models import Practice


def documents(
    rows: Sequence[Standing], practice: Practice, *, on: date, near: tuple[float, float] | None = None,
    all_streams: bool,
) -> list[dict]:  # fmt: skip
    """The documents of kept rows, in their order."""
    seen = views([r.connection_id for r in rows], practice, on=on)
    return [document(seen[r.connection_id], practice, on=on, near=near, all_streams=all_streams) for r in rows]


def document(
    view: View,
    practice: Practice,
    *,
    on: date,
    near: tuple[float, float] | None = None,
    all_streams: bool,
) -> dict:
    """One connection as CONTRACTS.md shapes it."""
    here = view.history.connection
    distance = view.distance_m
    if near and here.place:
        distance = metres(*near, *here.place)
    counted, row = (view.score, view.row) if all_streams else (view.score_open, open_row(view))
    moved = score.reasons(row, on=on, unit=practice.unit)
    return {
        "id": here.ref, "name": here.name, "kind": here.kind, "stream": here.stream,
        "stage": view.stage if all_streams else view.stage_open, "profession": here.profession,
        "distance_m": None if distance is None else round(distance), "likely": round(counted.likely, 4),
        "distance_rough": here.place_rough or practice.place_rough if distance is not None else False,
        "good": None if counted.good is None else round(counted.good, 4),
        "reasons": [{"axis": r.axis, "text": r.text, "effect": round(r.effect, 4)} for r in moved],
    }  # fmt: skip


def open_row(view: View) -> score.Row:
    """The model's row without referrals, for members who may not see them."""
    return view.row_open
