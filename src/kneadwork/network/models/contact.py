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

    class Origin(models.TextChoices):
        LETTER = "letter", _("Letter")
        EMAIL = "email", _("E-mail")
        CALL = "call", _("Call")
        VISIT = "visit", _("Visit")
        MEETING = "meeting", _("Meeting")
        MESSAGE = "message", _("Message")
        EVENT = "event", _("Event")
        CARD = "card", _("Card")
        WEBSITE = "website", _("Website")
        OTHERS = "others", _("What others say")

    about = models.CharField(max_length=8, choices=About.choices, default=About.OTHER)
    words = models.TextField()
    on = models.DateField()
    #: Where it was learned, "" where nobody said; that of a touch is how they were in touch.
    origin = models.CharField(max_length=8, choices=Origin.choices, blank=True)
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
    #: Who was sent, for members who may see clients alone.
    person = models.CharField(max_length=200, blank=True)
    introduction = models.ForeignKey("network.Introduction", on_delete=models.CASCADE, null=True, related_name="gifts")
    override = models.ForeignKey("network.Override", on_delete=models.SET_NULL, null=True, related_name="+")


class Introduction(PracticeModel):
    """Two connections who are to meet through us: both are asked first. Open until it is made or let go."""

    words = models.TextField(blank=True)
    begun_on = models.DateField()
    made_on = models.DateField(null=True)
    let_go_on = models.DateField(null=True)


class IntroductionSide(AboutConnection):
    """One of the two: when they were asked, and what they said."""

    introduction = models.ForeignKey(Introduction, on_delete=models.CASCADE, related_name="sides")
    asked_on = models.DateField(null=True)
    agreed_on = models.DateField(null=True)
    declined_on = models.DateField(null=True)
    override = models.ForeignKey("network.Override", on_delete=models.SET_NULL, null=True, related_name="+")


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


class Slowing(AboutConnection):
    """A connection taken slowly: every wait of its playbook is twice as long, until somebody says otherwise."""

    since = models.DateField()
    ended_on = models.DateField(null=True)


class OpenHours(AboutConnection):
    """When colleagues may drop in, and whom to ask for; kept with everyone of the office."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="open_hours")
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    begins = models.TimeField(null=True)
    ends = models.TimeField(null=True)
    ask_for = models.CharField(max_length=120, blank=True)


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
