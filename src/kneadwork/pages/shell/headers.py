"""Headers that every answer carries: content security policy without inline script, nothing cached that is personal."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; "
    "manifest-src 'self'; worker-src 'self'"
)


def policy(*, pictures_from: str) -> str:
    """The policy of a page that shows pictures of one further place (scheme, host and port)."""
    return POLICY.replace("img-src 'self'", f"img-src 'self' {pictures_from}")


class SecurityHeaders:
    """Middleware: sets the policy, and `no-store` where a view said nothing of caching."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the headers."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(self), microphone=()")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Frame-Options", "DENY")
        if request.method == "POST" and request.path == reverse("account_logout"):
            response.headers.setdefault("Clear-Site-Data", '"cache", "storage"')
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response
