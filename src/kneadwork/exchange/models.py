"""Imports: what came, what it would do, what it did. An import is committed when its act exists."""

from django.db import models

from kneadwork.common.tenancy import PracticeModel
from kneadwork.network.models import AboutConnection


class Import(PracticeModel):
    """One file or answer brought in. Read when `read_at`, kept when `act`; its counts are those of its rows."""

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12)
    file = models.ForeignKey("common.Attachment", on_delete=models.SET_NULL, null=True, related_name="+")
    path = models.CharField(max_length=500, blank=True)
    options = models.JSONField(default=dict)
    mapping = models.JSONField(null=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("practice.Member", on_delete=models.DO_NOTHING, null=True, related_name="+")
    read_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True)
    out_of_scope = models.PositiveIntegerField(default=0)
    warnings = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    act = models.ForeignKey("common.Act", on_delete=models.SET_NULL, null=True, related_name="+")

    tracked = False

    class Meta(PracticeModel.Meta):
        indexes = [models.Index(fields=["practice", "asked_at"], name="import_by_time")]

    def hold(self) -> None:
        """Read it as it is now and hold it to the end of the transaction, so that it is kept, put away or taken back once.

        SQLite needs no lock of a row: it lets one writer in at a time.
        """
        self.refresh_from_db(from_queryset=Import.objects.select_for_update())


class StagedRow(PracticeModel):
    """One record of an import, matched and not yet kept: what would happen to it, and with whom."""

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    place = models.CharField(max_length=100)
    outcome = models.CharField(max_length=10)
    name = models.CharField(max_length=200, blank=True)
    record = models.JSONField(null=True)
    match = models.BigIntegerField(null=True)
    likeness = models.CharField(max_length=200, blank=True)
    likeness_of = models.BigIntegerField(null=True)
    choice = models.JSONField(default=dict)
    changes = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    raw = models.TextField(blank=True)

    tracked = False

    class Meta(PracticeModel.Meta):
        indexes = [models.Index(fields=["practice", "batch", "outcome", "id"], name="staged_by_outcome")]

    @property
    def counted(self) -> str:
        """The count in which it stands: its outcome, unless the user left it out."""
        return "left_out" if self.choice.get("leave_out") else self.outcome


class ColumnChoice(PracticeModel):
    """How the columns of a table with this header were read last time."""

    signature = models.CharField(max_length=64)
    kind = models.CharField(max_length=12)
    columns = models.JSONField(default=dict)

    tracked = False

    class Meta(PracticeModel.Meta):
        constraints = [models.UniqueConstraint(fields=["practice", "signature"], name="one_column_choice")]


class KeptRecord(AboutConnection):
    """A record that was kept, by the digest of what it said: the same record is the same connection and brings nothing."""

    digest = models.CharField(max_length=64)

    moves_standing = False
    goes_silently = True

    class Meta(PracticeModel.Meta):
        indexes = [models.Index(fields=["practice", "digest"], name="kept_by_digest")]
