"""Many touches or insights at once: as one by one, all or none, one act, once under one key."""

from datetime import timedelta

import pytest

from kneadwork.api.tests.program import Program, is_problem
from kneadwork.common import undo
from kneadwork.common.models import Act
from kneadwork.network.models import Insight, Touch
from kneadwork.practice.models import Role
from tests.builders import a_connection, a_member

BATCHES = ["touches", "insights"]
MODELS = {"touches": Touch, "insights": Insight}
#: The least that makes a record.
LEAST = {"touches": {"channel": "call"}, "insights": {"words": "They value rest"}}
RECORDS = {
    "touches": [
        {"channel": "call", "answered": False, "minutes": 5},
        {"channel": "visit", "on": "2026-01-02", "from_them": True, "words": "They came by"},
    ],
    "insights": [{"words": "  Runs on Sundays "}, {"words": "Sees dancers", "about": "serves", "on": "2026-01-02"}],
}
OWN = ("id", "connection", "noted_at")


@pytest.mark.parametrize("name", BATCHES)
def test_many_at_once_are_as_one_by_one_and_one_act(program, name):
    both, alone = a_connection("Ann Both"), a_connection("Bo Alone")
    answer = program.post(f"/{name}:batch", {name: [one | {"connection": both.ref} for one in RECORDS[name]]})
    assert answer.status_code == 201 and answer.json()["created"] == 2
    acts = Act.objects.filter(kind={"touches": "touch", "insights": "insight"}[name])
    made = acts.get()

    def facts(document: dict) -> dict:
        return {key: value for key, value in document.items() if key not in OWN}

    together = [facts(program.get(f"/{name}/{ref}").json()) for ref in answer.json()["ids"]]
    assert together == [
        facts(program.post(f"/{name}", one | {"connection": alone.ref}).json()) for one in RECORDS[name]
    ]
    stages = [program.get(f"/connections/{c.ref}").json()["stage"] for c in (both, alone)]
    assert stages[0] == stages[1]
    undo.undo(made, by_name="test")
    assert MODELS[name].objects.filter(connection=both).count() == 0


@pytest.mark.parametrize("name", BATCHES)
def test_one_refused_refuses_all_and_is_named_by_its_number(program, owner, name):
    here = a_connection("Ann Here")
    day = (owner.joined_at.date() + timedelta(days=400)).isoformat()
    good = LEAST[name] | {"connection": here.ref}
    for wrong, status in (({"on": day}, 422), ({"connection": "0123456789abc"}, 404), ({"connection": "?"}, 404)):
        answer = program.post(f"/{name}:batch", {name: [good, good | wrong, good]})
        assert is_problem(answer, status) and answer.json()["errors"][0]["where"] == f"{name}.1"
    assert not MODELS[name].objects.exists()


def test_an_insight_of_blanks_refuses_all_by_its_number(program):
    here = a_connection("Ann Here")
    given = [{"connection": here.ref, "words": words} for words in ("Sees dancers", "  ")]
    answer = program.post("/insights:batch", {"insights": given})
    assert is_problem(answer, 422) and answer.json()["errors"][0]["where"] == "insights.1"
    assert not Insight.objects.exists()


@pytest.mark.parametrize("name", BATCHES)
def test_none_and_more_than_ten_thousand_are_refused(program, name):
    for many in (0, 10_001):
        assert is_problem(program.post(f"/{name}:batch", {name: [{}] * many}), 422)


@pytest.mark.parametrize("name", BATCHES)
def test_the_same_batch_is_kept_once_under_one_key(program, name):
    given = {name: [LEAST[name] | {"connection": a_connection("Ann Once").ref}] * 3}
    first, again = (program.post(f"/{name}:batch", given, Idempotency_Key="one") for _n in range(2))
    assert first.json() == again.json() and again["Idempotency-Replayed"] == "true"
    assert MODELS[name].objects.count() == 3


@pytest.mark.parametrize("name", BATCHES)
def test_whom_a_helper_may_not_see_is_not_there_in_a_batch(owner, name):
    seen, hidden = a_connection("Ann Seen"), a_connection("Zelda Client", stream="clients")
    helper = Program(a_member(owner, Role.HELPER))
    given = [LEAST[name] | {"connection": c.ref} for c in (seen, hidden)]
    answer = helper.post(f"/{name}:batch", {name: given})
    assert is_problem(answer, 404) and answer.json()["errors"][0]["where"] == f"{name}.1"
    assert not MODELS[name].objects.exists()
    assert helper.post(f"/{name}:batch", {name: given[:1]}).status_code == 201


@pytest.mark.parametrize("name", BATCHES)
def test_many_take_as_many_queries_as_few(program, name, django_assert_max_num_queries):
    people = [a_connection(f"Person Number{n}") for n in range(30)]
    with django_assert_max_num_queries(75):
        given = [LEAST[name] | {"connection": c.ref} for c in people * 3]
        assert program.post(f"/{name}:batch", {name: given}).json()["created"] == 90
