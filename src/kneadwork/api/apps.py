"""The API as an app of its own: it keeps the answers given under an Idempotency-Key."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Registered as `api`."""

    name = "kneadwork.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Kept answers are of no use to anybody else, so they are not exported."""
        from kneadwork.exchange import exporting

        exporting.LEFT_OUT.add("api.KeptAnswer")
