"""What the practice thinks of a connection, with its own eyes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kneadwork.network.models.connections import AboutConnection


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
