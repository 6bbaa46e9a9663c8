"""Connections: the ranked list with its filters, one of them, adding, editing, removing."""

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from kneadwork.api import connection_shapes as shapes
from kneadwork.api import records, seeing, versions
from kneadwork.api.routes import route
from kneadwork.api.shapes import PageQuery, StageName, StreamName, Text40, Text60, Text200
from kneadwork.common import acts
from kneadwork.network import connections, likeness, listing
from kneadwork.network.models import Connection
from kneadwork.planning import explaining
from kneadwork.planning.keeping import views
from kneadwork.practice.models import Member
from kneadwork.practice.rights import Right, sees_clients

router = Router()


class Filters(PageQuery):
    """The filters of the list; distances in metres, likely in referrals a year, good from 0 to 1."""

    q: Text200 = ""
    stream: StreamName | None = None
    stage: StageName | None = None
    profession: Text40 = ""
    tag: Text60 = ""
    quiet: bool = Field(False, description="Nobody in touch for half a year.")
    within_m: float | None = Field(None, ge=0, le=1e9)
    likely: float | None = Field(None, ge=0, le=1e9)
    good: float | None = Field(None, ge=0, le=1)
    office: str = Field("", max_length=64, description="The key of an office: only the people who work there.")
    order: str = Field(
        "rank", pattern="^(rank|likely|good|name|recent)$", description="rank, likely, good, name, recent"
    )

    def asked(self) -> listing.Filters:
        """The same as the list takes them."""
        return listing.Filters(
            q=self.q, stream=self.stream or "", stage=self.stage or "", profession=self.profession, tag=self.tag,
            quiet=self.quiet, within_m=self.within_m, likely=self.likely, good=self.good, office=self.office,
            order=self.order,
        )  # fmt: skip


@route(router, "GET", "/connections", Right.NETWORK, gives=shapes.ConnectionPage)
def list_all(request: HttpRequest, given: Query[Filters]) -> HttpResponse:
    """The connections that match, ranked with reasons."""
    everything, on, filters = sees_clients(request.member), request.today, given.asked()
    page = listing.page(filters, on=on, all_streams=everything, cursor=given.cursor, limit=given.limit)
    rows = explaining.documents(page.rows, request.practice, on=on, all_streams=everything)
    total = listing.total(filters, on=on, all_streams=everything)
    return versions.plain({"connections": rows, "total": total, "next": page.next or None})


@route(router, "POST", "/connections", Right.NETWORK, gives=shapes.ConnectionDetail, status=201)
def add(request: HttpRequest, given: shapes.NewConnection) -> HttpResponse:
    """Add one connection; whoever it may be already is kept as a proposal to join the two."""
    seeing.refuse_hidden_stream(request, given.stream or "")
    made, _alike = likeness.added(**values_of(given), all_streams=sees_clients(request.member), by=request.member)
    document = detail(request, made)
    return versions.respond(document, status=201, location=records.place("connections", document["id"]))


def values_of(given: shapes.NewConnection) -> dict:
    """What a program says of a new connection, as the verbs take it."""
    values = given.dict()
    address = {k: v for k, v in (values["address"] or {}).items() if v}
    return values | {"stream": given.stream or "", "address": address}


@route(router, "GET", "/connections/{ref}", Right.NETWORK, gives=shapes.ConnectionDetail, single=True)
def get(request: HttpRequest, ref: str) -> HttpResponse:
    """One connection with everything known to reach it by."""
    return versions.respond_unless_known(request, detail(request, seeing.connection(request, ref)))


@route(router, "PATCH", "/connections/{ref}", Right.NETWORK, gives=shapes.ConnectionDetail, single=True)
def edit(request: HttpRequest, ref: str, given: shapes.Edit) -> HttpResponse:
    """Change the values sent; the others stay."""
    here = seeing.connection(request, ref, to_change=True)
    versions.require_match(request, detail(request, here))
    values = given.dict(exclude_unset=True)
    stream = values.pop("stream", None)
    lists = {name: values.pop(name) for name in ("phones", "emails", "tags") if name in values}
    with acts.act("edit", here.name, by=request.member):
        _set_lists(here, lists, by=request.member)
        if values:
            connections.edit(here, values, by=request.member)
        if stream:
            seeing.refuse_hidden_stream(request, stream)
            connections.put_in_stream([here], stream, by=request.member)
    return versions.respond(detail(request, here))


def _set_lists(here: Connection, lists: dict[str, list[str]], *, by: Member) -> None:
    """Telephones, e-mails and tags: what is sent is all there is from now on."""
    for name, kind in (("phones", "phone"), ("emails", "email")):
        if name in lists:
            connections.set_contacts(here, kind, lists[name], by=by)
    if "tags" in lists:
        connections.set_tags(here, lists["tags"], by=by)


@route(router, "DELETE", "/connections/{ref}", Right.NETWORK, gives=None, status=204, single=True)
def remove(request: HttpRequest, ref: str) -> HttpResponse:
    """Remove one connection with all that is known of it; for thirty days the practice can bring it back."""
    here = seeing.connection(request, ref, to_change=True)
    versions.require_match(request, detail(request, here))
    connections.remove([here], by=request.member)
    return HttpResponse(status=204)


def detail(request: HttpRequest, here: Connection) -> dict:
    """One connection: as in the list, with what can be edited and how it is reached."""
    everything, on = sees_clients(request.member), request.today
    view = views([here.pk], request.practice, on=on)[here.pk]
    own = view.history.connection
    points = list(own.contactpoints.order_by("-preferred", "pk"))
    return explaining.document(view, request.practice, on=on, all_streams=everything) | {
        **{name: getattr(own, name) for name in shapes.EDITABLE},
        "npi": own.npi,
        "phones": [p.value for p in points if p.kind == "phone"],
        "emails": [p.value for p in points if p.kind == "email"],
        "websites": [p.value for p in points if p.kind == "url"],
        "addresses": [{n: getattr(a, n) for n in shapes.ADDRESS} for a in own.addresses.order_by("-preferred", "pk")],
        "tags": sorted(own.tags.values_list("name", flat=True)),
        "blocked_by": [str(m) for m in view.missing],
    }
