"""What is answered where a page failed: that the database is busy, else that it was our fault."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

from kneadwork.common import busy


def went_wrong(request: HttpRequest) -> HttpResponse:
    """Django's handler of whatever a page raised and nobody caught."""
    if not busy.is_busy(sys.exc_info()[1]):
        return server_error(request)
    page = render_to_string("503.html", {"words": busy.words()})
    return HttpResponse(page, status=503, headers={"Retry-After": str(busy.AGAIN)})
