"""Tenant first: every row belongs to a practice, every query is scoped by the practice in whose name we act.

`acting_in(practice_id)` opens that scope; the one manager of `PracticeModel` refuses a query outside of it (`Unscoped`).
On PostgreSQL the scope is also told to the database (`SET LOCAL`, so that pooled connections carry nothing over), where
row-level security repeats it; an act there is therefore always a transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, models, transaction

from kneadwork.common.ids import new_id, show

_practice: ContextVar[int | None] = ContextVar("practice", default=None)


class Unscoped(RuntimeError):
    """A query for a practice's rows outside any practice's scope: a fault of ours, never of the user."""


def current_practice_id() -> int:
    """The id of the practice in whose name we act; Unscoped outside of any."""
    practice_id = _practice.get()
    if practice_id is None:
        raise Unscoped("no practice is in scope")
    return practice_id


@contextmanager
def acting_in(practice_id: int, *, writing: bool = True) -> Iterator[None]:
    """Scope all that follows to one practice.

    `writing` opens a transaction (immediate on SQLite); on PostgreSQL reading opens one too, since the scope lives in it.
    """
    token = _practice.set(practice_id)
    try:
        if writing or connection.vendor == "postgresql":
            with transaction.atomic():
                tell_database(practice_id)
                yield
        else:
            yield
    finally:
        _practice.reset(token)


@contextmanager
def looking() -> Iterator[None]:
    """What is told to the database holds within: a transaction on PostgreSQL; on SQLite none, so that nobody who only
    looks waits for somebody who writes.
    """
    if connection.vendor == "postgresql":
        with transaction.atomic():
            yield
    else:
        yield


@contextmanager
def in_scope(practice_id: int) -> Iterator[None]:
    """The scope alone, inside a transaction that is already open."""
    token = _practice.set(practice_id)
    before = token.old_value if isinstance(token.old_value, int) else None
    tell_database(practice_id)
    try:
        yield
    finally:
        _practice.reset(token)
        if before is not None and not connection.needs_rollback:
            tell_database(before)


def tell_database(practice_id: int) -> None:
    """Name the practice to PostgreSQL's row-level security, for this transaction only."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('kneadwork.practice', %s, true)", [str(practice_id)])


class PracticeQuerySet(models.QuerySet):
    """Queries over the rows of the practice in scope."""


class PracticeManager(models.Manager.from_queryset(PracticeQuerySet)):  # type: ignore[misc]
    """The one manager: every query it gives is scoped, and there is none outside a scope."""

    def get_queryset(self) -> PracticeQuerySet:
        """Rows of the practice in scope; Unscoped where there is none."""
        return super().get_queryset().filter(practice_id=current_practice_id())


class Remembered:
    """How the history treats the rows of a model; each model says what is different with it."""

    #: Whether changes of these rows stand in the history (derived rows do not).
    tracked = True
    #: Whether rows made by an act stay when the act is taken back, because they are a log of what happened.
    outlives_undo = False
    #: The column that names what such rows hang on, where they go only if that goes by the same undo; "" for others.
    goes_with = ""
    #: Columns that are derived: no image holds them, so that they are neither history nor an edit.
    derived_columns: frozenset[str] = frozenset()
    #: Whether rows made together with what they belong to stand in no history of their own: they go when it goes.
    goes_silently = False
    #: Whether a row of these that comes or goes may move where every connection stands.
    coming_moves_all = False
    #: Whether a change of these rows may move where a connection stands.
    moves_standing = True


class PracticeModel(Remembered, models.Model):
    """A row that belongs to a practice. Its id is opaque; the practice's key leads every index."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    practice = models.ForeignKey("practice.Practice", on_delete=models.CASCADE, related_name="+")

    objects = PracticeManager()
    #: Only for the ground (acts, doctor, backup): rows of every practice.
    everywhere = models.Manager()

    class Meta:
        abstract = True
        base_manager_name = "everywhere"
        default_manager_name = "objects"

    @property
    def ref(self) -> str:
        """The id as it is shown."""
        return show(self.pk)

    def save(self, *args, **kwargs):
        """Save the row, into the practice in scope if it is new and names none."""
        if self.practice_id is None:
            self.practice_id = current_practice_id()
        if self.practice_id != current_practice_id():
            raise Unscoped("a row of another practice")
        if self.tracked:
            from kneadwork.common import acts

            return acts.saving(self, super().save, *args, **kwargs)
        return super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        """Delete the row and what depends on it, within the open act."""
        if self.practice_id != current_practice_id():
            raise Unscoped("a row of another practice")
        if self.tracked:
            from kneadwork.common import acts

            return acts.remove(self)
        return super().delete(*args, **kwargs)
