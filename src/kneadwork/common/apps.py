"""The ground: tenancy, history, jobs, files."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    """Registered as `common`."""

    name = "kneadwork.common"
    label = "common"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Row security is put on after each run of the migrations."""
        from django.db.models.signals import post_migrate

        from kneadwork.common.row_security import guard

        post_migrate.connect(guard, sender=self, dispatch_uid="row security")
