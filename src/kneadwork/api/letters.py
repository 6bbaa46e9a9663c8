"""Letters as one PDF, to those named or to those whom Today would write; each passes the gate."""

from typing import Annotated

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from kneadwork.api import seeing
from kneadwork.api.routes import route
from kneadwork.api.shapes import Ref, Strict, Text60, Text1000
from kneadwork.common.ids import number_of
from kneadwork.network import listing
from kneadwork.network.models import Connection
from kneadwork.outreach import letters
from kneadwork.planning.today import letters_due
from kneadwork.practice.rights import Right, sees_clients

router = Router()
MOST = 1000
#: How many of those left out the answer's header names.
NAMED = 100


class LetterOrder(Strict):
    """Whom to write: the list's filters as in its address, or ids; left out: those to whom Today proposes a letter."""

    to: Text1000 | Annotated[list[Ref], Field(min_length=1, max_length=MOST)] | None = None
    template: Text60 = ""


@route(router, "POST", "/letters", Right.LETTERS, gives=None, media_type="application/pdf")
def make(request: HttpRequest, given: LetterOrder) -> HttpResponse:
    """Write the letters and answer them as one PDF; nobody to write to is refused with the reason.

    Who got none (a stop, no address, a name that cannot be printed) stands by id in the header `Left-Out`.
    """
    practice, by = request.practice, request.member
    due = recipients(request, given.to)
    people, wanted = list(due), {c.pk: key for c, key in due.items()}
    batch = letters.prepare(people, template=given.template, wanted=wanted, practice=practice, by=by)
    data = letters.pdf(batch, practice, on=request.today)
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="letters.pdf"'
    response["Left-Out"] = ",".join(one.ref for one, _why in letters.offices(people)[1][:NAMED])
    return response


def recipients(request: HttpRequest, to: str | list[str] | None) -> dict[Connection, str]:
    """The connections meant, of those this member may see; an id that is not there is 404. Of those to whom Today proposes
    a letter with the one that their playbook names."""
    if isinstance(to, list):
        return dict.fromkeys(named(request, to), "")
    everything = sees_clients(request.member)
    if not to:
        return letters_due(request.practice, on=request.today, all_streams=everything)
    rows = listing.found(listing.read_query(to), on=request.today, all_streams=everything)[:MOST]
    return {row.connection: "" for row in rows.select_related("connection")}


def named(request: HttpRequest, refs: list[str]) -> list[Connection]:
    """Connections by id, each of which must be there."""
    wanted = {number_of(ref) for ref in refs}
    rows = list(seeing.connections(request).filter(pk__in=wanted - {None}))
    if len(rows) < len(wanted):
        raise Http404
    return rows
