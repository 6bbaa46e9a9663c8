"""Cards: theirs, collected. One waits until somebody decides; letting it go is a good answer, and thirty days later it is gone.

A card is decided when a decision exists; the newest stands. A *later* waits again from the next day on. What a *yes* makes of
it is `exchange.collecting`: the one way in.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kneadwork.common import acts, storage
from kneadwork.common.models import Act, Attachment, Change
from kneadwork.network.models import Card, CardDecision, CardReading, Connection, Event
from kneadwork.practice.models import Member

#: A card that was let go is kept so long, so that one may think again.
KEPT_FOR = timedelta(days=30)
#: What is written down from a card by hand, with how long each may be.
TYPED = {"name": 200, "title": 200, "organisation": 200, "phone": 200, "email": 400, "url": 300, "address": 300}
#: Fields that may hold several, with a semicolon between them.
SEVERAL, FAX = ("phone", "email"), "fax"
MOST_WORDS, MOST_CODE = 5000, 8000
Answer = CardDecision.Answer


class CardRefused(Exception):
    """A card that cannot be taken or decided, in words for the user."""


def collect(
    *, front=None, back=None, code: str = "", words: str = "", typed: dict | None = None, event: Event | None = None,
    captured_at: datetime | None = None, key: str = "", by: Member | None = None, by_name: str = "",
) -> Card:  # fmt: skip
    """Keep a card: pictures as uploads, the text of its code, or words. Sent again under the same key it is the same card."""
    key = key[:64] or secrets.token_hex(16)
    known = Card.objects.filter(key=key).first()
    if known is not None:
        return known
    written = clean_typed(typed or {})
    if not (front or back or code.strip() or words.strip() or written):
        raise CardRefused(_("There is nothing on this card yet: a picture, a code, or a few words."))
    now = timezone.now()
    with acts.act("card", event.title if event else "", by=by, by_name=by_name):
        card = Card(
            event=event, code=code.strip()[:MOST_CODE], words=words.strip()[:MOST_WORDS], typed=written, key=key,
            captured_at=min(captured_at or now, now), arrived_at=now, by=by,
        )  # fmt: skip
        for side, upload in (("front", front), ("back", back)):
            if upload:
                setattr(card, side, storage.keep_photograph(upload, name=f"card-{side}.jpg", by=by))
        card.save()
    return card


def clean_typed(given: dict) -> dict[str, str]:
    """What a hand wrote, by the fields there are."""
    cleaned = {name: " ".join(str(given.get(name, "")).split())[:limit] for name, limit in TYPED.items()}
    return {name: value for name, value in cleaned.items() if value}


def write_down(card: Card, given: dict, words: str, *, by: Member) -> None:
    """Keep what a hand wrote down from a card that waits where it is not what was read; an emptied field is empty."""
    refuse_decided(card)
    read = _read(CardReading.objects.filter(card=card).first())
    written = {name: " ".join(str(given.get(name, "")).split())[:limit] for name, limit in TYPED.items()}
    written = {name: value for name, value in written.items() if value != read.get(name, "")}
    if written == card.typed and words.strip() == card.words:
        return
    with acts.act("card written down", _about(card), by=by):
        card.typed, card.words = written, words.strip()[:MOST_WORDS]
        card.save()


def let_go(card: Card, *, on: date, by: Member | None = None) -> Act:
    """Let a card go: no connection, and in thirty days it is gone; until then it can be taken back."""
    return _decide(card, Answer.LET_GO, "card let go", on=on, by=by)


def later(card: Card, *, on: date, by: Member | None = None) -> Act:
    """Put a card off: it waits again from tomorrow on."""
    return _decide(card, Answer.LATER, "card later", on=on, by=by)


def _decide(card: Card, answer: str, kind: str, *, on: date, by: Member | None) -> Act:
    refuse_decided(card)
    with acts.act(kind, _about(card), by=by) as doing:
        CardDecision(card=card, answer=answer, on=on, by=by).save()
        return doing.row()


def say_yes(card: Card, connection: Connection, *, on: date, by: Member | None = None) -> CardDecision:
    """Record the yes, with whom the card made or joined; call within the act that made or joined them."""
    refuse_decided(card)
    decision = CardDecision(card=card, answer=Answer.YES, on=on, connection=connection, by=by)
    decision.save()
    return decision


def take_back(card: Card, *, by: Member) -> None:
    """Take a card that was let go back: it waits again."""
    newest = card.decisions.order_by("pk").last()
    if newest is None or newest.answer != Answer.LET_GO:
        raise CardRefused(_("This card was not let go."))
    with acts.act("card taken back", _about(card), by=by):
        acts.remove_all([newest])


def refuse_decided(card: Card) -> None:
    """Refuse a second decision about a card that was let go or taken up already; a *later* is none."""
    newest = card.decisions.order_by("pk").last()
    if newest is not None and newest.answer != Answer.LATER:
        raise CardRefused(_("This card is decided already: %(answer)s.") % {"answer": newest.get_answer_display()})


def with_decision() -> QuerySet:
    """All cards, each with its newest decision: `answer` and `decided_on`, null where there is none."""
    newest = CardDecision.objects.filter(card=OuterRef("pk")).order_by("-pk")
    return Card.objects.annotate(
        answer=Subquery(newest.values("answer")[:1]), decided_on=Subquery(newest.values("on")[:1]),
        became=Subquery(newest.values("connection")[:1]),
    )  # fmt: skip


def waiting(on: date) -> QuerySet:
    """Cards that wait for a decision on a day, in the order in which they were collected."""
    open_ = Q(answer=None) | Q(answer=Answer.LATER, decided_on__lt=on)
    return with_decision().filter(open_).order_by("captured_at", "pk")


def is_waiting(card: Card, *, on: date) -> bool:
    """The question that `waiting` asks of all."""
    newest = card.decisions.order_by("pk").last()
    return newest is None or (newest.answer == Answer.LATER and newest.on < on)


def gone_soon() -> QuerySet:
    """Cards that were let go and are kept for now, the newest first."""
    return with_decision().filter(answer=Answer.LET_GO).order_by("-decided_on", "-pk")


def fields_of(card: Card) -> dict[str, str]:
    """What is known from the card."""
    return told(card, CardReading.objects.filter(card=card).first())


def told(card: Card, reading: CardReading | None) -> dict[str, str]:
    """What was read of a card, but what a hand wrote down stands."""
    read = _read(reading)
    return {name: card.typed.get(name, read.get(name, "")) for name in TYPED}


def _read(reading: CardReading | None) -> dict[str, str]:
    """What was read of each field, as it would stand in a form: all telephones (no fax) and e-mails, of the others the first."""
    fields = reading.fields if reading else {}
    texts = {name: [one["text"] for one in values if one.get("kind") != FAX] for name, values in fields.items()}
    whole = {name: "; ".join(said if name in SEVERAL else said[:1]) for name, said in texts.items()}
    return {name: " ".join(whole[name].split())[:limit] for name, limit in TYPED.items() if whole.get(name)}


def forget(on: date) -> int:
    """Forget the cards of the practice in scope that were let go thirty days ago: rows, pictures and their history.

    Answers how many. The history then says that so many are gone, and nothing of what stood on them.
    """
    old = list(with_decision().filter(answer=Answer.LET_GO, decided_on__lte=on - KEPT_FOR))
    if not old:
        return 0
    cards = [card.pk for card in old]
    files = list(Attachment.objects.filter(pk__in=[pk for card in old for pk in (card.front_id, card.back_id) if pk]))
    decisions = list(CardDecision.objects.filter(card__in=cards).values_list("pk", flat=True))
    said = ngettext("%(count)d card", "%(count)d cards", len(old)) % {"count": len(old)}
    with acts.act("cards gone", said) as doing:
        doing.row()
        for model, ids in ((CardDecision, decisions), (Card, cards), (Attachment, [f.pk for f in files])):
            Change.objects.filter(model=model._meta.label, row__in=ids).delete()
        for rows in (CardDecision.objects.filter(pk__in=decisions), CardReading.objects.filter(card__in=cards),
                     Card.objects.filter(pk__in=cards), Attachment.objects.filter(pk__in=[f.pk for f in files])):  # fmt: skip
            rows._raw_delete(rows.db)
    for file in files:
        storage.forget(file)
    return len(old)


def _about(card: Card) -> str:
    """What the history calls it: where it was collected, and nothing of what stands on it."""
    return card.event.title if card.event else _("A card")
