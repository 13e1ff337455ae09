"""How the parts of an installation are: what is there, what is off, what is wrong, and what to do about it."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.timesince import timesince
from kombu.exceptions import OperationalError

from annotator.index_states import How, IndexState, index_states, troubles
from annotator.models import Job, Worker
from config.worker import SEEN_WITHIN
from retrieval.counting import how_many
from retrieval.models import Corpus

LITTLE_SPACE, NO_SPACE = 2 * 10**9, 2 * 10**8
GIGA = 10**9
BACKUPS = "backups"  # the folder of the data folder that ``manage.py backup`` writes to
CHECK = "check DATABASE_URL and that the server runs"
OLD = timedelta(days=7)
LATELY = timedelta(days=1)
JOBS = "admin:annotator_job_changelist"
START_WORKER = "start one: celery --app config worker --pool solo (manage.py serve starts one by itself)"
WHEN_FAILED = {
    How.AWAY: "see that Elasticsearch runs and that ELASTICSEARCH_URL leads to it; jobs that wait for it then go on by "
    "themselves (docs/engines.md says more)",
    How.BARRED: "mend what is said here first, then run again the jobs that failed (docs/engines.md says more)",
}


class State(StrEnum):
    """``OFF`` is nothing that anybody asked for; ``DOWN`` is what was asked for and does not work."""

    OK = "ok"
    OFF = "off"
    WARNING = "warning"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its name, how it is, what there is to say of it, and what to do where it is not well.

    ``corpus`` is the slug of one whose index a rebuild would mend, ``page`` the name of the route that shows more.
    """

    name: str
    state: State
    says: str
    do: str = ""
    corpus: str = ""
    page: str = ""


def parts() -> Iterator[Part]:
    """Yield every part; without the database nothing that is kept there can be asked for."""
    found = database()
    yield found
    if found.state is not State.DOWN:
        yield worker()
        yield jobs_waiting()
    yield broker()
    if found.state is not State.DOWN:
        yield from indexes()
    yield disk()
    yield backups()


def database() -> Part:
    """Return whether the database answers, and whether its tables are those of this version."""
    name = "database"
    try:
        missing = unapplied()
    except DatabaseError as error:
        return Part(name, State.DOWN, first_line(error), CHECK)
    version = ".".join(map(str, connection.get_database_version()))
    says = f"{connection.display_name} {version}"
    if missing:
        says = f"{says}, {how_many(missing, 'migration')} behind"
        return Part(name, State.DOWN, says, "python manage.py migrate")
    return Part(name, State.OK, says)


def unapplied() -> int:
    """Return how many migrations the database lacks. Raises DatabaseError where it does not answer."""
    return len(known_migrations() - MigrationRecorder(connection).applied_migrations().keys())


@cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """Return the migrations of this version; a process reads them from disk once, however often it is probed."""
    return frozenset(MigrationLoader(None).graph.nodes)


def worker() -> Part:
    """Return whether a worker has been seen of late."""
    name, now, there = "worker", timezone.now(), workers()
    last = Worker.objects.order_by("-seen").first()
    if there and last:
        seen = f"last seen at {timezone.localtime(last.seen):%H:%M:%S}"
        return Part(name, State.OK, f"{there} at work, {seen}" if there > 1 else f"at work, {seen}")
    says = f"last seen {timesince(last.seen, now)} ago" if last else "none was ever seen"
    return Part(name, State.DOWN, says, START_WORKER)


def workers() -> int:
    """Return how many workers have been seen of late."""
    return Worker.objects.filter(seen__gt=timezone.now() - SEEN_WITHIN).count()


def jobs_waiting() -> Part:
    """Return how many jobs nobody does, which is wrong where nobody is there to do them, and how many failed lately."""
    name, waiting = "jobs", Job.objects.ready().count()
    since = timezone.now() - LATELY
    failed = Job.objects.filter(state=Job.State.FAILED, heartbeat__gt=since).count()
    put_off = Job.objects.put_off().count()
    says = f"{waiting} waiting, {f'{put_off} put off, ' if put_off else ''}{failed} failed in the last day"
    if waiting and not workers():
        return Part(name, State.WARNING, says, START_WORKER, page=JOBS)
    return Part(name, State.OK, says, page=JOBS)


def broker() -> Part:
    """Return whether the broker takes a connection, or its folder files; passwords are masked.

    Whether messages get through is what the worker and the jobs that wait tell.
    """
    name = "broker"
    with current_app.connection_for_write() as found:
        folder = getattr(settings, "BROKER_DIR", None)
        # Masked, a URL without a password would look as if it had one.
        place = f"the folder {folder}" if folder else found.as_uri(include_password=not found.password)
        try:
            found.ensure_connection(max_retries=1, timeout=settings.BROKER_PATIENCE)
        except (OSError, OperationalError) as error:
            return Part(name, State.DOWN, f"{place}: {first_line(error)}", "check CELERY_BROKER_URL and that it runs")
    if folder and not os.access(folder, os.W_OK):
        return Part(name, State.DOWN, f"{place} takes no files", "let whoever runs the site write there")
    return Part(name, State.OK, f"{place} takes files" if folder else f"{place} takes connections")


def indexes() -> Iterator[Part]:
    """Yield how far each corpus's index is behind its fragments; where the engine fails several alike, once for all."""
    states = list(index_states(Corpus.objects.order_by("slug")))
    yield from (index_of(one) for one in states if not one.how.failed)
    for (how, trouble), slugs in troubles(states).items():
        name = f"{'index' if len(slugs) == 1 else 'indexes'} of {', '.join(slugs)}"
        yield Part(name, State.DOWN, trouble, WHEN_FAILED[how])


def index_of(one: IndexState) -> Part:
    slug = one.corpus.slug
    name, again = f"index of {slug}", f"python manage.py reindex --corpus {slug}"
    if one.how is How.AT_WORK:
        return Part(name, State.OK, f"job {one.job} works on it")
    if one.found is None:
        if one.how is How.EMPTY:
            return Part(name, State.OFF, "no fragments yet")
        if one.how is How.UNUSED:
            return Part(name, State.OFF, "not indexed; nobody looks things up in it", again, slug)
        return Part(name, State.DOWN, f"it {one.trouble}" if one.trouble else "there is none", again, slug)
    says = f"{one.found.said} ({settings.SEARCH_ENGINE})"
    return Part(name, State.OK, says) if one.found.fresh else Part(name, State.WARNING, says, again, slug)


def disk() -> Part:
    """Return how much room is left where the data lies."""
    name, place = "disk", Path(settings.VAR_DIR)
    free = shutil.disk_usage(place).free
    says = f"{free / GIGA:,.1f} GB free at {place}"
    if free < LITTLE_SPACE:
        return Part(name, State.DOWN if free < NO_SPACE else State.WARNING, says, "make room, or move PROVISO_VAR")
    return Part(name, State.OK, says)


def backups() -> Part:
    """Return how old the last backup in the data folder is; what ``--output`` writes elsewhere is not known here."""
    name, folder = "backups", Path(settings.VAR_DIR) / BACKUPS
    do = "python manage.py backup (watch what --output writes elsewhere: it is not seen here)"
    times = [path.stat().st_mtime for path in folder.glob("*.zip")]
    if not times:
        return Part(name, State.OFF, f"none in {folder}; the status looks nowhere else", do)
    last, now = datetime.fromtimestamp(max(times), UTC), timezone.now()
    says = f"the last in {folder} {timesince(last, now)} ago"
    return Part(name, State.WARNING, says, do) if now - last > OLD else Part(name, State.OK, says)


def first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
