"""The scoring app."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "scoring"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from annotator.actions.queued import VERBS
        from scoring.releasing import look_by_job, release_by_job
        from scoring.reporting import report_agreement
        from scoring.running import evaluate_by_job

        VERBS["agreement"] = report_agreement
        VERBS["evaluate"] = evaluate_by_job
        VERBS["release"] = release_by_job
        VERBS["release_look"] = look_by_job
