"""Two that may be one."""

from django.db import models

from kneadwork.common.tenancy import PracticeModel
from kneadwork.network.models.connections import Connection


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
