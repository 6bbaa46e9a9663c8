"""The API keeps to its own description, whatever is sent (schemathesis): no fault of ours, no undescribed answer."""

from collections.abc import Iterator
from contextlib import contextmanager

import schemathesis
from django.conf import settings as product
from django.core import signals
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from kneadwork.wsgi import application
from tests.builders import a_connection
from tests.sampling import examples

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
          response_schema_conformance]  # fmt: skip
EXAMPLES = settings(examples(5, phases=[Phase.explicit, Phase.generate]), suppress_health_check=list(HealthCheck))


@contextmanager
def connection_left_open() -> Iterator[None]:
    """A request leaves the connection of the test open, as under Django's own client."""
    both = signals.request_started, signals.request_finished
    for signal in both:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in both:
            signal.connect(close_old_connections)


def resources(program) -> dict[str, str]:
    """One resource of each kind: its id by the name of its list."""
    here = a_connection("Pat Doe", insights_=2, met=True, verdict="yes", gifts=1)
    found = {"connections": here.ref}
    for name in ("touches", "insights", "vetting", "gifts"):
        found[name] = program.get(f"/{name}").json()[name][0]["id"]
    found["events"] = program.post("/events", {"title": "Library talk", "on": "2026-11-23"}).json()["id"]
    found["cards"] = program.post("/cards", {"words": "treats jaw pain", "event": found["events"]}).json()["id"]
    other = a_connection("Ana Ray", verdict="yes")
    meant = {"connection": here.ref, "other": other.ref}
    found["introductions"] = program.post("/introductions", meant).json()["id"]
    found["asks"] = program.post("/asks", {"connection": here.ref}).json()["id"]
    found["referrals"] = program.post("/referrals", {"connection": here.ref, "person": "Jo"}).json()["id"]
    return found


def aim(case, there: dict[str, str]) -> None:
    """Let the request meet something that is there."""
    kind = case.path.split("/")[3].partition(":")[0]
    if case.path_parameters and kind in there:
        case.path_parameters["ref"] = there[kind]
    if isinstance(case.body, dict) and "connection" in case.body:
        case.body["connection"] = there["connections"]
    if case.method in ("PATCH", "DELETE"):
        case.headers["If-Match"] = "*"


def test_whatever_is_sent_the_answer_is_as_described(program, monkeypatch):
    monkeypatch.setitem(product.LIMITS, "api", 1_000_000)
    monkeypatch.setitem(product.LIMITS, "api_door", 1_000_000)
    with connection_left_open():
        schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 25
    for operation in operations:
        keeps_to_it(operation, resources(program), program.secret)


def keeps_to_it(operation, there: dict[str, str], secret: str) -> None:
    """Call one operation with whatever its description allows."""

    @EXAMPLES
    @given(case=operation.as_strategy(), aimed=st.booleans())
    def answers(case, aimed):
        if aimed:
            aim(case, there)
        case.call_and_validate(headers={"Authorization": f"Bearer {secret}"}, checks=CHECKS)

    with connection_left_open():
        answers()
