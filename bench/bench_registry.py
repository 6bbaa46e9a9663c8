"""The provider registry: reading a practice's thousand of a million rows, against DuckDB reading the whole file.

    python bench/bench_registry.py [ROWS]

Rows are made by varying the sample rows that ship with the demo; about one in a thousand is in scope.
"""

from __future__ import annotations

import csv
import os
import random
import resource
import statistics
import sys
import tempfile
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kneadwork.settings")
os.environ.setdefault("KNEADWORK_HOME", tempfile.mkdtemp())
TURNS = 3
NEAR, TEN_MILES = (47.61, -122.33), 16_093.44


def check_digit(nine: str) -> str:
    """The tenth digit of a registry number (Luhn over 80840)."""
    digits = [int(d) for d in "80840" + nine]
    total = sum(sum(divmod(2 * d, 10)) if i % 2 == 0 else d for i, d in enumerate(reversed(digits)))
    return str(-total % 10)


def make(path: Path, rows: int) -> None:
    """Write the file in the registry's own form."""
    source = list(csv.reader(open(ROOT / "src/kneadwork/demo/data/registry_rows.csv", newline="")))
    header, samples, chance = source[0], source[1:], random.Random(7)  # noqa: S311
    at = {name: header.index(name) for name in ("NPI", "Provider Business Practice Location Address Postal Code",
                                                "Healthcare Provider Taxonomy Code_1", "NPI Deactivation Date")}  # fmt: skip
    zip_at, code_at = (
        at["Provider Business Practice Location Address Postal Code"],
        at["Healthcare Provider Taxonomy Code_1"],
    )
    with open(path, "w", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(header)
        for number in range(rows):
            row = list(chance.choice(samples))
            nine = f"1{number + 10_000_000:08d}"
            row[at["NPI"]] = nine + check_digit(nine)
            if number % 1000 == 500:
                row[zip_at], row[code_at], row[at["NPI Deactivation Date"]] = "981010000", "111N00000X", ""
            writer.writerow(row)


def floor(path: Path) -> float:
    """Seconds that DuckDB alone needs to read the whole file, every column as text with its longest value."""
    import duckdb

    begun = time.perf_counter()
    db = duckdb.connect()
    db.execute(f"SELECT max(length(COLUMNS(*))) FROM read_csv('{path}', all_varchar=true, header=true)").fetchall()  # noqa: S608
    return time.perf_counter() - begun


def inflate(path: Path) -> float:
    """Seconds for inflating the only file of a zip, without looking at it."""
    begun = time.perf_counter()
    with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as file:
        while file.read(1 << 24):
            pass
    return time.perf_counter() - begun


def ours(path: Path) -> tuple[float, int]:
    """Seconds for importing what is in scope, commit included; and how many connections that made."""
    from kneadwork.exchange import importing
    from kneadwork.facts.professions import METHOD_NINE
    from kneadwork.practice import people

    name = f"{time.time()}"
    owner = people.found(name, owner_email=f"b{name}@bench.example", latitude=NEAR[0], longitude=NEAR[1])
    begun = time.perf_counter()
    answer = importing.import_file(
        path, practice=owner.practice, near=NEAR, within_miles=10, professions=set(METHOD_NINE)
    )
    return time.perf_counter() - begun, answer["created"]


def memory_mib() -> float:
    """The most that this process held, and as much as its largest helper held for each that may run beside it."""
    own, helper = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own + helper * max(2, min(registry_workers_at_once(), os.cpu_count() or 1))


def registry_workers_at_once() -> int:
    """How many helpers share a large file."""
    from kneadwork.exchange.readers import registry_workers

    return registry_workers.MOST_WORKERS


def prepared() -> None:
    """An empty database, and a first small import, so that loading the program is not measured."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder) / "npidata_pfile_small.csv", 2_000)
        ours(Path(folder) / "npidata_pfile_small.csv")


def main() -> None:
    """Make the file, measure both, print the ratios."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    prepared()
    with tempfile.TemporaryDirectory() as folder:
        path, packed = Path(folder) / "npidata_pfile_bench.csv", Path(folder) / "bench.zip"
        make(path, rows)
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.write(path, path.name)
        os.sync()  # what was just written is not written beside the measuring
        zipped, _made = ours(packed)
        ours(path)
        memory = memory_mib()  # before the floor, which runs in this process too
        turns = [(*ours(path), floor(path)) for _turn in range(TURNS)]
        inflating = inflate(packed)
    seconds, base = (statistics.median(turn[at] for turn in turns) for at in (0, 2))
    ratios = sorted(ours_took / floor_took for ours_took, _made, floor_took in turns)
    print(
        f"rows {rows}, made {turns[0][1]}, medians of {TURNS} turns: ours {seconds:.2f} s, floor {base:.2f} s, ratio "
        f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}; bound 0.6); from the "
        f"zip {zipped:.2f} s, of which inflating takes {inflating:.2f} s alone; {memory:.0f} MiB at most"
    )


if __name__ == "__main__":
    main()
