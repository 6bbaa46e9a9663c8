"""Good texts to begin with, to be edited: philosophy, ideal client, boundaries."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kneadwork.practice.models import Practice


def missing(practice: Practice) -> dict[str, str]:
    """A starting text for each of the three that is still empty."""
    texts = {
        "philosophy": _(
            "I work slowly and with care, explain what I do, and send people on when somebody else can help them better."
        ),
        "ideal_client": _(
            "People who want to understand their body and take part: who come regularly, say what they feel, and do "
            "their small exercises at home."
        ),
        "boundaries": _(
            "Sessions begin and end on time. Whoever cannot come says so a day before. My rates are the same for everyone."
        ),
    }
    return {name: text for name, text in texts.items() if not getattr(practice, name)}
