"""Idempotency-Key: a POST repeated with the same key is done once, and answered again as it was the first time.

An answer belongs to the practice, the member, the address and the body. The same key for anything else is 422; a key
whose first request is still being done is 409. A refused request keeps nothing, so it may be sent again, mended.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from kneadwork.api.models import KeptAnswer
from kneadwork.api.problems import Refused
from kneadwork.common.tenancy import acting_in

KEPT_FOR = timedelta(days=7)
#: A claim older than this is of a request that ended without a word (the power failed).
AT_WORK = timedelta(hours=1)
KEPT_HEADERS = ("Content-Type", "Content-Disposition", "ETag", "Location")

Do = Callable[[], HttpResponse]


def once(request: HttpRequest, do: Do) -> HttpResponse:
    """Do it, or answer as before. Call inside the practice's transaction: the answer is kept with what was done."""
    key = key_of(request)
    if not key:
        return do()
    claim = _claim(key, mark(request, hashlib.sha256(request.body).hexdigest()))
    if claim.status:
        return _again(claim)
    response = do()
    _keep(claim, response)
    return response


def once_in_steps(request: HttpRequest, digest: str, do: Do) -> HttpResponse:
    """The same for work that opens its own short transactions; `digest` stands for the body."""
    key, practice_id = key_of(request), request.member.practice_id
    if not key:
        return do()
    with acting_in(practice_id):
        claim = _claim(key, mark(request, digest))
    if claim.status:
        return _again(claim)
    try:
        response = do()
    except BaseException:
        with acting_in(practice_id):
            claim.delete()
        raise
    with acting_in(practice_id):
        _keep(claim, response)
    return response


def key_of(request: HttpRequest) -> str:
    """The key sent, or ""; 422 where it is too long to keep."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > 200 or "\x00" in key:
        raise Refused(422, _("An Idempotency-Key has at most 200 characters."))
    return key


def mark(request: HttpRequest, digest: str) -> str:
    """What tells this request from others under the same key."""
    parts = (str(request.member.pk), request.method, request.get_full_path(), digest)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _claim(key: str, mark_: str) -> KeptAnswer:
    """The answer kept under a key, else a fresh claim on it, still without a status."""
    now = timezone.now()
    KeptAnswer.objects.filter(at__lt=now - KEPT_FOR).delete()
    KeptAnswer.objects.filter(at__lt=now - AT_WORK, status=0).delete()
    kept = KeptAnswer.objects.filter(key=key).first()
    if kept is None:
        try:
            with transaction.atomic():
                claim = KeptAnswer(key=key, mark=mark_, at=now)
                claim.save(force_insert=True)
                return claim
        except IntegrityError:  # another request won the race and has just been done
            kept = KeptAnswer.objects.get(key=key)
    if kept.mark != mark_:
        raise Refused(422, _("This Idempotency-Key was used for another request. Take a new key."))
    if not kept.status:
        raise Refused(409, _("The first request with this Idempotency-Key is still being done."))
    return kept


def _keep(claim: KeptAnswer, response: HttpResponse) -> None:
    claim.status, claim.content = response.status_code, response.content
    claim.headers = {name: response[name] for name in KEPT_HEADERS if response.has_header(name)}
    claim.save()


def _again(kept: KeptAnswer) -> HttpResponse:
    response = HttpResponse(bytes(kept.content), status=kept.status, headers=kept.headers)
    response["Idempotency-Replayed"] = "true"
    return response
