"""Playbooks as a practice keeps them: the shipped steps, or its own for a stream or a profession, and back to the default.

A step that asks stays bound to what an ask needs, however the steps are edited.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kneadwork.common import acts
from kneadwork.network.models import Stream
from kneadwork.outreach.letters import BY_STREAM
from kneadwork.outreach.letters import shipped as letter_templates
from kneadwork.planning.models import Playbook
from kneadwork.planning.plan import Step, playbooks
from kneadwork.practice.models import Member

MOST_STEPS, LONGEST_WAIT, MOST_MINUTES = 20, 730, 240
CHANNELS = {
    "letter": lazy("Letter"), "email": lazy("E-mail"), "call": lazy("Call"), "visit": lazy("Visit"),
    "meeting": lazy("Coffee"), "message": lazy("Message"), "insight": lazy("Note what was learned"),
    "vet": lazy("Decide about them"), "gift": lazy("Give something"), "ask": lazy("Ask"),
}  # fmt: skip
UNTIL = {
    "": lazy("It comes again"), "touched": lazy("You were in touch"), "conversation": lazy("You have talked"),
    "insights": lazy("Two things are known of them"), "verdict": lazy("You have decided"),
    "gift": lazy("Something was given"), "asked": lazy("They were asked"),
}  # fmt: skip
NEEDS = {"": lazy("Nothing"), "touched": lazy("Any contact"), "conversation": lazy("A conversation")}

Steps = Sequence[Mapping]
#: (stream, profession or "") → the steps.
Books = Mapping[tuple[str, str], Steps]


class PlaybookRefused(Exception):
    """Steps that cannot be, in words for the user."""


def own() -> Books:
    """The practice's own playbooks: one query."""
    return {(book.stream, book.profession): book.steps for book in Playbook.objects.all()}


def steps_for(books: Books, stream: str, profession: str = "") -> Steps:
    """The steps that hold for a connection: those of its profession, of its stream, or the shipped ones."""
    return books.get((stream, profession)) or books.get((stream, "")) or playbooks()[stream]


def letter_of(step: Step, stream: str) -> str:
    """The letter that an edited playbook names for a step; "" where it is the one that suits whoever gets it."""
    return step.template if step.template != BY_STREAM[stream] else ""


def keep(stream: str, profession: str, steps: Steps, *, by: Member) -> Playbook:
    """Keep the practice's own steps; those of everyone whom they concern are planned anew."""
    checked = [_checked(number, step) for number, step in enumerate(steps, 1)]
    if stream not in Stream.values:
        raise PlaybookRefused(_("Choose one of the four streams."))
    if not checked:
        raise PlaybookRefused(_("A playbook needs one step at least. To do nothing, leave people in peace."))
    if len(checked) > MOST_STEPS:
        raise PlaybookRefused(_("Twenty steps are the most."))
    with acts.act("playbook", Stream(stream).label, by=by):
        book = Playbook.objects.filter(stream=stream, profession=profession).first()
        book = book or Playbook(stream=stream, profession=profession)
        book.steps = _with_keys(checked)
        book.save()
    return book


def back_to_default(stream: str, profession: str, *, by: Member) -> None:
    """Forget the practice's own steps: the shipped ones hold again."""
    with acts.act("playbook", Stream(stream).label, by=by):
        acts.remove_all(list(Playbook.objects.filter(stream=stream, profession=profession)))


def _checked(number: int, step: Mapping) -> dict:
    """One step as it is kept; refused with its number where something is wrong with it."""
    if (
        step.get("kind") not in CHANNELS
        or (step.get("until") or "") not in UNTIL
        or (step.get("needs") or "") not in NEEDS
    ):
        raise _wrong(number, _("choose what to do, what ends it and what it needs"))
    wait, minutes = step.get("wait"), step.get("minutes")
    if not isinstance(wait, int) or not 0 <= wait <= LONGEST_WAIT:
        raise _wrong(number, _("the days to wait are a number from 0 to 730"))
    if not isinstance(minutes, int) or not 1 <= minutes <= MOST_MINUTES:
        raise _wrong(number, _("the minutes are a number from 1 to 240"))
    if step.get("template") and step["template"] not in letter_templates():
        raise _wrong(number, _("this letter does not exist"))
    optional = {name: step[name] for name in ("until", "needs", "template") if step.get(name)}
    purpose = " ".join(str(step.get("purpose") or "").split())[:200]
    said = {"purpose": purpose} if purpose else {}
    return {"key": step.get("key") or "", "kind": step["kind"], "wait": wait, "minutes": minutes} | optional | said


def _wrong(number: int, what: str) -> PlaybookRefused:
    return PlaybookRefused(_("Step %(number)d: %(what)s.") % {"number": number, "what": what})


def _with_keys(steps: Sequence[dict]) -> list[dict]:
    """Each with a key of its own: what was said of a step ("not this one") is remembered by it."""
    taken: set[str] = set()
    shipped = {row["key"] for rows in playbooks().values() if isinstance(rows, list) for row in rows}
    for step in steps:
        key, number = step["key"], 1
        while not key or key in taken or not (key in shipped or key.startswith(f"{step['kind']}-")):
            key, number = f"{step['kind']}-{number}", number + 1
        step["key"] = key
        taken.add(key)
    return list(steps)
