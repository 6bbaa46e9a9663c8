"""What happened between them and us: touches, what was learned and given, promises, rests, stops."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kneadwork.common.tenancy import PracticeModel
from kneadwork.network.models.connections import AboutConnection, Connection


class Touch(AboutConnection):
    """One contact in either direction. `answered` is said of calls: whether anybody talked."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="touches")

    class Channel(models.TextChoices):
        LETTER = "letter", _("Letter")
        EMAIL = "email", _("E-mail")
        CALL = "call", _("Call")
        VISIT = "visit", _("Visit")
        MEETING = "meeting", _("Meeting")
        MESSAGE = "message", _("Message")
        EVENT = "event", _("Event")

    channel = models.CharField(max_length=8, choices=Channel.choices)
    from_them = models.BooleanField(default=False)
    answered = models.BooleanField(default=True)
    on = models.DateField()
    words = models.TextField(blank=True)
    step = models.CharField(max_length=60, blank=True)
    minutes = models.PositiveSmallIntegerField(default=0)
    noted_at = models.DateTimeField()

    class Meta(PracticeModel.Meta):
        indexes = [
            models.Index(fields=["practice", "connection", "on"], name="touch_by_connection"),
            models.Index(fields=["practice", "on", "from_them", "connection", "minutes"], name="touch_by_week"),
        ]


class Insight(AboutConnection):
    """Something learned about them."""

    class About(models.TextChoices):
        DOES = "does", _("What they do")
        SERVES = "serves", _("Serves best")
        VALUES = "values", _("Values")
        NEEDS = "needs", _("Needs")
        REACHED = "reached", _("Likes to be reached")
        MASSAGE = "massage", _("Massage now")
        OTHER = "other", _("Also")

    about = models.CharField(max_length=8, choices=About.choices, default=About.OTHER)
    words = models.TextField()
    on = models.DateField()
    touch = models.ForeignKey(Touch, on_delete=models.SET_NULL, null=True, related_name="insights")


class Gift(AboutConnection):
    """Something given first."""

    class Form(models.TextChoices):
        REFERRAL = "referral", _("Sent somebody")
        INTRODUCTION = "introduction", _("An introduction")
        INFORMATION = "information", _("Useful information")
        CLIENT = "client", _("Being their client")
        RECOMMENDATION = "recommendation", _("A recommendation")
        HELP = "help", _("Help")

    form = models.CharField(max_length=14, choices=Form.choices)
    words = models.TextField(blank=True)
    on = models.DateField()


class Promise(AboutConnection):
    """Something the practice said it would do by a day. Open until kept or let go."""

    words = models.CharField(max_length=300)
    due_on = models.DateField()
    kept_on = models.DateField(null=True)
    let_go_on = models.DateField(null=True)

    class Meta(PracticeModel.Meta):
        indexes = [models.Index(fields=["practice", "due_on"], name="promise_by_day")]


class Rest(AboutConnection):
    """A time in which a connection is left in peace; `until` may be open."""

    since = models.DateField()
    until = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    reason = models.TextField(blank=True)


class Stop(AboutConnection):
    """A connection's wish not to be written to or called: for good, through merge, import and undo.

    `reaches` are the telephones and e-mails known when it was said, so that the person is recognised again.
    """

    on = models.DateField()
    how = models.CharField(max_length=200, blank=True)
    reaches = models.JSONField(default=list)

    goes_with = "connection_id"


class Retirement(AboutConnection):
    """The registry says that this provider has stopped; another import may say the contrary (then it is removed)."""

    on = models.DateField()
    origin = models.CharField(max_length=200)


class Postponement(AboutConnection):
    """*Later* or *not this step* said of a step: until a day, or for good where there is none."""

    step = models.CharField(max_length=60)
    until = models.DateField(null=True)
    on = models.DateField()
