"""The one place that knows every app: settings, URLs, Celery, and the commands that need everything."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
