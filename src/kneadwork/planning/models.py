"""What a practice changed of the shipped playbooks."""

from django.db import models

from kneadwork.common.tenancy import PracticeModel


class Playbook(PracticeModel):
    """The practice's own steps for a stream, or for one profession of it; without one the shipped steps hold."""

    stream = models.CharField(max_length=10)
    profession = models.CharField(max_length=40, blank=True)
    steps = models.JSONField(default=list)

    moves_standing = False
    #: The next step of everyone goes by it.
    moves_all = frozenset({"steps"})
    coming_moves_all = True

    class Meta(PracticeModel.Meta):
        constraints = [models.UniqueConstraint(fields=["practice", "stream", "profession"], name="one_playbook_each")]
