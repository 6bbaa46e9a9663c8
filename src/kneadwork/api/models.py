"""Answers kept so that a request repeated with the same Idempotency-Key is done once."""

from django.db import models

from kneadwork.common.tenancy import PracticeModel


class KeptAnswer(PracticeModel):
    """What was answered under a key. `mark` tells one request from another; `status` 0 while it is being done."""

    key = models.CharField(max_length=200)
    mark = models.CharField(max_length=64)
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    content = models.BinaryField(default=bytes)

    tracked = False

    class Meta(PracticeModel.Meta):
        constraints = [models.UniqueConstraint(fields=["practice", "key"], name="one_answer_each_key")]
        indexes = [models.Index(fields=["practice", "at"], name="answer_by_time")]
