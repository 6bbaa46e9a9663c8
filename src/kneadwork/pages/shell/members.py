"""The guard before each view: signed in, a member, and with the right that the view names."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from kneadwork.common import limits, texts
from kneadwork.pages.shell import second_factor
from kneadwork.practice.models import Practice
from kneadwork.practice.rights import NotAllowed, Right, require

View = Callable[..., HttpResponse]


def for_member(right: Right) -> Callable[[View], View]:
    """Let in members with this right; others are asked to sign in or told why not."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            refuse_lying_text(request)
            if not request.user.is_authenticated:
                return to_the_door(request)
            if second_factor.missing(request.user):
                return redirect("mfa_activate_totp")
            try:
                require(request.member, right)
            except NotAllowed:
                return render(request, "403.html", {"right": right}, status=403)
            return view(request, *args, **kwargs)

        guarded.right = right  # read by the crossing test
        return guarded

    return guard


def to_the_door(request: HttpRequest) -> HttpResponse:
    """Where somebody goes who has not signed in: to the first start, as long as there is no practice here."""
    if not Practice.objects.exists():
        return redirect("public:welcome")
    return redirect_to_login(request.get_full_path())


def for_everyone(view: View) -> View:
    """Name a view that needs no sign-in; the crossing test counts those. What is sent to it is limited per address."""

    @wraps(view)
    def limited(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        refuse_lying_text(request)
        if request.method not in ("GET", "HEAD") and not limits.allows("door", limits.caller_of(request)):
            return render(request, "429.html", status=429)
        return view(request, *args, **kwargs)

    limited.right = None
    return limited


def refuse_lying_text(request: HttpRequest) -> None:
    """400 for control characters and turned directions in any field: nobody types them (and PostgreSQL keeps no NUL)."""
    for fields in (request.GET, request.POST):
        if not all(texts.is_honest(text) for name, given in fields.lists() for text in (name, *given)):
            raise BadRequest("characters that nobody types")
