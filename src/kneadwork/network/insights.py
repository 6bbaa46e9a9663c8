"""Insights: what was learned about them, and the answers to the ideal-client questions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from kneadwork.common import acts
from kneadwork.network import checklists
from kneadwork.network.adding import OneRefused
from kneadwork.network.models import Connection, FitAnswer, Insight, Touch
from kneadwork.practice.models import Member


class InsightRefused(Exception):
    """An insight without words."""


def learn(
    connection: Connection, words: str, *, on: date, about: str = "other", origin: str = "", touch: Touch | None = None,
    by: Member | None = None, by_name: str = "",
) -> Insight:  # fmt: skip
    """Keep something learned about a connection."""
    insight = _unsaved(connection, words, on=on, about=about, origin=origin, touch=touch)
    with acts.act("insight", connection.name, by=by, by_name=by_name):
        insight.save()
    return insight


def learn_each(records: Sequence[dict], *, by: Member | None = None, by_name: str = "") -> list[Insight]:
    """Keep many, all or none, as one act; each of `records` holds what `learn` takes, by name."""
    learned = []
    for number, given in enumerate(records):
        try:
            learned.append(_unsaved(**given))
        except InsightRefused as refused:
            raise OneRefused(number, str(refused)) from refused
    with acts.act("insight", _("%(count)d insights") % {"count": len(learned)}, by=by, by_name=by_name):
        acts.add_all(learned)
    return learned


def learn_from(touch: Touch, text: str, *, by: Member | None = None, by_name: str = "") -> list[Insight]:
    """Keep what was learned in a talk, as it was dictated: each line one insight, of that touch and its day.

    A line that begins with what it is about ("Needs: …") is sorted there, the others under "Also". No text, no insight.
    """
    with acts.act("insight", touch.connection.name, by=by, by_name=by_name):
        learned = [
            learn(touch.connection, words, on=touch.on, about=about, touch=touch, by=by, by_name=by_name)
            for about, words in _sorted(text)
        ]
    return learned


def _sorted(text: str) -> list[tuple[str, str]]:
    """(what it is about, words) of each line that says something."""
    subjects = {str(label).casefold(): key for key, label in Insight.About.choices}
    found = []
    for line in filter(None, (line.strip(" \t-•*") for line in text.splitlines())):
        before, colon, after = line.partition(":")
        about = subjects.get(before.strip().casefold()) if colon and after.strip() else None
        found.append((about, after.strip()) if about else (Insight.About.OTHER.value, line))
    return found


def sort_under(insight: Insight, about: str, *, by: Member) -> None:
    """Say what an insight is about."""
    if about not in Insight.About.values:
        raise InsightRefused(_("Choose what this is about."))
    with acts.act("insight", insight.connection.name, by=by):
        insight.about = about
        insight.save()


def _unsaved(
    connection: Connection, words: str, *, on: date, about: str = "other", origin: str = "", touch: Touch | None = None
) -> Insight:  # fmt: skip
    """An insight not yet saved; one without words is refused. Of a touch, its origin is how they were in touch."""
    if not words.strip():
        raise InsightRefused(_("Write down what you learned, in your own words."))
    if about not in Insight.About.values:
        raise InsightRefused(_("Choose what this is about."))
    origin = origin or (touch.channel if touch else "")
    if origin and origin not in Insight.Origin.values:
        raise InsightRefused(_("Choose where you learned it."))
    return Insight(connection=connection, about=about, words=words.strip(), on=on, origin=origin, touch=touch)


def answer_fit(connection: Connection, question: str, answer: str, *, on: date, by: Member) -> FitAnswer:
    """Answer one ideal-client question; the newest answer stands."""
    if answer not in FitAnswer.Answer.values:
        raise InsightRefused(_("Answer yes, partly or no."))
    asked = checklists.shipped()["checks"] | {one.key: one.question for one in checklists.checks(connection.stream)}
    if question not in asked:
        raise InsightRefused(_("There is no such question."))
    with acts.act("fit", connection.name, by=by):
        given = FitAnswer(connection=connection, question=question, asked=asked[question], answer=answer, on=on, by=by)
        given.save()
    return given
