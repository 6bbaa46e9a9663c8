"""What the ground keeps: acts and their changes (the history), background jobs, files handed over."""

from django.db import models

from kneadwork.common.tenancy import PracticeModel


class Act(PracticeModel):
    """One thing somebody did: a verb's whole effect, with its author and its time. What it changed are its changes.

    `undoes` names the act that this one takes back; an act is undone when such an act exists.
    """

    kind = models.CharField(max_length=40)
    summary = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey("practice.Member", on_delete=models.DO_NOTHING, null=True, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    undoes = models.ForeignKey("self", on_delete=models.DO_NOTHING, null=True, related_name="undone_by")
    reason = models.TextField(blank=True)

    tracked = False

    class Meta(PracticeModel.Meta):
        indexes = [models.Index(fields=["practice", "at"], name="act_by_time")]


class Change(PracticeModel):
    """One row made, changed or removed by an act: its image before and after (null where there was none)."""

    act = models.ForeignKey(Act, on_delete=models.CASCADE, related_name="changes")
    model = models.CharField(max_length=60)
    row = models.BigIntegerField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    tracked = False

    class Meta(PracticeModel.Meta):
        indexes = [
            models.Index(fields=["practice", "act", "id"], name="change_by_act"),
            models.Index(fields=["practice", "model", "row"], name="change_by_row"),
        ]


class Job(PracticeModel):
    """A piece of work in the background: how far it is, whether somebody wants it stopped, who holds it until when.

    Nobody sets a state: waiting is neither started nor ended; running holds an unlapsed lease; a lapsed lease is taken
    up again by the next worker. `outcome` is what the work returned, `trouble` one sentence where it failed.
    """

    kind = models.CharField(max_length=40)
    arguments = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("practice.Member", on_delete=models.DO_NOTHING, null=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    doing = models.CharField(max_length=200, blank=True)
    stop_wished_at = models.DateTimeField(null=True)
    outcome = models.JSONField(null=True)
    trouble = models.TextField(blank=True)

    tracked = False

    class Meta(PracticeModel.Meta):
        indexes = [models.Index(fields=["practice", "ended_at", "asked_at"], name="job_waiting")]


class Attachment(PracticeModel):
    """A file that a user handed over: checked by content, encrypted with the keyring, named by us."""

    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    stored_as = models.CharField(max_length=60)
    kept_at = models.DateTimeField()

    class Meta(PracticeModel.Meta):
        pass
