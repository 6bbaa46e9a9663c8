"""Connections and the plain records about them. A record exists or does not; where a connection stands is derived."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kneadwork.common.tenancy import PracticeModel


class Stream(models.TextChoices):
    """Where a connection belongs."""

    CLIENTS = "clients", _("Clients")
    PERSONAL = "personal", _("People you know")
    MEDICAL = "medical", _("Medical")
    BUSINESS = "business", _("Business")


class Stage(models.TextChoices):
    """Where a connection stands: always derived, never typed in."""

    DECLINED = "declined", _("Declined")
    RESTING = "resting", _("Resting")
    REFERRING = "referring", _("Referring")
    TRUSTED = "trusted", _("Trusted")
    MET = "met", _("Met")
    REACHED = "reached", _("Reached")
    FOUND = "found", _("Found")


class Kind(models.TextChoices):
    """A person or an organisation."""

    PERSON = "person", _("Person")
    ORGANISATION = "organisation", _("Organisation")


class Connection(PracticeModel):
    """A person or an organisation that may become, or is, a source of referrals."""

    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.PERSON)
    name = models.CharField(max_length=200)
    given = models.CharField(max_length=100, blank=True)
    middle = models.CharField(max_length=100, blank=True)
    family = models.CharField(max_length=100, blank=True)
    prefix = models.CharField(max_length=40, blank=True)
    suffix = models.CharField(max_length=40, blank=True)
    credentials = models.CharField(max_length=80, blank=True)
    nickname = models.CharField(max_length=100, blank=True)
    other_names = models.JSONField(default=list)
    organisation = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=200, blank=True)
    stream = models.CharField(max_length=10, choices=Stream.choices)
    profession = models.CharField(max_length=40, blank=True)
    professions = models.JSONField(default=list)
    npi = models.CharField(max_length=10, blank=True)
    note = models.TextField(blank=True)
    how_known = models.CharField(max_length=200, blank=True)
    met_through = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    place_rough = models.BooleanField(default=False)
    #: Derived, written by `network.offices` alone: all of one office have the same.
    office_key = models.CharField(max_length=64, blank=True)
    extra = models.JSONField(default=dict)
    added_at = models.DateTimeField()
    sample = models.BooleanField(default=False)

    derived_columns = frozenset({"office_key"})

    class Meta(PracticeModel.Meta):
        indexes = [
            models.Index(fields=["practice", "npi"], name="connection_by_npi"),
            models.Index(fields=["practice", "office_key"], name="connection_by_office"),
            models.Index(fields=["practice", "added_at"], name="connection_by_added"),
        ]

    def __str__(self) -> str:
        return self.name

    def connections_touched(self) -> list[int]:
        """A connection's own change is about itself."""
        return [self.pk]


class AboutConnection(PracticeModel):
    """A record about one connection."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="%(class)ss")

    class Meta(PracticeModel.Meta):
        abstract = True


class ContactPoint(AboutConnection):
    """A telephone, e-mail or web address; `normal` is what is compared (E.164, small letters)."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("Telephone")
        FAX = "fax", _("Fax")
        EMAIL = "email", _("E-mail")
        URL = "url", _("Website")
        DIRECT = "direct", _("Secure address")

    kind = models.CharField(max_length=6, choices=Kind.choices)
    label = models.CharField(max_length=40, blank=True)
    value = models.CharField(max_length=400)
    normal = models.CharField(max_length=400, blank=True)
    preferred = models.BooleanField(default=False)

    class Meta(PracticeModel.Meta):
        indexes = [models.Index(fields=["practice", "normal"], name="contact_by_normal")]


class Address(AboutConnection):
    """A postal address; the one marked preferred stands on letters."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="addresses")
    label = models.CharField(max_length=20, blank=True)
    line1 = models.CharField(max_length=200, blank=True)
    line2 = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    region = models.CharField(max_length=60, blank=True)
    postal = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    preferred = models.BooleanField(default=False)

    class Meta(PracticeModel.Meta):
        indexes = [models.Index(fields=["practice", "postal"], name="address_by_postal")]

    def lines(self) -> list[str]:
        """The lines as they stand on an envelope, without the name."""
        place = " ".join(part for part in (", ".join(p for p in (self.city, self.region) if p), self.postal) if part)
        abroad = self.country if self.country not in ("", "US", "USA", "United States") else ""
        return [line for line in (self.line1, self.line2, place, abroad) if line]


class Tag(AboutConnection):
    """A word that groups connections as the practice likes."""

    name = models.CharField(max_length=60)

    class Meta(PracticeModel.Meta):
        constraints = [models.UniqueConstraint(fields=["practice", "connection", "name"], name="one_tag_each")]
        indexes = [models.Index(fields=["practice", "name"], name="tag_by_name")]


class Provenance(AboutConnection):
    """Where a value came from: which import or hand, when, and what it said."""

    field = models.CharField(max_length=40)
    value = models.CharField(max_length=400, blank=True)
    origin = models.CharField(max_length=200)
    noted_at = models.DateTimeField()

    moves_standing = False
    goes_silently = True


class Client(PracticeModel):
    """A client of the practice, as little as is needed; a client who may refer has a connection too."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, null=True, related_name="clients")
    name = models.CharField(max_length=200)
    number = models.CharField(max_length=60, blank=True)
    since = models.DateField(null=True)
    first_visit = models.DateField(null=True)
    last_visit = models.DateField(null=True)
    visits = models.PositiveIntegerField(null=True)

    class Meta(PracticeModel.Meta):
        indexes = [models.Index(fields=["practice", "number"], name="client_by_number")]


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


