"""A whole installation in one file, whatever its database: every table as JSON Lines, and the uploads, in a zip.

It is read back into an empty database of the same version of Proviso, on either engine. Search indexes are rebuilt from
the database. What it leaves out is what an installation makes for itself: sessions, workers, Django's list of tables.
"""

import json
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import date, datetime
from io import TextIOWrapper
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import IO, Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import IntegrityError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Field, ForeignKey, JSONField, Model

from annotator.actions.exporting import replacing
from config.status import known_migrations
from retrieval.counting import how_many
from retrieval.fragments import batched
from retrieval.progress import Progress

ROWS = 2_000
MANIFEST = "manifest.json"
LEFT_OUT = {"sessions.session", "annotator.worker"}
MADE_ANEW = ("contenttypes.contenttype", "auth.permission")


class CannotRestore(Exception):
    """The file cannot be read back here, and the message says why."""


def tables() -> list[type[Model]]:
    """Return every table that a backup holds, in the order in which rows can be written."""
    found = [model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy]
    kept = [model for model in found if model._meta.managed and model._meta.label_lower not in LEFT_OUT]
    return sorted(kept, key=lambda model: model._meta.label_lower not in MADE_ANEW)


def migrations() -> list[str]:
    """Return the names of the migrations that made the tables."""
    return sorted(".".join(name) for name in MigrationRecorder(connection).applied_migrations())


# Out


def write_backup(path: Path, now: datetime, progress: Progress) -> dict[str, int]:
    """Write the tables as they are at one moment, and the uploads that are there after it. Return the rows by table.

    The file is there once it is whole, and its owner alone may read it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path, 0o600) as file, ZipFile(file, "w", ZIP_DEFLATED) as archive:
        with one_moment():
            counts = {model._meta.label_lower: model._base_manager.count() for model in tables()}
            for model in tables():
                write_table(archive, model, counts[model._meta.label_lower], progress)
        for kept in uploads():
            with suppress(FileNotFoundError):  # its import ended meanwhile
                archive.write(kept, f"uploads/{kept.relative_to(settings.MEDIA_ROOT)}")
        about = {"made": now.isoformat(), "migrations": migrations(), "rows": counts}
        archive.writestr(MANIFEST, json.dumps(about, indent=1))
    return counts


@contextmanager
def one_moment() -> Iterator[None]:
    """See the database as it is now, whatever is written meanwhile; nobody waits for it.

    Within a transaction it is that one's moment.
    """
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        # Not ``atomic``: on SQLite that takes the writers' lock, and a deferred transaction reads beside them.
        begin = "BEGIN" if connection.vendor == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        cursor.execute(begin)
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def write_table(archive: ZipFile, model: type[Model], total: int, progress: Progress) -> None:
    name, done = model._meta.label_lower, 0
    with archive.open(f"tables/{name}.jsonl", "w", force_zip64=True) as file:
        for rows in batched(rows_of(model), ROWS):
            file.writelines(f"{line_of(row)}\n".encode() for row in rows)
            done += len(rows)
            progress(name, done, total)


def rows_of(model: type[Model]) -> Iterator[Model]:
    """Yield the rows in order of their keys, in short queries."""
    last: Any = None
    while True:
        rows = model._base_manager.order_by("pk")
        page = list((rows if last is None else rows.filter(pk__gt=last))[:ROWS])
        yield from page
        if len(page) < ROWS:
            return
        last = page[-1].pk


def line_of(row: Model) -> str:
    """Return every column of a row as a JSON object; times keep their microseconds."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return json.dumps(values, ensure_ascii=False, default=in_words)


