"""Insights: what was learned about them, and the answers to the ideal-client questions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from kneadwork.common import acts
from kneadwork.network.adding import OneRefused
from kneadwork.network.models import Connection, FitAnswer, Insight, Touch
from kneadwork.practice.models import Member


class InsightRefused(Exception):
    """An insight without words."""


def learn(
    connection: Connection, words: str, *, on: date, about: str = "other", touch: Touch | None = None,
    by: Member | None = None, by_name: str = "",
) -> Insight:  # fmt: skip
    """Keep something learned about a connection."""
    insight = _unsaved(connection, words, on=on, about=about, touch=touch)
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


def _unsaved(
    connection: Connection, words: str, *, on: date, about: str = "other", touch: Touch | None = None
) -> Insight:
    """An insight not yet saved; one without words is refused."""
    if not words.strip():
        raise InsightRefused(_("Write down what you learned, in your own words."))
    if about not in Insight.About.values:
        raise InsightRefused(_("Choose what this is about."))
    return Insight(connection=connection, about=about, words=words.strip(), on=on, touch=touch)


def answer_fit(connection: Connection, question: str, answer: str, *, on: date, by: Member) -> FitAnswer:
    """Answer one ideal-client question; the newest answer stands."""
    if answer not in ("yes", "partly", "no"):
        raise InsightRefused(_("Answer yes, partly or no."))
    with acts.act("fit", connection.name, by=by):
        given = FitAnswer(connection=connection, question=question, answer=answer, on=on)
        given.save()
    return given
