"""The checks of vetting as data: which are looked at per stream, which a `yes` needs, what to look at on a first visit.

The shipped lists hold until a practice keeps one of its own for a stream. An answer keeps the words in which it was asked,
and a key that was taken from a list is given to no other check, so no answer comes to stand beside another question.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml
from django.utils.translation import gettext as _

from kneadwork.common import acts
from kneadwork.network.models import Checklist, Stream
from kneadwork.practice.models import Member
from kneadwork.practice.rights import Right, require

MOST_CHECKS, MOST_SIGHTS, LONGEST = 30, 12, 200


class ChecklistRefused(Exception):
    """A list that cannot be, in words for the user."""


@dataclass(frozen=True, slots=True)
class Check:
    """One question of a checklist; required: a `yes` needs its answer."""

    key: str
    question: str
    required: bool


@lru_cache(maxsize=1)
def shipped() -> dict:
    """The shipped checklists."""
    return yaml.safe_load(files("kneadwork.network").joinpath("data/checklists.yaml").read_text("utf-8"))


def shipped_checks(stream: str) -> list[Check]:
    """The checks that came with Kneadwork for a stream."""
    listed, words = shipped()["streams"][stream], shipped()["checks"]
    return [Check(key, words[key], key in listed["required"]) for key in (*listed["required"], *listed["more"])]


def own(stream: str) -> Checklist | None:
    """The practice's own list for a stream: one query."""
    return Checklist.objects.filter(stream=stream).first()


def checks(stream: str) -> list[Check]:
    """The checks of a stream, the required ones first."""
    kept = own(stream)
    return shipped_checks(stream) if kept is None else [Check(**row) for row in kept.checks]


def required(stream: str) -> list[Check]:
    """Those without which there is no `yes`."""
    return [check for check in checks(stream) if check.required]


def first_visit(stream: str) -> list[str]:
    """What to look at when one is there for the first time."""
    kept = own(stream)
    return shipped()["first_visit"][stream] if kept is None else kept.first_visit


def keep(stream: str, listed: Sequence[Mapping], sights: Sequence[str], *, by: Member) -> Checklist:
    """Keep the practice's own list: each check with `key` ("" for a new one), `question`, `required`; `sights` are what to
    look at on a first visit. Verdicts that stand are not touched; the next one goes by this list.
    """
    require(by, Right.CHECKLISTS)
    if stream not in Stream.values:
        raise ChecklistRefused(_("Choose one of the four streams."))
    known = {check.key for check in (*shipped_checks(stream), *checks(stream))} | set(shipped()["checks"])
    checked = [_checked(row, known) for row in listed]
    _refuse_twice(checked)
    if not any(check["required"] for check in checked):
        raise ChecklistRefused(
            _("A yes needs one of these at least. Mark the one without which you would trust nobody.")
        )
    if len(checked) > MOST_CHECKS or len(sights) > MOST_SIGHTS:
        raise ChecklistRefused(_("Thirty questions are the most, and twelve things to look at on a first visit."))
    with acts.act("checklist", Stream(stream).label, by=by):
        kept = own(stream) or Checklist(stream=stream)
        kept.checks = sorted(checked, key=lambda check: not check["required"])
        kept.first_visit = [_words(sight) for sight in sights]
        kept.save()
    return kept


def back_to_default(stream: str, *, by: Member) -> None:
    """Forget the practice's own list: the shipped one holds again. What was answered stays."""
    require(by, Right.CHECKLISTS)
    with acts.act("checklist", Stream(stream).label, by=by):
        acts.remove_all(list(Checklist.objects.filter(stream=stream)))


def _checked(row: Mapping, known: set[str]) -> dict:
    """One check as it is kept; a new one gets a key that nothing was ever answered under."""
    key = row.get("key", "")
    return {
        "key": key if key in known else f"own_{secrets.token_hex(5)}", "question": _words(row.get("question", "")),
        "required": bool(row.get("required")),
    }  # fmt: skip


def _words(text: str) -> str:
    words = " ".join(str(text).split())
    if not words:
        raise ChecklistRefused(_("A line without words was not kept. Write the question, or leave the line out."))
    if len(words) > LONGEST:
        raise ChecklistRefused(_("“%(text)s…” is too long: 200 characters are the most.") % {"text": words[:40]})
    return words


def _refuse_twice(checked: Sequence[Mapping]) -> None:
    seen: set[str] = set()
    for check in checked:
        asked = check["question"].casefold()
        if asked in seen or check["key"] in seen:
            raise ChecklistRefused(_("“%(text)s” stands here twice.") % {"text": check["question"]})
        seen |= {asked, check["key"]}
