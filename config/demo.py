"""The demo: a project of everyday questions with two people's finished and unfinished work, brought in by the verbs."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from annotator import record, rows
from annotator.actions import claiming, saving, submitting
from annotator.actions.guidelines import save_guidelines
from annotator.actions.importing import import_questions
from annotator.actions.people import add_member, make_account
from annotator.actions.projects import create_project
from annotator.actions.retrieving import retrieve
from annotator.actions.saving import Overall, Save
from annotator.models import Annotation, Assignment, Member, Project, Question, User
from retrieval.loading import load_corpus
from retrieval.progress import Progress, silent

SLUG = "everyday-ambiguity"
NAME = "Everyday ambiguity"
FOLDER: Path = settings.BASE_DIR / "demo"
ABOUT = {
    "description": "Short questions that people ask every day, and the several things each of them may mean.",
    "licence": "CC0-1.0",
    "contact": "mo@example.org",
}
CORPUS = {"name": NAME, "source": "Written for the demo", "licence": "CC0-1.0"}
ROLES = {
    "ann": Member.Role.ANNOTATOR,
    "bo": Member.Role.ANNOTATOR,
    "cy": Member.Role.ADJUDICATOR,
    "mo": Member.Role.MANAGER,
}
CAST = {
    "ann": "annotates",
    "bo": "annotates too",
    "cy": "adjudicates, and may annotate",
    "mo": "manages the project",
    "dee": "is a stranger to the project",
}


def load_demo(progress: Progress = silent) -> Project:
    """Bring the demo in, or what is missing of it; whatever people have changed since stays as they left it."""
    people = {name: person(name) for name in CAST}
    project = Project.objects.filter(slug=SLUG).first() or make_project(people["mo"])
    known = {member.user_id: member for member in project.members.all()}
    members = {
        name: known.get(people[name].pk) or add_member(project, people[name], role) for name, role in ROLES.items()
    }
    if not project.guidelines.exists():
        save_guidelines(project, (FOLDER / "guidelines.md").read_text("utf-8"), 0, members["mo"])
    corpus = load_corpus(FOLDER / "corpus.jsonl", SLUG, CORPUS, progress).corpus
    import_questions(project, FOLDER / "questions.jsonl", project.batches.all()[0].name, progress=progress)
    retrieve(project, corpus, progress=progress)
    for work in work_lines():
        do_work(project, members[work["author"]], work)
    return project


def person(name: str) -> User:
    """Return the account, made if there is none. Mo may also make projects and see the administration pages."""
    known = User.objects.filter(username=name).first()
    if known:
        return known
    user = make_account(name)
    manages = name == "mo"
    User.objects.filter(pk=user.pk).update(first_name=name.title(), is_staff=manages, is_superuser=manages)
    return user


def make_project(manager: User) -> Project:
    """Make the project, and say what it is."""
    project = create_project(SLUG, NAME, manager)
    Project.objects.filter(pk=project.pk).update(**ABOUT)
    return project


def work_lines() -> Iterator[dict[str, Any]]:
    """Yield each person's work on a question, as ``demo/work.jsonl`` has it."""
    with (FOLDER / "work.jsonl").open(encoding="utf-8") as file:
        yield from map(json.loads, file)


@transaction.atomic
def do_work(project: Project, member: Member, work: dict[str, Any]) -> None:
    """Do what a person did on a question, unless they have it already or nobody can claim it any more."""
    question = Question.objects.get(batch__project=project, external_id=work["question"])
    if member.assignments.filter(question=question).exists():
        return
    try:
        assignment = claiming.take(member, question)
    except claiming.NoSlot:
        return
    desk = Desk.of(assignment)
    desk.write(work)
    if work["state"] == "submitted":
        submitting.submit(desk.annotation, member)
    if work["state"] == "skipped":
        claiming.skip(assignment, work["reason"])


@dataclass
class Desk:
    """An annotation being written, and the list it may cite: per source id, rank, key and text."""

    assignment: Assignment
    annotation: Annotation
    places: dict[str, tuple[int, int, str]]

    @classmethod
    def of(cls, assignment: Assignment) -> "Desk":
        retrieval = assignment.question.retrieval
        lines = retrieval.listed.select_related("fragment") if retrieval else []
        places = {str(line.fragment.source_id): (line.rank, line.pk, line.fragment.text) for line in lines}
        return cls(assignment, fetched(assignment), places)

    def write(self, work: dict[str, Any]) -> None:
        """Write the cards one by one, then what is said of the whole, then the marks."""
        for card in work["conditions"]:
            self.write_card(card)
        self.annotation = fetched(self.assignment)
        verdict = record.Verdict(work["verdict"]) if work["verdict"] else None
        reason = "" if work["state"] == "skipped" else work["reason"]
        order = saving.overall_of(self.annotation).order
        saving.save_overall(self.annotation, Overall(verdict, reason, work["note"], order), self.save(1))
        self.annotation = fetched(self.assignment)
        for state in record.MarkState:
            for name in work[state.value]:
                if name in self.places:
                    saving.mark(self.annotation, {self.places[name][1]: state})

    def write_card(self, card: dict[str, Any]) -> None:
        row = saving.add_condition(self.annotation, record.new_uid(), self.save(1))
        answers = tuple(record.Answer(text=part["text"], aliases=tuple(part["aliases"])) for part in card["answers"])
        citations = tuple(self.citation(part) for part in card["citations"])
        wanted = rows.with_uids(record.Condition(row.uid, card["condition"], answers, citations))
        lines = rows.lines_of(self.annotation.question)
        saving.save_condition(self.annotation, wanted, self.save(row.version), lines)

    def citation(self, part: dict[str, Any]) -> record.Citation:
        """Return the citation of a listed fragment, with the place of its quote."""
        rank, _key, text = self.places[part["fragment"]]
        role, quote = record.Role(part["role"]), part["quote"]
        if not quote:
            return record.Citation(role=role, rank=rank)
        start = text.index(quote)
        return record.Citation(role=role, rank=rank, start=start, end=start + len(quote), quote=quote)

    def save(self, version: int) -> Save:
        return Save(self.assignment.member, None, version)


def fetched(assignment: Assignment) -> Annotation:
    """Return the assignment's annotation as the saves want it."""
    whole = Annotation.objects.with_conditions().select_related("question__batch__project")
    return whole.get(assignment=assignment)
