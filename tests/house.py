"""A walk of the syntax tree: what may not stand where, so that nothing leaves the practice but by the one gate.

The layers themselves are held by import-linter; it knows neither single names nor parts of other packages.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1] / "src/kneadwork"
FACES = ("pages", "api", "cli")
#: What sends, sets for others or writes a calendar, and the files that may import it.
LEAVES = {"smtplib": (), "django.core.mail": (), "typst": ("outreach/typesetting.py",), "email": ("outreach/emails.py",),
          "icalendar": ("outreach/calendar_files.py", "exchange/readers/ics.py", "exchange/readers/calendar.py",
                        "exchange/readers/calendar_lines.py"),
          "httpx": ("common/outside.py",), "requests": (), "urllib.request": ("cli/starting.py",), "http.client": (),
          "caldav": ("exchange/caldav_account.py",)}  # fmt: skip
#: What of the gate a face may know.
OF_THE_GATE = {"NotReleased"}
SETTERS = {"letters_pdf", "labels_pdf", "leaflet_pdf", "walk_pdf"}
#: What else is written by the gate alone.
FEED = ("outreach/calendar_files.py", "outreach/delivery.py")
#: What a page without a password may draw from: never the records themselves.
PUBLIC_MAY = ("kneadwork.common", "kneadwork.outreach", "kneadwork.pages", "kneadwork.practice")


def files() -> Iterator[tuple[str, str]]:
    """Every file of the product with its text, without tests and migrations."""
    for path in sorted(ROOT.rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        if "/tests/" not in place and "/migrations/" not in place:
            yield place, path.read_text()


def breaches(place: str, text: str) -> list[str]:
    """What in a file goes round the gate, each in a few words."""
    tree, found = ast.parse(text), []
    for name in _imported(tree):
        found += [
            f"{place} imports {name}" for leaves, only in LEAVES.items() if _within(name, leaves) and place not in only
        ]
        if place.startswith(FACES) and _goes_round(name):
            found.append(f"{place} imports {name}")
        if place.startswith("pages/public/") and name.startswith("kneadwork.") and not name.startswith(PUBLIC_MAY):
            found.append(f"{place} imports {name}")
    if place not in ("outreach/delivery.py", "outreach/typesetting.py"):
        found += [f"{place} sets type itself" for node in ast.walk(tree) if _sets(node)]
    if place not in FEED:
        found += [f"{place} writes a feed itself" for node in ast.walk(tree) if _feeds(node)]
    return found


def _goes_round(name: str) -> bool:
    last = name.removeprefix("kneadwork.outreach.delivery").strip(".")
    return (
        _within(name, "kneadwork.outreach.typesetting")
        or _within(name, "kneadwork.outreach.calendar_files")
        or (_within(name, "kneadwork.outreach.delivery") and last not in OF_THE_GATE)
    )


def _sets(node: ast.AST) -> bool:
    """Whether a setter of `typesetting` is used here."""
    named = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "typesetting"
    imported = isinstance(node, ast.ImportFrom) and node.module == "kneadwork.outreach.typesetting"
    return (named and node.attr in SETTERS) or (imported and bool(SETTERS & {alias.name for alias in node.names}))


def _feeds(node: ast.AST) -> bool:
    """Whether `calendar_files.feed` is used here."""
    named = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "calendar_files"
    imported = isinstance(node, ast.ImportFrom) and node.module == "kneadwork.outreach.calendar_files"
    return (named and node.attr == "feed") or (imported and "feed" in {alias.name for alias in node.names})


def _within(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def _imported(tree: ast.AST) -> Iterator[str]:
    """Whole names: `from a import b` as `a.b`, so that a module and a name of it look alike."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "import_module":
            yield from (a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str))


def leads_to(*names: str) -> set[str]:
    """Every module of the product that these import, and theirs; without the records themselves, the ground below, and
    what is sent, by which no kept value goes."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        path = ROOT / (name.replace(".", "/") + ".py")
        if (
            name in found
            or not path.exists()
            or name.startswith(("common.", "practice.", "outreach."))
            or ".models" in name
        ):
            continue
        found.add(name)
        for imported in _imported(ast.parse(path.read_text())):
            if imported.startswith("kneadwork."):
                whole = imported.removeprefix("kneadwork.")
                waiting += [whole, whole.rpartition(".")[0]]
    return found
