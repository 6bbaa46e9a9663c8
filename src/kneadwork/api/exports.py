"""All data of the practice in open formats, as one zip."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from kneadwork.api.routes import route
from kneadwork.exchange import exporting
from kneadwork.practice.rights import Right

router = Router()


@route(router, "GET", "/export", Right.EXPORT, gives=None, media_type="application/zip")
def get(request: HttpRequest) -> HttpResponse:
    """Everything as vCard, CSV and JSON; that it was taken stands in the history."""
    response = HttpResponse(exporting.export(request.practice, by=request.member), content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="kneadwork.zip"'
    return response
