"""The scoring app."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "scoring"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from annotator.actions.queued import VERBS
        from scoring.reporting import report_agreement

        VERBS["agreement"] = report_agreement
