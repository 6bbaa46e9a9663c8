"""The practice: the tenant itself, who works in it, and what it stands for."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from kneadwork.common.ids import new_id, show
from kneadwork.common.tenancy import PracticeModel, Remembered


class Role(models.TextChoices):
    """What a member may do (PRODUCT.md, Roles); see `practice.rights`."""

    OWNER = "owner", _("Owner")
    THERAPIST = "therapist", _("Therapist")
    FRONT_DESK = "front_desk", _("Front desk")
    HELPER = "helper", _("Helper")


class ProviderHere(models.TextChoices):
    """Whether the therapist counts as a health-care provider in their state."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNSURE = "unsure", _("Not sure")


class UserManager(BaseUserManager):
    """Makes people who can sign in."""

    def create_user(self, email: str, password: str | None = None, **fields):
        """A person by e-mail; without a password only a sign-in address lets them in."""
        user = self.model(email=self.normalize_email(email).casefold(), **fields)
        user.set_password(password) if password else user.set_unusable_password()
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who signs in, by e-mail. What they may do is said by their memberships, not here."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    is_active = models.BooleanField(default=True)
    #: What Django's admin tools ask; nobody here is staff of anything.
    is_staff = False
    is_superuser = False

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    def has_perm(self, perm: str, obj=None) -> bool:
        """Nobody holds Django permissions; rights come from the role (an empty list denies)."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """See `has_perm`."""
        return False

    def __str__(self) -> str:
        return self.email


class Practice(Remembered, models.Model):
    """One massage business: the tenant that owns every other record."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    line1 = models.CharField(max_length=200, blank=True)
    line2 = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    region = models.CharField(max_length=40, blank=True)
    postal = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, default="US")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    place_rough = models.BooleanField(default=False)
    time_zone = models.CharField(max_length=60, default="America/New_York")
    language = models.CharField(max_length=12, default="en-us")
    unit = models.CharField(max_length=2, default="mi", choices=[("mi", _("miles")), ("km", _("kilometres"))])
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    website = models.URLField(blank=True)
    directions = models.TextField(blank=True)
    philosophy = models.TextField(blank=True)
    ideal_client = models.TextField(blank=True)
    boundaries = models.TextField(blank=True)
    outreach_minutes = models.PositiveSmallIntegerField(default=120)
    provider_here = models.CharField(max_length=8, choices=ProviderHere.choices, default=ProviderHere.UNSURE)
    payers = models.JSONField(default=list)
    quiet_days = models.PositiveSmallIntegerField(default=90)
    asks_a_year = models.PositiveSmallIntegerField(default=3)
    setup_done = models.JSONField(default=list)
    sample = models.BooleanField(default=False)
    #: Which rules its kept values follow (planning.rules).
    rules = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = models.Manager()
    everywhere = models.Manager()

    #: Columns on which where every connection stands depends.
    moves_all = ("latitude", "longitude", "place_rough", "time_zone", "quiet_days", "asks_a_year")

    def __str__(self) -> str:
        return self.name

    @property
    def practice_id(self) -> int:
        """A practice belongs to itself."""
        return self.pk

    @property
    def ref(self) -> str:
        """The id as it is shown."""
        return show(self.pk)

    @property
    def place(self) -> tuple[float, float] | None:
        """Latitude and longitude, or None while not known."""
        if self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude


class Member(PracticeModel):
    """A person in a practice: their role, and their name as it stands under a letter. Left when `left_at` is there."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices)
    name = models.CharField(max_length=200)
    credential = models.CharField(max_length=60, blank=True)
    licence_number = models.CharField(max_length=60, blank=True)
    signature = models.ForeignKey("common.Attachment", on_delete=models.SET_NULL, null=True, related_name="+")
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta(PracticeModel.Meta):
        constraints = [models.UniqueConstraint(fields=["practice", "user"], name="one_membership_each")]

    def __str__(self) -> str:
        return self.name


class Invitation(PracticeModel):
    """A link by which somebody joins with a role: hashed, used once, for a week."""

    email = models.EmailField()
    role = models.CharField(max_length=12, choices=Role.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(PracticeModel.Meta):
        pass


class SignInAddress(models.Model):
    """An address that signs one person in, once, within its time: hashed at rest."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=20, default="sign_in")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class ApiToken(PracticeModel):
    """A key for programs, acting as the member who made it; shown once, hashed at rest."""

    name = models.CharField(max_length=100)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta(PracticeModel.Meta):
        pass


class CalendarSource(PracticeModel):
    """A calendar that a member keeps elsewhere, read for when they are busy: a feed (.ics) or a CalDAV account.

    `sealed`: its address, user and password, encrypted. `found` and `chosen`: the calendars of an account, those that are read
    by their addresses. `waits`: it is not asked again by itself until the member has done something about the trouble.
    """

    class Kind(models.TextChoices):
        FEED = "feed", _("An address of a calendar (.ics)")
        ACCOUNT = "account", _("An account with calendars (CalDAV)")

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="calendars")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(max_length=100)
    host = models.CharField(max_length=255)
    sealed = models.BinaryField(default=b"")
    found = models.JSONField(default=list)
    chosen = models.JSONField(default=list)
    added_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    unread = models.PositiveIntegerField(default=0)
    cut = models.BooleanField(default=False)
    trouble = models.TextField(blank=True)
    waits = models.BooleanField(default=False)

    #: No history holds a password or what was read: what is removed is gone.
    derived_columns = frozenset(
        {"sealed", "found", "chosen", "asked_at", "read_at", "unread", "cut", "trouble", "waits"}
    )
    moves_standing = False

    class Meta(PracticeModel.Meta):
        indexes = [models.Index(fields=["practice", "member"], name="calendar_by_member")]

    def __str__(self) -> str:
        return self.name


class BusyTime(PracticeModel):
    """A time at which a member is busy, as their calendar said when it was read last; not what for."""

    source = models.ForeignKey(CalendarSource, on_delete=models.CASCADE, related_name="busy_times")
    begins = models.DateTimeField()
    ends = models.DateTimeField()
    all_day = models.BooleanField(default=False)

    tracked = False

    class Meta(PracticeModel.Meta):
        indexes = [models.Index(fields=["practice", "source", "begins"], name="busy_by_source")]


class CalendarLook(PracticeModel):
    """The coming entries of a calendar with their titles, encrypted, because the member asked to see them; gone after a day."""

    source = models.OneToOneField(CalendarSource, on_delete=models.CASCADE, related_name="look")
    sealed = models.BinaryField()
    at = models.DateTimeField()

    tracked = False

    class Meta(PracticeModel.Meta):
        pass


class CalendarFeed(PracticeModel):
    """The secret address under which a calendar program finds a member's meetings, visits and events; hashed at rest."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    moves_standing = False

    class Meta(PracticeModel.Meta):
        pass
