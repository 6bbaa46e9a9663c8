"""What the practice thinks of a connection, with its own eyes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kneadwork.common.tenancy import PracticeModel
from kneadwork.network.models.connections import AboutConnection, Stream


class Checklist(PracticeModel):
    """The practice's own checks of a stream, the required ones first; without one the shipped list holds.

    `checks` are rows of key, question and required; `first_visit` is what to look at on a first visit.
    """

    stream = models.CharField(max_length=10, choices=Stream.choices)
    checks = models.JSONField(default=list)
    first_visit = models.JSONField(default=list)

    moves_standing = False

    class Meta(PracticeModel.Meta):
        constraints = [models.UniqueConstraint(fields=["practice", "stream"], name="one_checklist_each")]


class FitAnswer(AboutConnection):
    """An answer to a check of vetting or to an ideal-client question, with what shows it; the newest stands.

    One record serves both: what was seen on a visit ("do they value massage?") is also how well they fit. `asked` are
    the words in which it was asked ("" for answers older than those).
    """

    class Answer(models.TextChoices):
        YES = "yes", _("Yes")
        PARTLY = "partly", _("Partly")
        NO = "no", _("No")

    question = models.CharField(max_length=40)
    asked = models.CharField(max_length=200, blank=True)
    answer = models.CharField(max_length=6, choices=Answer.choices)
    on = models.DateField()
    words = models.TextField(blank=True)
    link = models.CharField(max_length=400, blank=True)
    photo = models.ForeignKey("common.Attachment", on_delete=models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey("practice.Member", on_delete=models.DO_NOTHING, null=True, related_name="+")


class Override(AboutConnection):
    """The owner's word against a guard of vetting, with the reason; the record it made possible names it."""

    class What(models.TextChoices):
        VERDICT = "verdict", _("Yes without all checks")
        REFERRAL = "referral", _("Somebody sent without a yes")
        INTRODUCTION = "introduction", _("Introduced without a yes")
        MENTION = "mention", _("Recommended without a yes")

    what = models.CharField(max_length=12, choices=What.choices)
    why = models.TextField()
    on = models.DateField()
    by = models.ForeignKey("practice.Member", on_delete=models.DO_NOTHING, null=True, related_name="+")

    moves_standing = False


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
    override = models.ForeignKey(Override, on_delete=models.SET_NULL, null=True, related_name="+")


class RedFlag(AboutConnection):
    """A reason not to trust: it forces `no` until it is resolved with words."""

    words = models.TextField()
    on = models.DateField()
    resolved_on = models.DateField(null=True)
    resolution = models.TextField(blank=True)