def in_words(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def uploads() -> list[Path]:
    folder = Path(settings.MEDIA_ROOT)
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


# In


def read_backup(path: Path, progress: Progress) -> dict[str, int]:
    """Read a backup into this installation, which must be empty. All of it comes in, or nothing.

    Raises CannotRestore, naming what is wrong.
    """
    if path.is_dir():
        raise CannotRestore(f"{path}: is a folder; name the backup in it")
    if not path.is_file():
        raise CannotRestore(f"{path}: there is no such file")
    try:
        with ZipFile(path) as archive:
            about = manifest_of(archive, path)
            refuse_other_tables(about)
            refuse_what_is_here()
            with unpacked_uploads(archive) as uploaded, ExitStack() as undone:
                with transaction.atomic():
                    read_tables(archive, about["rows"], progress)
                    put_in_place(uploaded, undone)
                undone.pop_all()
    except (OSError, BadZipFile, zlib.error) as error:
        raise CannotRestore(f"{path}: is no backup that can be read: {error}") from error
    return dict(about["rows"])


def manifest_of(archive: ZipFile, path: Path) -> dict[str, Any]:
    try:
        about = json.loads(archive.read(MANIFEST))
    except (KeyError, ValueError) as error:
        raise CannotRestore(f"{path}: holds no {MANIFEST}, so it is no backup of Proviso") from error
    return dict(about)


def refuse_other_tables(about: dict[str, Any]) -> None:
    """Raise CannotRestore where the tables here are not those that the backup was made from."""
    theirs, ours = set(about["migrations"]), {".".join(name) for name in known_migrations()}
    if theirs == ours:
        if theirs - set(migrations()):
            raise CannotRestore("the tables here are not made yet: run python manage.py migrate, then restore")
        return
    last = max(theirs ^ ours)
    which = "newer than this installation" if last in theirs else "older than this installation"
    raise CannotRestore(
        f"the backup is {which}: migration {last} differs. Read it back with the version of Proviso that made it, "
        "then upgrade that and run python manage.py migrate"
    )


def refuse_what_is_here() -> None:
    """Raise CannotRestore where there is anything that a backup would be mixed with."""
    for model in tables():
        if model._meta.label_lower not in MADE_ANEW and (count := model._base_manager.count()):
            raise CannotRestore(
                f"the database is not empty: {how_many(count, 'row')} in {model._meta.db_table}. "
                "Restore into a new one (DATABASE_URL, PROVISO_VAR)"
            )


def read_tables(archive: ZipFile, counts: dict[str, int], progress: Progress) -> None:
    for model in reversed(tables()):
        if model._meta.label_lower in MADE_ANEW:
            model._base_manager.all().delete()
    with connection.constraint_checks_disabled():
        for model in tables():
            name = model._meta.label_lower
            with archive.open(f"tables/{name}.jsonl") as file:
                read = read_table(file, model, counts[name], progress)
            if read != counts[name]:
                raise CannotRestore(f"tables/{name}.jsonl: {read:,} of {counts[name]:,} rows; the file is damaged")
    try:
        connection.check_constraints()
    except IntegrityError as error:
        raise CannotRestore(f"the rows do not fit together: {error}") from error
    for statement in connection.ops.sequence_reset_sql(no_style(), tables()):
        with connection.cursor() as cursor:
            cursor.execute(statement)


def read_table(file: IO[bytes], model: type[Model], total: int, progress: Progress) -> int:
    """Write the rows of a table and return how many there were."""
    done = 0
    for lines in batched(TextIOWrapper(file, encoding="utf-8"), ROWS):
        try:
            rows = [row_of(line, model) for line in lines]
        except (ValueError, TypeError, LookupError, ValidationError) as error:
            raise CannotRestore(f"tables/{model._meta.label_lower}.jsonl: after line {done:,}: {error}") from error
        model._base_manager.bulk_create(rows, batch_size=ROWS)
        done += len(rows)
        progress(model._meta.label_lower, done, total)
    return done


def row_of(line: str, model: type[Model]) -> Model:
    """Return the row that a line holds. Raises one of several errors for what is none."""
    values, fields = json.loads(line), {field.attname: field for field in model._meta.concrete_fields}
    return model(**{name: value_of(fields[name], value) for name, value in values.items()})


def value_of(field: "Field[Any, Any]", value: object) -> object:
    """Return a value as the column holds it; JSON is itself."""
    if isinstance(field, JSONField):
        return value
    own = field.target_field if isinstance(field, ForeignKey) else field
    return own.to_python(value)


@contextmanager
def unpacked_uploads(archive: ZipFile) -> Iterator[dict[Path, Path]]:
    """Unpack the uploads beside their places, and give each with the place; a name that leads elsewhere is refused."""
    folder = Path(settings.MEDIA_ROOT).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix=".restoring-") as beside:
        uploaded: dict[Path, Path] = {}
        for name in archive.namelist():
            if name.startswith("uploads/"):
                unpacked = Path(beside) / str(len(uploaded))
                with archive.open(name) as packed, unpacked.open("wb") as file:
                    copyfileobj(packed, file)
                uploaded[unpacked] = place_of(name, folder)
        yield uploaded


def place_of(name: str, folder: Path) -> Path:
    place = (folder / name.removeprefix("uploads/")).resolve()
    if not place.is_relative_to(folder):
        raise CannotRestore(f"{name}: leads out of the folder of uploads")
    return place


def put_in_place(uploaded: dict[Path, Path], undone: ExitStack) -> None:
    """Move the unpacked uploads to their places; ``undone`` takes those away again that were not there before."""
    for unpacked, place in uploaded.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        if not place.exists():
            undone.callback(place.unlink, missing_ok=True)
        unpacked.replace(place)
