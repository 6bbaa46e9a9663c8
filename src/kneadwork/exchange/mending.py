"""What could not be read, as a file of the same kind: to be mended and imported again."""

from __future__ import annotations

import csv
import io

from kneadwork.exchange.formulas import harmless
from kneadwork.exchange.models import Import, StagedRow
from kneadwork.exchange.readers.columns import MENDED


def rejected_file(batch: Import) -> tuple[str, str, bytes]:
    """(name, media type, content) of the rejected records of an import, each with the reason beside it."""
    rows = list(StagedRow.objects.filter(batch=batch, outcome="rejected").order_by("pk"))
    described = batch.mapping or {}
    if any(row.raw.lstrip().upper().startswith("BEGIN:VCARD") for row in rows):
        return "to-mend.vcf", "text/vcard; charset=utf-8", _cards(rows).encode()
    if described.get("header"):
        return "to-mend.csv", "text/csv; charset=utf-8", _lines(rows, described["header"]).encode()
    titles = list(described.get("titles") or ["Record"])
    return "to-mend.csv", "text/csv; charset=utf-8", ("\ufeff" + _table(rows, titles)).encode()


def _cards(rows: list[StagedRow]) -> str:
    """The cards as they stood, the reason in a property that address books pass over."""
    found = []
    for row in rows:
        begin, _line_end, rest = row.raw.lstrip().partition("\n")
        found.append(
            f"{begin.strip()}\r\nX-KNEADWORK-REASON:{row.place}: {' '.join(row.reason.split())}\r\n{rest.strip()}\r\n"
        )
    return "".join(found)


def _lines(rows: list[StagedRow], header: str) -> str:
    """Lines of the registry exactly as they stood, below the file's own header; the reasons stand in the preview."""
    return "".join(f"{line}\r\n" for line in (header, *(row.raw.rstrip("\r\n") for row in rows)))


def _table(rows: list[StagedRow], titles: list[str]) -> str:
    out = io.StringIO()
    csv.field_size_limit(4_000_000)  # as the readers take them
    writer = csv.writer(out)
    writer.writerow([*titles, MENDED])
    for row in rows:
        cells = next(csv.reader([row.raw]), []) if "\n" not in row.raw else next(csv.reader(io.StringIO(row.raw)), [])
        filled = [*cells, *[""] * (len(titles) - len(cells))][: len(titles)]
        writer.writerow([harmless(v) for v in (*filled, f"{row.place}: {row.reason}")])
    return out.getvalue()
