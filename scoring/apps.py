"""The scoring app."""

from collections.abc import Callable
from typing import Any

from django.apps import AppConfig
from django.utils.module_loading import import_string


def later(verb: str) -> Callable[..., Any]:
    """Return what is imported as it is called: what it needs takes longer to import than most commands take."""
    return lambda *of: import_string(verb)(*of)


class ScoringConfig(AppConfig):
    name = "scoring"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from annotator.actions.queued import HOLDS, VERBS

        VERBS["agreement"] = later("scoring.reporting.report_agreement")
        VERBS["evaluate"] = later("scoring.running.evaluate_by_job")
        VERBS["estimate"] = later("scoring.estimating.estimate_by_job")
        VERBS["release"] = later("scoring.releasing.release_by_job")
        VERBS["release_file"] = later("scoring.releasing.write_release")
        VERBS["release_trial"] = later("scoring.releasing.write_trial")
        VERBS["release_look"] = later("scoring.releasing.look_by_job")
        HOLDS["release_file"] = later("scoring.releasing.held_in_release")
        HOLDS["release_trial"] = later("scoring.releasing.held_in_trial")
