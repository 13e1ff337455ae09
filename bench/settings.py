"""Proviso's own settings, with the bare views of the benchmark beside its URLs."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
