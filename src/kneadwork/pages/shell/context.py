"""What every page's frame needs."""

from django.conf import settings
from django.http import HttpRequest

from kneadwork.practice.rights import RIGHTS


def shell(request: HttpRequest) -> dict:
    """The practice, the member and what they may do."""
    member = getattr(request, "member", None)
    return {
        "practice": getattr(request, "practice", None),
        "member": member,
        "may": {right.value: True for right in RIGHTS.get(member.role, ())} if member else {},
        "today": getattr(request, "today", None),
        "sends_mail": bool(settings.EMAIL_HOST),
        "is_public": bool(settings.PUBLIC_URL),
    }
