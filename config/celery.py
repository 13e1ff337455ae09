"""Celery: by default over a folder in ``var/``, so that no service has to run."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("proviso")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
