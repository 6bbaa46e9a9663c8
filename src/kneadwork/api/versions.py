"""ETag and If-Match: a change is made only to what the program has seen. The version is a hash of the document."""

from __future__ import annotations

import hashlib
import json
import re

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kneadwork.api.problems import Refused


def etag(document: dict) -> str:
    """The strong entity tag of a document."""
    text = json.dumps(document, cls=DjangoJSONEncoder, sort_keys=True)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def respond(document: dict, *, status: int = 200, location: str = "") -> HttpResponse:
    """One resource as an answer, with its version."""
    response = plain(document, status=status)
    response["ETag"] = etag(document)
    if location:
        response["Location"] = location
    return response


def plain(document: dict, *, status: int = 200) -> HttpResponse:
    """A document that is no single resource, so without a version."""
    text = json.dumps(document, cls=DjangoJSONEncoder)
    return HttpResponse(text, status=status, content_type="application/json")


def respond_unless_known(request: HttpRequest, document: dict) -> HttpResponse:
    """One resource, or 304 where the program has this very version (If-None-Match)."""
    response = respond(document)
    known = request.headers.get("If-None-Match", "")
    if known and (known.strip() == "*" or response["ETag"] in tags(known, weak=True)):
        return HttpResponse(status=304, headers={"ETag": response["ETag"]})
    return response


def require_match(request: HttpRequest, document: dict) -> None:
    """Refuse a change that names no version (428) or another than the present one (412)."""
    wanted = request.headers.get("If-Match", "").strip()
    if not wanted:
        raise Refused(428, _("Say which version you change: send its ETag in the header If-Match."))
    present = etag(document)
    if wanted != "*" and present not in tags(wanted, weak=False):
        raise Refused(412, _("This was changed since you fetched it. Fetch it again."), headers={"ETag": present})


def tags(header: str, *, weak: bool) -> set[str]:
    """The entity tags in a header; weak ones count only where a comparison may be weak."""
    found = re.findall(r'(W/)?("[^"]*")', header)
    return {tag for weakness, tag in found if weak or not weakness}
