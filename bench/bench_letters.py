"""A thousand letters as one tagged PDF, against setting a thousand empty pages in the same run.

python bench/bench_letters.py [LETTERS]
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kneadwork.settings")
os.environ.setdefault("KNEADWORK_HOME", tempfile.mkdtemp())
BOUND_S = 5.0


def floor(pages: int) -> float:
    """Seconds that setting as many empty pages takes."""
    import typst

    begun = time.perf_counter()
    typst.compile(f"#for n in range({pages}) [#pagebreak(weak: true) #n]".encode(), format="pdf")
    return time.perf_counter() - begun


def ours(number: int) -> tuple[float, float, int]:
    """Seconds for writing the letters (gate and database included), for setting them, and the size in bytes."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from kneadwork.common.tenancy import acting_in
    from kneadwork.network.adding import add_all
    from kneadwork.outreach import letters
    from kneadwork.practice import people

    owner = people.found("Bench", owner_email="letters@bench.example", latitude=47.6, longitude=-122.3)
    with acting_in(owner.practice_id):
        address = {"line1": "1 Main St", "city": "Seattle", "region": "WA", "postal": "98107"}
        everyone = [
            {"name": f"Given{n} Family{n}, DC", "profession": "chiropractor", "address": dict(address)}
            for n in range(number)
        ]
        made = add_all(everyone, by=owner)
        begun = time.perf_counter()
        batch = letters.prepare(made, practice=owner.practice, by=owner)
        written = time.perf_counter()
        data = letters.pdf(batch, owner.practice, on=date(2026, 11, 24))
        return written - begun, time.perf_counter() - written, len(data)


def main() -> None:
    """Measure both and say so."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    writing, setting, size = ours(number)
    base = floor(number)
    print(f"{number} letters: written in {writing:.2f} s, set in {setting:.2f} s ({size / 1e6:.1f} MB), together "
          f"{writing + setting:.2f} s (bound {BOUND_S:.0f} s); {number} empty pages {base:.2f} s, ratio {setting / base:.1f}")  # fmt: skip


if __name__ == "__main__":
    main()
