"""Sixty made-up business cards, clean and spoiled, read by `readers.card` against text recognition alone in the same run.

python bench/bench_cards.py [CARDS] [FLOOR_EVERY]

FLOOR_EVERY: recognition alone is measured on every so many-th card (1: on all). Both get the picture's bytes; the ratio compares
the same pictures, wall time and processor time.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kneadwork.settings")
os.environ.setdefault("KNEADWORK_HOME", tempfile.mkdtemp())
BOUND = 1.3
LEAST = {"clean": 0.95, "spoiled": 0.85}


def recognition_alone() -> Callable[[list[bytes]], None]:
    """The floor: rapidocr as it ships, on the decoded picture."""
    import numpy as np
    from PIL import Image
    from rapidocr import RapidOCR

    engine = RapidOCR(params={"Global.log_level": "critical"})

    def read(sides: list[bytes]) -> None:
        for side in sides:
            engine(np.asarray(Image.open(io.BytesIO(side)).convert("RGB"))[:, :, ::-1])

    return read


def timed(work: Callable, *given) -> tuple[float, float, object]:
    """Seconds on the clock, seconds of the processors, and the answer."""
    begun, spent = time.perf_counter(), time.process_time()
    answer = work(*given)
    return time.perf_counter() - begun, time.process_time() - spent, answer


def main() -> None:
    """Measure both kinds and say so."""
    import django

    django.setup()
    from tests import card_people, card_pictures

    number = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    every = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    floor = recognition_alone()
    everyone = card_people.people(number)
    floor(card_pictures.clean(everyone[0]))
    _read(card_pictures.clean(everyone[0]))  # both have loaded their models
    for kind in ("clean", "spoiled"):
        _measure(kind, everyone, every, floor)


def _read(sides: list[bytes]) -> dict:
    from kneadwork.exchange.readers.card import reading

    return reading.document(reading.read(*sides))


def _measure(kind: str, everyone: list, every: int, floor: Callable) -> None:
    from tests import card_pictures
    from tests.card_people import misses

    wrong, by_kind, all_ours, ours, theirs = 0, Counter(), 0.0, [0.0, 0.0], [0.0, 0.0]
    for who in everyone:
        how, sides = ("clean", card_pictures.clean(who)) if kind == "clean" else card_pictures.spoiled(who)
        wall, cpu, found = timed(_read, sides)
        all_ours += wall
        if who.number % every == 0:
            ours = [ours[0] + wall, ours[1] + cpu]
            wall, cpu, _nothing = timed(floor, sides)
            theirs = [theirs[0] + wall, theirs[1] + cpu]
        missed = misses(who, found)
        wrong += bool(missed)
        for what in missed:
            by_kind[f"{what}, {how}, {card_pictures.layout(who).__name__}"] += 1
            print(f"  missed {what} of card {who.number}: {who.name} {who.email} {who.phones}; read "
                  f"{found['name']} {found['emails']} {found['phones']}", flush=True)  # fmt: skip
    share = 1 - wrong / len(everyone)
    print(f"{kind}: {len(everyone)} cards, all of name, phone and e-mail right on {share:.1%} (least {LEAST[kind]:.0%}), "
          f"{all_ours / len(everyone):.2f} s each; against recognition alone {ours[0] / theirs[0]:.2f} times on the clock, "
          f"{ours[1] / theirs[1]:.2f} of the processors (bound {BOUND})", flush=True)  # fmt: skip
    for what, times in by_kind.most_common():
        print(f"  missed {times}: {what}")


if __name__ == "__main__":
    main()
