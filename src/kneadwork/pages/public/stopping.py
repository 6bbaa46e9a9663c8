"""`/stop/TOKEN`: stop writing to me. One click, works at once, for good."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kneadwork.outreach import stop_links
from kneadwork.pages.shell.members import for_everyone


@for_everyone
def page(request: HttpRequest, token: str) -> HttpResponse:
    """A button, then the wish is kept. An unknown address gets the same page, so that nobody learns who is known."""
    if request.method == "POST":
        stop_links.use(token)
        return render(request, "public/stopped.html")
    return render(request, "public/stop.html")
