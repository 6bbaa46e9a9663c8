"""So many tries a minute and no more, per caller: for doors without a password and for programs."""

from __future__ import annotations

import hashlib
import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


def allows(action: str, caller: str) -> bool:
    """Count one try; whether it is within `settings.LIMITS` (tries a minute by action). Callers are kept as digests only."""
    minute = int(time.time() // 60)
    place = f"limit:{action}:{minute}:{hashlib.sha256(caller.encode()).hexdigest()}"
    cache.add(place, 0, timeout=120)
    try:
        return cache.incr(place) <= settings.LIMITS[action]
    except ValueError:  # evicted between the two
        return True


def caller_of(request: HttpRequest) -> str:
    """Where a request comes from, behind the proxies that we know."""
    from allauth.account.adapter import get_adapter

    return get_adapter().get_client_ip(request)
