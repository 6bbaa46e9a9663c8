"""How long somebody's work waits while a large import is kept beside it, against the same work with nobody beside it.

    python bench/bench_waiting.py [CONTACTS]

One process imports a file of contacts; another logs a touch, again and again, and notes how long each took.
"""

from __future__ import annotations

import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kneadwork.settings")
os.environ.setdefault("KNEADWORK_HOME", tempfile.mkdtemp())
ALONE = 40
CARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Given{n} Family{n}\nTEL:+1206555{t:04d}\nEMAIL:g{n}@people.example\nEND:VCARD\n"


def importing(path: Path, practice_id: int, ended) -> None:
    """The other process: import the file, then say so."""
    import django

    django.setup()
    from kneadwork.exchange import importing as imports
    from kneadwork.practice.models import Practice

    imports.import_file(path, practice=Practice.objects.get(pk=practice_id), by_name="bench")
    ended.set()


def log_one(owner, connection) -> float:
    """Seconds for logging one touch."""
    from kneadwork.common.tenancy import acting_in
    from kneadwork.network import touching
    from kneadwork.practice.setting_up import today

    begun, on = time.perf_counter(), today(owner.practice)
    with acting_in(owner.practice_id):
        touching.log(connection, "call", on=on, today=on, by=owner)
    return time.perf_counter() - begun


def prepared():
    """An empty database with a practice and one connection: the owner and the connection."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from kneadwork.common.tenancy import acting_in
    from kneadwork.network.adding import add_all
    from kneadwork.practice import people

    owner = people.found("Bench", owner_email="w@bench.example", latitude=47.6, longitude=-122.3)
    with acting_in(owner.practice_id):
        (connection,) = add_all([{"name": "Ana Ruiz"}], by=owner)
    return owner, connection


def main() -> None:
    """Make the file, import it beside the work, print what the work waited."""
    contacts = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    owner, connection = prepared()
    alone = [log_one(owner, connection) for _n in range(ALONE)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.vcf"
        path.write_text("".join(CARD.format(n=n, t=n % 10_000) for n in range(contacts)))
        spawned = multiprocessing.get_context("spawn")
        ended = spawned.Event()
        other = spawned.Process(target=importing, args=(path, owner.practice_id, ended))
        begun = time.perf_counter()
        other.start()
        beside = []
        while other.is_alive() and not ended.is_set():
            beside.append(log_one(owner, connection))
        took = time.perf_counter() - begun
        other.join()
    print(
        f"contacts {contacts}, imported in {took:.1f} s; a touch alone {statistics.median(alone) * 1e3:.0f} ms, beside the "
        f"import {statistics.median(beside) * 1e3:.0f} ms, at worst {max(beside):.2f} s (of {len(beside)})"
    )


if __name__ == "__main__":
    main()
