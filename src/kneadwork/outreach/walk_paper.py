"""A walk on paper, for the therapist's own use: set like everything printed, with a mark where the fonts hold no sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from kneadwork.outreach import delivery, glyphs
from kneadwork.outreach.typesetting import CannotBeSet, WalkSheet

__all__ = ["PaperRefused", "WalkSheet", "paper"]


class PaperRefused(Exception):
    """A walk that cannot be set, in words for the user."""


def paper(stops: Sequence[WalkSheet], **options) -> bytes:
    """The walk as one tagged PDF; what the fonts cannot print becomes a question mark, so that no stop is missing."""
    texts = [text for s in stops for text in (s.name, *s.facts, s.offer, *s.questions)]
    signs = {sign for found in glyphs.unprintable(texts).values() for sign in found}
    try:
        return delivery.walk_pdf([_without(stop, signs) for stop in stops], **options)
    except CannotBeSet as fault:
        raise PaperRefused(_("The walk could not be set: %(why)s") % {"why": str(fault)[:200]}) from fault


def _without(stop: WalkSheet, signs: set[str]) -> WalkSheet:
    def plain(text: str) -> str:
        return "".join("?" if c in signs else c for c in text)

    return replace(
        stop, name=plain(stop.name), facts=tuple(map(plain, stop.facts)), offer=plain(stop.offer),
        questions=tuple(map(plain, stop.questions)),
    )  # fmt: skip
