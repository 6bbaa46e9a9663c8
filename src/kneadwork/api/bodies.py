"""What a request may bring along: how much, and of which kind."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.parser import Parser

from kneadwork.api.problems import Refused

#: Ten thousand connections with everything one may say of each fit into this.
JSON_BYTES = 16 * 1024**2
#: What the web server in front lets through (`cli/publishing.py`).
FILE_BYTES = 64 * 1024**2
PIECE = 64 * 1024


def read_json(request: HttpRequest) -> None:
    """Read the body of a request that must be JSON: 415 where it is not, 413 where it is too large.

    Django's own limit holds for the pages' forms and is too low for a batch, so the body is read here, at most as much
    as is taken, and laid where `request.body` looks for it.
    """
    if request.content_type != "application/json":
        raise Refused(415, _("Send JSON, with the header Content-Type: application/json."))
    refuse_larger(request, JSON_BYTES)
    request._body = b"".join(pieces(request, JSON_BYTES))


class StrictParser(Parser):
    """JSON in which no name stands twice in one object: which of the two would count?"""

    def parse_body(self, request: HttpRequest) -> dict:
        """The body's document."""
        return json.loads(request.body, object_pairs_hook=_once_each)


def _once_each(pairs: list[tuple[str, object]]) -> dict:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Refused(422, _("“%(name)s” stands in one object more than once.") % {"name": twice[:40]})
    return found


def refuse_larger(request: HttpRequest, most: int) -> None:
    """413 where the request says itself that it brings more than this many bytes."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise Refused(400, _("The header Content-Length is no number."))
    if length > most:
        raise too_large(most)


def pieces(request: HttpRequest, most: int) -> Iterator[bytes]:
    """The body piece by piece; 413 as soon as there is more than this many bytes."""
    taken = 0
    while piece := request.read(PIECE):
        taken += len(piece)
        if taken > most:
            raise too_large(most)
        yield piece


def too_large(most: int) -> Refused:
    """The refusal of a body larger than this many bytes."""
    return Refused(413, _("Not more than %(n)d megabytes are taken here at once.") % {"n": most // 1024**2})
