"""A program outside, with a key: how the tests call the API."""

from __future__ import annotations

import json

from django.http import HttpResponse
from django.test import Client

from kneadwork.common.tenancy import acting_in
from kneadwork.practice import keys
from kneadwork.practice.models import Member


class Program:
    """Calls /api/v1 with the key of a member; without one where there is none."""

    def __init__(self, member: Member | None = None) -> None:
        self.client, self.secret = Client(), ""
        if member is not None:
            with acting_in(member.practice_id):
                _key, self.secret = keys.make("a program", member=member, by_name="test")

    def call(self, method: str, path: str, body=None, **headers: str) -> HttpResponse:
        """One request; `body` is sent as JSON, headers by their names with `_` for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.secret:
            named.setdefault("Authorization", f"Bearer {self.secret}")
        given = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return self.client.generic(method, f"/api/v1{path}", headers=named, **given)

    def get(self, path: str, **headers: str) -> HttpResponse:
        """GET."""
        return self.call("GET", path, **headers)

    def post(self, path: str, body, **headers: str) -> HttpResponse:
        """POST of JSON."""
        return self.call("POST", path, body, **headers)


def is_problem(answer: HttpResponse, status: int) -> bool:
    """Whether this is the problem with this status, in the shape of RFC 9457."""
    if answer.status_code != status or answer["Content-Type"] != "application/problem+json":
        raise AssertionError(f"{answer.status_code} {answer['Content-Type']}: {answer.content[:300]!r}")
    document = answer.json()
    return document["status"] == status and bool(document["title"]) and bool(document["detail"])
