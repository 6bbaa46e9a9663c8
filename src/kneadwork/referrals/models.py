"""People sent to the practice, and the asks for them (plain records; *The referral loop* deepens them)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kneadwork.common.tenancy import PracticeModel
from kneadwork.network.models import AboutConnection, Client


class Referral(AboutConnection):
    """A person sent to the practice by a source (`connection`), on a day; whether they came is not said here."""

    person = models.CharField(max_length=200)
    client = models.ForeignKey(Client, on_delete=models.SET_NULL, null=True, related_name="referrals")
    on = models.DateField()
    day_known = models.BooleanField(default=True)
    origin = models.CharField(max_length=40, default="by hand")
    words = models.TextField(blank=True)

    class Meta(PracticeModel.Meta):
        indexes = [models.Index(fields=["practice", "on"], name="referral_by_day")]


class Ask(AboutConnection):
    """A request for referrals, with exact directions; `answer` is theirs."""

    class Answer(models.TextChoices):
        YES = "yes", _("Yes")
        LATER = "later", _("Later")
        NO = "no", _("No")

    on = models.DateField()
    channel = models.CharField(max_length=8)
    words = models.TextField(blank=True)
    answer = models.CharField(max_length=6, choices=Answer.choices, blank=True)
    answered_on = models.DateField(null=True)
