"""Words for the history: what kind of thing was done, and about what."""

from __future__ import annotations

from django import template

from kneadwork.common.models import Act
from kneadwork.practice import kinds

register = template.Library()


@register.filter
def done(act: Act) -> str:
    """What kind of thing somebody did."""
    return kinds.words_of(act.kind)


@register.filter
def about(act: Act) -> str:
    """About whom or what; a step of the set-up by its title."""
    if act.kind != "change practice":
        return act.summary
    from kneadwork.pages.practice.setting_up import TITLES

    return str(TITLES.get(act.summary, act.summary))
