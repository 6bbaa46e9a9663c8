"""Make facts/data/city_centroids.csv: where a town lies, as the mean of the ZIP centroids that its registered addresses have.

    KNEADWORK_CORPUS=… .venv/bin/python scripts/make_city_centroids.py

Source: addresses of the national provider registry (US government work, public domain) and the Census ZIP table.
"""

from __future__ import annotations

import csv
import os
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
FILES = {
    "npidata_first41cols_2011_a.csv": (
        "Provider Business Mailing Address",
        "Provider Business Practice Location Address",
    ),
    "npidata_pfile_330col_500rows_a.csv": (
        "Provider Business Mailing Address",
        "Provider Business Practice Location Address",
    ),
    "pl_pfile_20251103-20251109_a.csv": ("Provider Secondary Practice Location Address -",),
}


def column(header: list[str], begins: str, word: str) -> int:
    """The column of a part of an address, whatever the file's version calls it."""
    return next(
        i for i, name in enumerate(header) if name.replace("- ", "").startswith(begins.rstrip(" -")) and word in name
    )


def main() -> None:
    """Read the samples, write the table."""
    from kneadwork.facts.zips import centroids, town_key

    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for name, groups in FILES.items():
        with open(
            Path(os.environ["KNEADWORK_CORPUS"]) / "nppes" / name, newline="", encoding="utf-8", errors="replace"
        ) as file:
            rows = csv.reader(file)
            header = next(rows)
            places = [[column(header, g, w) for w in ("City Name", "State Name", "Postal Code")] for g in groups]
            for row in rows:
                for city, state, postal in places:
                    if len(row) > postal and row[postal][:5] in centroids() and len(row[state]) == 2:
                        found[town_key(row[city], row[state])].add(row[postal][:5])
    with open(ROOT / "src/kneadwork/facts/data/city_centroids.csv", "w", encoding="utf-8", newline="") as file:
        file.write("CITY,STATE,LAT,LONG\n")
        for (city, state), codes in sorted(found.items()):
            spots = [centroids()[code] for code in codes]
            if city:
                lat, lon = (sum(s[i] for s in spots) / len(spots) for i in (0, 1))
                file.write(f"{city},{state},{lat:.4f},{lon:.4f}\n")


if __name__ == "__main__":
    main()
