"""In whose practice, language and time a route runs; the same as for pages, opened for the member behind the key."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest
from django.utils import timezone, translation

from kneadwork.common.tenancy import acting_in
from kneadwork.practice.setting_up import today


@contextmanager
def speaking(request: HttpRequest) -> Iterator[None]:
    """The practice's language, time zone and day, without its rows: for work that opens its own short scopes."""
    practice = request.practice
    with timezone.override(zoneinfo.ZoneInfo(practice.time_zone)), translation.override(practice.language):
        request.today = today(practice)
        yield


@contextmanager
def acting(request: HttpRequest, *, writing: bool) -> Iterator[None]:
    """The same with the practice's rows; `writing` makes it one transaction, undone by whatever is raised inside."""
    with speaking(request), acting_in(request.member.practice_id, writing=writing):
        yield
