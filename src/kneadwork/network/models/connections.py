"""Connections: who they are, how to reach them, where each value came from."""

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
    #: The connection who made us known to each other, where it is one of the network.
    through = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="led_to")
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
            models.Index(fields=["practice", "latitude", "longitude"], name="connection_by_place"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> tuple[float, float] | None:
        """Latitude and longitude, or None while not known."""
        if self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude

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
