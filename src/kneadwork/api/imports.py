"""Imports: a file in, the counts out; taken back as a whole. The same pipeline as pages and commands."""

import hashlib
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from kneadwork.api import bodies, records, versions
from kneadwork.api.once import once_in_steps
from kneadwork.api.problems import Refused
from kneadwork.api.routes import route
from kneadwork.api.shapes import Text60, Text200, Text2000
from kneadwork.common.ids import number_of
from kneadwork.exchange import importing
from kneadwork.exchange.models import Import
from kneadwork.facts.professions import all_professions
from kneadwork.facts.zips import parse_where
from kneadwork.practice.rights import Right

router = Router()
BINARY = {"schema": {"type": "string", "format": "binary"}}
FORM = {"schema": {"type": "object", "properties": {"file": BINARY["schema"]}, "required": ["file"]}}
TAKEN = {
    "requestBody": {"required": True, "content": {"multipart/form-data": FORM, "application/octet-stream": BINARY}}
}


class Options(Schema):
    """How to read it. within: miles around `near` (left out: the practice's own place); professions: comma between."""

    kind: Literal["auto", "contacts", "providers"] = "auto"
    dry_run: bool = False
    within: float | None = Field(None, gt=0, le=25_000)
    near: Text60 = Field("", description="A ZIP code or LAT,LON.")
    professions: Text2000 = ""
    name: Text200 = Field("", description="What the file is called, where it is sent as the body itself.")


class Rejection(Schema):
    """A record that could not be read, and why."""

    where: str
    reason: str


class Imported(Schema):
    """The counts; read is the sum of those after it. `import` is the id to undo it by, null for a dry run."""

    import_: str | None = Field(alias="import")
    read: int
    created: int
    updated: int
    unchanged: int
    merged: int
    retired: int
    out_of_scope: int
    rejected: list[Rejection]
    warnings: list[str]


class Staying(Schema):
    """A connection that the undo leaves, and why."""

    name: str
    why: str


class Undone(Schema):
    """What taking an import back did."""

    removed: int
    restored: int
    stays: list[Staying]


@route(router, "POST", "/imports/{ref}:undo", Right.IMPORT, gives=Undone, takes_json=False, single=True)
def undo(request: HttpRequest, ref: str) -> HttpResponse:
    """Take an import back; says what stays because it was used or edited since."""
    return versions.plain(importing.undo(ref, by=request.member))


@route(router, "GET", "/imports/{ref}", Right.IMPORT, gives=Imported, single=True)
def get(request: HttpRequest, ref: str) -> HttpResponse:
    """The counts of an import that was kept."""
    batch = Import.objects.filter(act=number_of(ref)).exclude(act=None).first()
    if batch is None:
        raise Http404
    return versions.respond_unless_known(request, importing.answer(batch) | {"import": ref})


@route(router, "POST", "/imports", Right.IMPORT, gives=Imported, status=201, takes_json=False, in_steps=True,
       extra=TAKEN)  # fmt: skip
def bring_in(request: HttpRequest, given: Query[Options]) -> HttpResponse:
    """Import one file, sent as a form's `file` or as the body itself; a record that is refused never stops the rest."""
    options = {"kind": given.kind, "within_miles": given.within, "dry_run": given.dry_run,
               "near": parse_where(given.near) if given.near else None, "professions": professions(given)}  # fmt: skip
    with kept_for_now(request, given.name) as (path, digest):
        return once_in_steps(request, digest, lambda: keep(request, path, options))


def keep(request: HttpRequest, path: Path, options: dict) -> HttpResponse:
    """Run the file through the pipeline."""
    document = importing.import_file(path, practice=request.practice, by=request.member, **options)
    where = records.place("imports", document["import"]) if document["import"] else ""
    return versions.respond(document, status=201, location=where)


def professions(given: Options) -> set[str] | None:
    """The professions named, or None; one that does not exist is refused."""
    wanted = {p.strip() for p in given.professions.split(",") if p.strip()}
    unknown = sorted(wanted - set(all_professions()))
    if unknown:
        raise Refused(422, _("There is no profession “%(name)s”.") % {"name": unknown[0][:40]})
    return wanted or None


@contextmanager
def kept_for_now(request: HttpRequest, name: str) -> Iterator[tuple[Path, str]]:
    """The file sent, beside the data while it is read, and the digest of its bytes; gone afterwards."""
    bodies.refuse_larger(request, bodies.FILE_BYTES)
    name, parts = sent(request, name)
    folder = settings.HOME / "uploads" / secrets.token_hex(12)
    folder.mkdir(parents=True, mode=0o700)
    try:
        path, digest = folder / name, hashlib.sha256()
        with open(path, "wb") as file:
            for part in parts:
                digest.update(part)
                file.write(part)
        yield path, digest.hexdigest()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sent(request: HttpRequest, name: str) -> tuple[str, Iterable[bytes]]:
    """The name and the pieces of the file in a form, or of the body itself."""
    if request.content_type in ("application/json", "application/x-www-form-urlencoded"):
        raise Refused(415, _("Send the file itself, or a form (multipart/form-data) with a field “file”."))
    if request.content_type != "multipart/form-data":
        return safe(name), bodies.pieces(request, bodies.FILE_BYTES)
    upload = request.FILES.get("file")
    if upload is None:
        raise Refused(422, _("The form has no field “file” with a file in it."))
    return safe(name or upload.name), upload.chunks()


def safe(name: str) -> str:
    """A file name of our own making from theirs."""
    try:
        return get_valid_filename(Path(name).name)[-100:]
    except Exception:  # Django refuses names of which nothing is left
        return "upload"
