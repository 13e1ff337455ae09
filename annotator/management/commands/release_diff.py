"""Say what changed from one release to another."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotator.models import Project, Release
from annotator.release_diff import as_json, as_text, between


class Command(BaseCommand):
    help = "Write what was added, changed and withdrawn between two releases of a project, as text or JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("old", metavar="OLD")
        parser.add_argument("new", metavar="NEW")
        parser.add_argument("--project", required=True, metavar="SLUG")
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        project = Project.objects.standing().filter(slug=options["project"]).first()
        if project is None:
            raise CommandError(f"There is no project “{options['project']}”.")
        old, new = named(project, options["old"]), named(project, options["new"])
        if old.pk > new.pk:
            raise CommandError(f"{old} came after {new}: name the earlier release first.")
        found = between(old, new)
        if options["json"]:
            self.stdout.write(json.dumps(as_json(found), ensure_ascii=False, indent=1))
        else:
            self.stdout.write(as_text(found))


def named(project: Project, tag: str) -> Release:
    found = project.releases.filter(tag=tag).first()
    if found is None:
        raise CommandError(f"There is no release “{tag}” of {project.slug}.")
    return found
