"""Where people are met: events, the cards collected there, what was decided about each, and the steps planned from it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kneadwork.common.tenancy import PracticeModel
from kneadwork.network.models.connections import AboutConnection, Connection


class Event(PracticeModel):
    """A workshop, lecture, class, networking meeting or walk where people are met. `uid`: its name in a calendar file."""

    class Kind(models.TextChoices):
        WORKSHOP = "workshop", _("Workshop")
        LECTURE = "lecture", _("Lecture")
        CLASS = "class", _("Class")
        NETWORKING = "networking", _("Networking")
        WALK = "walk", _("Walk")
        OTHER = "other", _("Something else")

    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.OTHER)
    title = models.CharField(max_length=200)
    on = models.DateField()
    begins = models.TimeField(null=True)
    ends = models.TimeField(null=True)
    place = models.CharField(max_length=300, blank=True)
    purpose = models.TextField(blank=True)
    hoped = models.TextField(blank=True)
    uid = models.CharField(max_length=255, blank=True)

    moves_standing = False

    class Meta(PracticeModel.Meta):
        indexes = [models.Index(fields=["practice", "on"], name="event_by_day")]

    def __str__(self) -> str:
        return self.title


class HopedFor(AboutConnection):
    """Somebody known whom one hopes to meet at an event."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="hoped_for")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="hopes")

    moves_standing = False


class Card(PracticeModel):
    """A business card collected: pictures or the words of its code, and what was noted. It waits until a decision exists.

    `typed` is what a hand wrote down from it, by field; `key` makes sure that a card sent twice arrives once.
    """

    event = models.ForeignKey(Event, on_delete=models.SET_NULL, null=True, related_name="cards")
    front = models.ForeignKey("common.Attachment", on_delete=models.SET_NULL, null=True, related_name="+")
    back = models.ForeignKey("common.Attachment", on_delete=models.SET_NULL, null=True, related_name="+")
    code = models.TextField(blank=True)
    words = models.TextField(blank=True)
    typed = models.JSONField(default=dict)
    key = models.CharField(max_length=64)
    captured_at = models.DateTimeField()
    arrived_at = models.DateTimeField()
    by = models.ForeignKey("practice.Member", on_delete=models.DO_NOTHING, null=True, related_name="+")

    moves_standing = False

    class Meta(PracticeModel.Meta):
        constraints = [models.UniqueConstraint(fields=["practice", "key"], name="one_card_a_key")]
        indexes = [models.Index(fields=["practice", "captured_at"], name="card_by_time")]


class CardReading(PracticeModel):
    """What was read from a card's pictures: field → list of {text, confidence, piece of the picture}, and
    the texts of its codes."""

    card = models.OneToOneField(Card, on_delete=models.CASCADE, related_name="reading")
    fields = models.JSONField(default=dict)
    codes = models.JSONField(default=list)
    at = models.DateTimeField()

    tracked = False

    class Meta(PracticeModel.Meta):
        pass


class CardDecision(PracticeModel):
    """What was decided about a card; the newest stands. `connection`: whom a yes made or joined."""

    class Answer(models.TextChoices):
        LET_GO = "let go", _("Let go")
        LATER = "later", _("Later")
        YES = "yes", _("Yes")

    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="decisions")
    answer = models.CharField(max_length=6, choices=Answer.choices)
    on = models.DateField()
    connection = models.ForeignKey(Connection, on_delete=models.SET_NULL, null=True, related_name="cards")
    by = models.ForeignKey("practice.Member", on_delete=models.DO_NOTHING, null=True, related_name="+")

    moves_standing = False

    class Meta(PracticeModel.Meta):
        indexes = [models.Index(fields=["practice", "card", "on"], name="decision_by_card")]


class PlannedStep(AboutConnection):
    """A step that somebody planned: how, when, where and what for. The newest stands, and is open
    until there was a contact of ours since."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="planned_steps")

    class How(models.TextChoices):
        CALL = "call", _("A call")
        EMAIL = "email", _("An e-mail")
        COFFEE = "meeting", _("A coffee")
        VISIT = "visit", _("A visit in their open hours")

    how = models.CharField(max_length=8, choices=How.choices)
    on = models.DateField()
    at = models.TimeField(null=True)
    minutes = models.PositiveSmallIntegerField(default=0)
    place = models.CharField(max_length=300, blank=True)
    purpose = models.CharField(max_length=300, blank=True)

    class Meta(PracticeModel.Meta):
        indexes = [models.Index(fields=["practice", "connection", "on"], name="planned_by_connection")]
