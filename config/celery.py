"""Celery: by default over a folder in ``var/``, so that no service has to run."""

import os

from celery import Celery

from config.worker import Presence

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("proviso")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(Presence)
