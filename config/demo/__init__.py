"""The demo: a project of everyday questions, with a pilot behind it and its main batch half done, made by the verbs."""

from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from annotator.actions.guidelines import save_guidelines
from annotator.actions.importing import import_questions
from annotator.actions.indexing import read_all
from annotator.actions.people import add_member, make_account
from annotator.actions.predictions import import_predictions
from annotator.actions.projects import add_batch, change_batch, create_project
from annotator.actions.retrieving import retrieve
from annotator.cut import CannotRelease
from annotator.exchange.storing_predicted import Run
from annotator.models import Batch, Member, Project, Question, User
from annotator.record import Source
from config.demo.adjudicating import adjudicate
from config.demo.annotating import do_work
from config.demo.discussing import discuss
from config.demo.files import CORPUS, FOLDER, Stage
from config.demo.systems import describe_systems, evaluate_systems
from config.demo.times import BEGINNINGS, RELEASES, SLUG, When, said_to_be
from retrieval.loading import load_corpus
from retrieval.models import Corpus, Retrieval
from retrieval.progress import Progress, silent
from scoring.releasing import Wish, cut_release

NAME = "Everyday ambiguity"
ABOUT = {
    "description": "Short questions that people ask every day, and the several things each of them may mean.",
    "licence": "CC0-1.0",
    "contact": "mo@example.org",
}
ABOUT_CORPUS = {"name": NAME, "source": "Written for the demo", "licence": "CC0-1.0"}
ROLES = {
    "mo": Member.Role.MANAGER,
    "ann": Member.Role.ANNOTATOR,
    "bo": Member.Role.ANNOTATOR,
    "eve": Member.Role.ANNOTATOR,
    "cy": Member.Role.ADJUDICATOR,
}
CAST = {
    "ann": "annotates",
    "bo": "annotates too",
    "eve": "annotates, and is in a hurry",
    "cy": "adjudicates, and may annotate",
    "mo": "manages the project",
    "dee": "is a stranger to the project",
}
# Everybody annotates all of the pilot; of the main batch, 60 % of the questions go to two people and the others to one.
PILOT = Stage(
    folder=FOLDER / "pilot",
    name="pilot",
    position=1,
    begins=When(16, "09:00", 30),
    values={"purpose": Batch.Purpose.PILOT, "overlap": 3},
)
MAIN = Stage(
    folder=FOLDER / "main",
    name="main 1",
    position=2,
    begins=When(9, "15:00", 30),
    values={"purpose": Batch.Purpose.MAIN, "overlap": 2, "share": 60},
    machines={
        "drafting run 1": ("drafts", Source.DRAFT),
        "answering run 1": ("predictions", Source.PREDICTION),
        "cascade run 1": ("cascade", Source.PREDICTION),
        "closed-book run 1": ("closed-book", Source.PREDICTION),
    },
)


RELEASED = When(8, "10:30")
TO_COME = timedelta(days=17)  # until the main batch is to be done


def load_demo(progress: Progress = silent) -> Project:
    """Bring the demo in, or what is missing of it; whatever people have changed since stays as they left it."""
    people = {name: person(name) for name in CAST}
    corpus = load_corpus(CORPUS, SLUG, ABOUT_CORPUS, progress).corpus
    project = Project.objects.filter(slug=SLUG).first() or make_project(people)
    members = members_of(project, people)
    for stage in (PILOT, MAIN) if has_pilot(project) else ():
        begin(stage, project, members["mo"], corpus, progress)
        go_through(stage, project, members)
    if not project.releases.exists():
        release_pilot(project, members["mo"])
    describe_systems(project)
    evaluate_systems(project, members, MAIN.lines("ratings"))
    read_all(project, progress)
    return project


def has_pilot(project: Project) -> bool:
    """Return whether the project is made as here; one that an earlier version brought in stays as it is."""
    return project.batches.filter(position=PILOT.position, purpose=Batch.Purpose.PILOT).exists()


def members_of(project: Project, people: dict[str, User]) -> dict[str, Member]:
    """Return the cast's memberships; whoever is no member yet becomes one, and whoever left stays away."""
    known = {member.user_id: member for member in project.members.all()}
    return {name: known.get(people[name].pk) or add_member(project, people[name], role) for name, role in ROLES.items()}


def person(name: str) -> User:
    """Return the account, made if there is none. Mo administers the site; Cy finds their queue there, too."""
    known = User.objects.filter(username=name).first()
    if known:
        return known
    user = make_account(name)
    rights = {"is_staff": name in ("mo", "cy"), "is_superuser": name == "mo"}
    User.objects.filter(pk=user.pk).update(first_name=name.title(), **rights)
    return user


@transaction.atomic
def make_project(people: dict[str, User]) -> Project:
    """Make the project with its people and its first batch, and say what it is."""
    with said_to_be(PILOT.begins, BEGINNINGS):
        project = create_project(SLUG, NAME, people["mo"])
        Project.objects.filter(pk=project.pk).update(**ABOUT)
        project.refresh_from_db()
        members_of(project, people)
        Batch.objects.filter(project=project).update(name=PILOT.name, **PILOT.values)
    return project


@transaction.atomic
def begin(stage: Stage, project: Project, manager: Member, corpus: Corpus, progress: Progress) -> None:
    """Begin a batch with its guidelines, its questions and what machines say of them; the one before it closes."""
    if Question.objects.filter(batch__project=project, batch__position=stage.position).exists():
        return
    with said_to_be(stage.begins, BEGINNINGS):
        for earlier in project.batches.filter(position__lt=stage.position):
            earlier.closes = stage.begins.began
            change_batch(earlier, ["closes"])
        save_guidelines(project, stage.guidelines, project.guidelines.count(), manager)
        if not project.batches.filter(position=stage.position).exists():
            add_batch(project, stage.name, closes=timezone.now() + TO_COME, **stage.values)
        import_questions(project, stage.folder / "questions.jsonl", stage.name, manager, progress)
        retrieve(project, corpus, progress=progress)
        for system, (file, source) in stage.machines.items():
            import_predictions(stage.folder / f"{file}.jsonl", Run(project, system, source=source), manager, progress)
    frozen = Question.objects.filter(batch__project=project, batch__position=stage.position).values("retrieval")
    Retrieval.objects.filter(pk__in=frozen).update(created=stage.begins.began)


def go_through(stage: Stage, project: Project, members: dict[str, Member]) -> None:
    """Do what people did in a batch: their work, then the talk about it, then its adjudication."""
    questions = {question.external_id: question for question in questions_of(stage, project)}
    for line in stage.lines("work"):
        do_work(questions[line["question"]], members[line["author"]], line)
    for line in stage.lines("notes"):
        discuss(questions[line["question"]], members, line)
    for line in stage.lines("adjudication"):
        adjudicate(questions[line["question"]], members[line["by"]], line)


def release_pilot(project: Project, manager: Member) -> None:
    """Freeze the pilot's gold as the first release, unless some of it is not gold as it was brought in."""
    with suppress(CannotRelease), said_to_be(RELEASED, RELEASES):
        cut_release(project, Wish("0.1.0", (PILOT.name,), (f"{PILOT.name}=dev",)), manager)


def questions_of(stage: Stage, project: Project) -> list[Question]:
    asked = Question.objects.filter(batch__project=project, batch__position=stage.position)
    return list(asked.select_related("batch__project", "retrieval"))
