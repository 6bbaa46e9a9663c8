"""Letters and what left the practice."""

from django.db import models

from kneadwork.common.tenancy import PracticeModel
from kneadwork.network.models import AboutConnection


class LetterTemplate(PracticeModel):
    """A template of the practice's own, by key; the shipped ones are data."""

    key = models.CharField(max_length=60)
    name = models.CharField(max_length=100)
    text = models.TextField()

    class Meta(PracticeModel.Meta):
        constraints = [models.UniqueConstraint(fields=["practice", "key"], name="one_template_each")]


class Offer(PracticeModel):
    """An offer to businesses in the practice's own words, by key: a shipped one that it changed, or its own ("own_…")."""

    key = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    words = models.TextField()
    professions = models.JSONField(default=list)
    away_on = models.DateField(null=True)

    class Meta(PracticeModel.Meta):
        constraints = [models.UniqueConstraint(fields=["practice", "key"], name="one_offer_each")]


class LetterBatch(PracticeModel):
    """Letters made together as one PDF; posted when a posting exists."""

    template = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("practice.Member", on_delete=models.DO_NOTHING, null=True, related_name="+")
    envelope = models.CharField(max_length=10, default="window")
    text = models.TextField()
    posted_on = models.DateField(null=True)

    class Meta(PracticeModel.Meta):
        pass


class Letter(AboutConnection):
    """One letter of a batch, as it was let go; several people of one office share it, each with a release."""

    batch = models.ForeignKey(LetterBatch, on_delete=models.CASCADE, related_name="letters")
    salutation = models.CharField(max_length=300)
    body = models.TextField()
    release = models.ForeignKey("outreach.Release", on_delete=models.SET_NULL, null=True, related_name="+")

    moves_standing = False


class Release(PracticeModel):
    """One thing that left the practice through the gate: what, to whom, on what basis. A disclosure where `client`.

    It outlives whom it names: `recipient` says who it was.
    """

    connection = models.ForeignKey("network.Connection", on_delete=models.SET_NULL, null=True, related_name="releases")
    client = models.ForeignKey("network.Client", on_delete=models.SET_NULL, null=True, related_name="releases")
    what = models.CharField(max_length=40)
    purpose = models.CharField(max_length=40)
    recipient = models.CharField(max_length=200)
    basis = models.CharField(max_length=40)
    rule = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("practice.Member", on_delete=models.DO_NOTHING, null=True, related_name="+")

    moves_standing = False
    outlives_undo = True

    class Meta(PracticeModel.Meta):
        indexes = [models.Index(fields=["practice", "at"], name="release_by_time")]


class StopLink(AboutConnection):
    """An address by which a connection can say stop: hashed at rest, works for good."""

    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    moves_standing = False
