"""The database brought up to date before anything uses it; one process at a time."""

from __future__ import annotations

from kneadwork.cli.program import CommandFailed, say


def bring_up_to_date() -> None:
    """Run the migrations that are missing; a database newer than this program is refused."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    connection.ensure_connection()
    executor = MigrationExecutor(connection)
    known = set(executor.loader.disk_migrations)
    newer = [m for m in executor.loader.applied_migrations if m not in known and m[0] in _ours()]
    if newer:
        raise CommandFailed("This data was last used by a newer Kneadwork. Update this one, then start it again.")
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        say(f"Preparing the data directory ({len(plan)} steps) …")
        call_command("migrate", interactive=False, verbosity=0)


def _ours() -> set[str]:
    from django.apps import apps

    return {config.label for config in apps.get_app_configs() if config.name.startswith("kneadwork.")}
