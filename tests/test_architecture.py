"""The house: which way imports point, what stands where, and what is not let in."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.db.models import CharField

ROOT: Path = settings.BASE_DIR
APPS = ["retrieval", "annotator", "scoring"]  # each may import those before it
OUTSIDE = {"config", "tests", "bench", "demo"}
PURE = [
    "record",
    "reading",
    "codec",
    "similarity",
    "contrast",
    "outgoing",
    "signing",
    "alignment",
    "joining",
    "pace",
    "splitting",
    "errata",
    "leaderboard",
    "resampling",
    "scored",
    "pairing",
    "board",
    "idf",
    "agreement",
    "comparing",
    "correlating",
    "undefined",
    "report",
]
PURE_ROOMS = ["corpora", "judges", "measures"]
FRAMEWORKS = {"django", "celery", "csp", "django_htmx"}
ROOMS_WITHOUT_A_NAME = {"utils", "helpers", "common", "misc", "signals"}
TOP = {
    *(
        ".ci",
        ".dockerignore",
        ".gitattributes",
        ".gitignore",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "Dockerfile",
        "LICENSE",
    ),
    *("Makefile", "README.md", "compose.yaml"),
    *("annotator", "bench", "config", "demo", "docs", "manage.py", "pyproject.toml", "requirements-dev.txt"),
    *("requirements-parquet.txt", "requirements.txt", "retrieval", "scoring", "static", "templates", "tests"),
}
MADE_ON_THE_WAY = {".git", ".venv", "var", ".hypothesis", ".pytest_cache", ".mypy_cache", ".ruff_cache", "__pycache__"}
COMMANDS = {
    *(
        "agreement",
        "create_manager",
        "create_project",
        "evaluate",
        "export_dataset",
        "hours",
        "import_predictions",
        "import_questions",
        "load_corpus",
        "load_demo",
        "release",
        "release_diff",
        "score",
    ),
    *("reindex", "retrieve", "run_job", "serve", "sign_in_link", "backup", "restore", "status", "verify_retrievals"),
}
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
LONGEST = {".py": 350, ".html": 250, ".js": 300, ".css": 900}


def modules(folder: str) -> list[Path]:
    return [path for path in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in path.parts]


OWN = [path for folder in [*APPS, "config"] for path in modules(folder)]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> Iterator[str]:
    """Yield the first part of every module that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name_of(path)}:{node.lineno}: imports are absolute"
            yield str(node.module).split(".")[0]


@pytest.mark.parametrize("app", APPS)
def test_an_app_imports_only_what_stands_to_its_left(app):
    forbidden = {*APPS[APPS.index(app) + 1 :], *OUTSIDE}
    wrong = {name_of(path): forbidden & set(imported(path)) for path in modules(app)}
    assert {path: found for path, found in wrong.items() if found} == {}


def test_the_api_takes_nothing_from_the_pages():
    rooms = [*modules("annotator/api"), *modules("scoring/api")]
    assert [name_of(path) for path in rooms if re.search(r"(annotator|scoring)\.views", path.read_text("utf-8"))] == []


def test_only_pages_are_rendered():
    """A room that the API reads from, too, makes no HTML."""
    rooms = [path for path in OWN if path.parent.name != "views"]
    assert [name_of(path) for path in rooms if "render_to_string" in path.read_text("utf-8")] == []


def test_config_imports_no_tests():
    wrong = [name_of(path) for path in modules("config") if {"tests", "bench"} & set(imported(path))]
    assert wrong == []


def test_pure_modules_import_no_framework():
    pure = [path for path in OWN if path.stem in PURE and path.parent.name in APPS]
    pure += [path for path in OWN if path.relative_to(ROOT).parts[1] in PURE_ROOMS]
    wrong = [name_of(path) for path in pure if FRAMEWORKS & set(imported(path))]
    assert len(pure) >= 4
    assert wrong == []


def test_no_room_is_without_a_name():
    assert [name_of(path) for path in OWN if path.stem in ROOMS_WITHOUT_A_NAME] == []


def test_nothing_unexpected_stands_at_the_top():
    found = {path.name for path in ROOT.iterdir()} - MADE_ON_THE_WAY
    assert found - TOP == set()


def test_no_signal_and_no_generic_view_is_used():
    found = [
        name_of(path)
        for path in OWN
        if re.search(r"django\.(db\.models\.signals|dispatch|views\.generic)", path.read_text("utf-8"))
    ]
    assert found == []


def test_no_file_is_too_long_to_read():
    code = [*OWN, *modules("tests"), *modules("bench"), *TEMPLATES, *(ROOT / "static").rglob("*.??*")]
    sizes = {path: len(path.read_text("utf-8").splitlines()) for path in code if path.suffix in LONGEST}
    assert {name_of(path): size for path, size in sizes.items() if size > LONGEST[path.suffix]} == {}


@pytest.mark.parametrize("path", OWN, ids=name_of)
def test_no_function_is_too_long_and_every_one_is_typed(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            place = f"{name_of(path)}:{node.lineno}: {node.name}"
            assert (node.end_lineno or 0) - node.lineno < 45, f"{place} is too long"
            assert node.returns is not None, f"{place} says not what it returns"


def test_every_command_says_what_it_does():
    commands = {name: app for name, app in get_commands().items() if app in [*APPS, "config"]}
    assert set(commands) == COMMANDS
    assert all(load_command_class(str(app), name).help.endswith(".") for name, app in commands.items())


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT / "templates").as_posix())
def test_templates_need_no_exception_from_the_content_security_policy(path):
    text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", path.read_text("utf-8"))
    assert re.findall(r"<style|<[^>]*\s(?:style|on[a-z]+)=", text) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", text) == []
    assert re.findall(r"""(?:src|href|action)=["']?(?:https?:)?//""", text) == []


def test_every_choice_is_held_by_the_database():
    bare = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in APPS
        for field in model._meta.get_fields()
        if isinstance(field, CharField)
        and field.choices
        and not any(field.name in str(one.deconstruct()) for one in model._meta.constraints)
    ]
    assert bare == []


def test_a_command_that_computes_nothing_imports_no_numerical_library():
    said = "import django; django.setup(); import sys; print(*{'numpy', 'scipy'} & sys.modules.keys())"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", said]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