class FitAnswer(AboutConnection):
    """An answer to one of the ideal-client questions about a connection; the newest stands."""

    question = models.CharField(max_length=40)
    answer = models.CharField(max_length=6, choices=[("yes", _("Yes")), ("partly", _("Partly")), ("no", _("No"))])
    on = models.DateField()


class Verdict(AboutConnection):
    """Whether the practice would send its own family there. The newest stands; earlier ones are history."""

    class Answer(models.TextChoices):
        YES = "yes", _("Yes")
        NOT_YET = "not yet", _("Not yet")
        NO = "no", _("No")

    answer = models.CharField(max_length=8, choices=Answer.choices)
    reason = models.TextField()
    on = models.DateField()
    by = models.ForeignKey("practice.Member", on_delete=models.DO_NOTHING, null=True, related_name="+")


class RedFlag(AboutConnection):
    """A reason not to trust: it forces `no` until it is resolved with words."""

    words = models.TextField()
    on = models.DateField()
    resolved_on = models.DateField(null=True)
    resolution = models.TextField(blank=True)


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


class NotTheSame(PracticeModel):
    """Two look-alikes of whom somebody said that they are two; `low` is the lesser id."""

    low = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    high = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")

    class Meta(PracticeModel.Meta):
        constraints = [models.UniqueConstraint(fields=["practice", "low", "high"], name="one_not_the_same")]


class MergeProposal(PracticeModel):
    """Two connections that may be one, with the reason; answered by a merge or by a NotTheSame."""

    low = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    high = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=200)
    proposed_at = models.DateTimeField()

    class Meta(PracticeModel.Meta):
        constraints = [models.UniqueConstraint(fields=["practice", "low", "high"], name="one_proposal")]


class Standing(PracticeModel):
    """Where each connection stands, kept for the list and Today: derived, written by `network.standing` alone.

    The columns ending in `_open` and the next step are what a member without the right to see referrals and clients gets;
    `thanks_due` is shown to those who have it alone.
    """

    connection = models.OneToOneField(Connection, on_delete=models.CASCADE, related_name="standing")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12)
    stream = models.CharField(max_length=10)
    profession = models.CharField(max_length=40, blank=True)
    stage = models.CharField(max_length=10)
    stage_open = models.CharField(max_length=10)
    distance_m = models.FloatField(null=True)
    last_touch_on = models.DateField(null=True)
    likely = models.FloatField(default=0)
    likely_open = models.FloatField(default=0)
    good = models.FloatField(null=True)
    rank = models.FloatField(default=0)
    rank_open = models.FloatField(default=0)
    next_key = models.CharField(max_length=60, blank=True)
    next_kind = models.CharField(max_length=10, blank=True)
    next_due = models.DateField(null=True)
    next_minutes = models.PositiveSmallIntegerField(default=0)
    next_value = models.FloatField(default=0)
    thanks_due = models.DateField(null=True)
    warning = models.CharField(max_length=20, blank=True)
    stopped = models.BooleanField(default=False)
    as_of = models.DateField()
    changes_on = models.DateField(null=True)

    tracked = False

    class Meta(PracticeModel.Meta):
        indexes = [
            models.Index(fields=["practice", "-rank", "name", "connection"], name="standing_by_rank"),
            models.Index(fields=["practice", "-rank_open", "name", "connection"], name="standing_by_rank_open"),
            models.Index(fields=["practice", "name", "connection"], name="standing_by_name"),
            models.Index(fields=["practice", "stream", "-rank", "name", "connection"], name="standing_of_stream"),
            models.Index(fields=["practice", "stage", "-rank", "name", "connection"], name="standing_of_stage"),
            models.Index(
                fields=["practice", "profession", "-rank", "name", "connection"], name="standing_of_profession"
            ),
            models.Index(fields=["practice", "-last_touch_on", "name", "connection"], name="standing_by_last_touch"),
            models.Index(fields=["practice", "-likely", "name", "connection"], name="standing_by_likely"),
            models.Index(fields=["practice", "-likely_open", "name", "connection"], name="standing_by_likely_open"),
            models.Index(fields=["practice", "-good", "name", "connection"], name="standing_by_good"),
            models.Index(fields=["practice", "last_touch_on", "stream"], name="standing_by_quiet"),
            models.Index(fields=["practice", "-next_value", "name", "next_due", "next_kind"], name="standing_by_worth"),
            models.Index(
                fields=["practice", "stream", "-next_value", "name", "next_due", "next_kind"],
                name="standing_by_balance",
            ),
            models.Index(fields=["practice", "next_key", "next_due"], name="standing_by_owed"),
            models.Index(fields=["practice", "changes_on"], name="standing_by_turn"),
            models.Index(fields=["practice", "thanks_due"], name="standing_by_thanks"),
        ]


class SearchWord(PracticeModel):
    """The words by which a connection is found: derived, written by `network.searching` alone."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="search_words")
    word = models.CharField(max_length=60)

    tracked = False

    class Meta(PracticeModel.Meta):
        indexes = [
            models.Index(fields=["practice", "word", "connection"], name="word_by_word"),
            models.Index(fields=["practice", "connection", "word"], name="word_by_connection"),
        ]
