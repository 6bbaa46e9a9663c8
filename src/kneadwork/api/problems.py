"""Every error as problem details (RFC 9457): status, title, words for the user, and what a program may act on."""

from __future__ import annotations

import json
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from kneadwork.common.storage import FileRefused
from kneadwork.common.undo import AlreadyUndone
from kneadwork.exchange.importing import NoSuchImport
from kneadwork.exchange.keeping import NotReady
from kneadwork.exchange.neutral import Unreadable
from kneadwork.facts.zips import NoSuchPlace
from kneadwork.network.cards import CardRefused
from kneadwork.network.connections import ConnectionRefused
from kneadwork.network.events import EventRefused
from kneadwork.network.giving import GiftRefused
from kneadwork.network.insights import InsightRefused
from kneadwork.network.listing import FilterRefused
from kneadwork.network.overriding import OverrideRefused
from kneadwork.network.planned import PlanRefused
from kneadwork.network.touching import TouchRefused
from kneadwork.network.vetting import ChecksMissing, VettingRefused
from kneadwork.outreach.delivery import NotReleased
from kneadwork.outreach.letters import LettersRefused
from kneadwork.practice.rights import NotAllowed
from kneadwork.referrals.asking import AskRefused
from kneadwork.referrals.referring import ReferralRefused

MEDIA_TYPE = "application/problem+json"
#: Refusals that carry their own words, and the status each kind becomes.
WORDS = {
    422: (CardRefused, PlanRefused, EventRefused, FileRefused, ConnectionRefused, TouchRefused, InsightRefused, VettingRefused, OverrideRefused, GiftRefused, ReferralRefused, AskRefused,
          LettersRefused, NotReleased, FilterRefused, Unreadable, NoSuchPlace),
    404: (NoSuchImport,),
    409: (NotReady,),
}  # fmt: skip


class Refused(Exception):
    """A request refused by the API itself: the status, words, further members of the problem, headers."""

    def __init__(self, status: int, words: str, *, headers: dict[str, str] | None = None, **members) -> None:
        super().__init__(words)
        self.status, self.headers, self.members = status, headers or {}, members


def problem(status: int, words: str, *, headers: dict[str, str] | None = None, **members) -> HttpResponse:
    """One problem as an answer."""
    document = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": words, **members}
    return HttpResponse(json.dumps(document), status=status, content_type=MEDIA_TYPE, headers=headers)


def not_found() -> HttpResponse:
    """There is nothing here, or nothing that this member may see."""
    return problem(404, _("There is nothing here."))


def no_key() -> HttpResponse:
    """No key, or one that opens nothing (any more)."""
    words = _("Send the key of a member who works here: Authorization: Bearer …")
    return problem(401, words, headers={"WWW-Authenticate": "Bearer"})


def register(api: NinjaAPI) -> None:
    """Tell the API what each refusal becomes."""

    def on(kind: type[Exception], answer) -> None:
        api.add_exception_handler(kind, lambda request, fault: answer(fault))

    for status, kinds in WORDS.items():
        for kind in kinds:
            on(kind, lambda fault, status=status: problem(status, str(fault)))
    on(ChecksMissing, lambda fault: problem(422, str(fault), missing=[check.key for check in fault.missing]))
    on(Refused, refused)
    on(NotAllowed, lambda fault: problem(403, _("Your role does not include this."), right=str(fault.right)))
    on(AlreadyUndone, lambda fault: problem(409, str(fault)))
    on(Http404, lambda fault: not_found())
    on(AuthenticationError, lambda fault: no_key())
    on(RequestDataTooBig, lambda fault: problem(413, _("This is larger than what is taken here.")))
    for broken in (SuspiciousOperation, MultiPartParserError, UnreadablePostError):
        on(broken, lambda fault: problem(400, _("This request is broken or was cut off.")))
    on(HttpError, unreadable)
    api.add_exception_handler(ValidationError, invalid)


def refused(fault: Refused) -> HttpResponse:
    """A refusal of the API's own."""
    return problem(fault.status, str(fault), headers=fault.headers, **fault.members)


def unreadable(fault: HttpError) -> HttpResponse:
    """What the library could not read; where a refusal of ours was the cause, that one."""
    cause = fault.__cause__
    return refused(cause) if isinstance(cause, Refused) else problem(fault.status_code, str(fault))


def invalid(request: HttpRequest, fault: ValidationError) -> HttpResponse:
    """Values that are not as the schema says: which, and what is wrong with each."""
    errors = [{"where": ".".join(str(p) for p in e["loc"]), "reason": e["msg"]} for e in fault.errors[:100]]
    return problem(422, _("Some values are not as they should be."), errors=errors)
