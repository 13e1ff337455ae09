"""What stands in the database that a benchmark serves: a project with its people, their lists and their work."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from secrets import token_hex
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from annotator import record, rows
from annotator.codec import to_json
from annotator.models import Annotation, Member, Project, Question, Revision, System
from retrieval.fragments import LOOKUP_SIZE, batched
from retrieval.freezing import Line, NewList, freeze_many
from retrieval.models import Retrieval
from tests import conftest

PASSAGE = "A sentence of about ten words that says little more. "

CASES = (
    ("The men’s national team, in association football", "2010"),
    ("The women’s national team, in association football", "2023"),
    ("The men’s national team, in basketball", "2006"),
    ("The women’s under-20 team, in association football", "2022"),
    ("The mixed team, in roller hockey at the world championships", "2017"),
    ("The national team, in indoor football at the Futsal World Cup", "2004"),
)
WORDINGS = (
    "{}",
    "{}, as FIFA and FIBA count them",
    "If the question is about this: {}",
    "{} (first title)",
    "Taken to mean: {}",
)


def make_project(members: Mapping[str, str]) -> tuple[Project, list[Member]]:
    """Return a project of its own name with these people (name → role), so that a database can be measured again."""
    slug = f"bench-{token_hex(4)}"
    project = conftest.make_project(slug, {f"{slug}-{name}": role for name, role in members.items()})
    return project, list(project.members.select_related("user", "project").order_by("pk"))


def make_list(project: Project) -> Retrieval:
    """Return a frozen list of twenty fragments of about ninety words."""
    return conftest.make_list(project.slug, [(f"Title {rank}", PASSAGE * 9 + str(rank)) for rank in range(1, 21)])


def session_of(member: Member) -> str:
    """Return the key of a new session of the member."""
    session = SessionStore()
    session[SESSION_KEY] = str(member.user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = member.user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def condition(text: str, answer: str, ranks: Sequence[int], *aliases: str) -> record.Condition:
    """Return a condition with one answer and a citation of each rank for both."""
    citations = tuple(record.Citation(record.new_uid(), record.Role.BOTH, rank=rank) for rank in ranks)
    return record.Condition(
        record.new_uid(), text, (record.Answer(record.new_uid(), answer, tuple(aliases)),), citations
    )


def write(annotation: Annotation, conditions: Sequence[record.Condition]) -> Annotation:
    """Write conditions into an empty annotation, call it ambiguous, and return it as the verbs want it."""
    said = record.Annotation(conditions=tuple(conditions))
    rows.create_conditions([(annotation, said, rows.lines_of(annotation.question))])
    written = Annotation.objects.filter(pk=annotation.pk)
    written.update(verdict=record.Verdict.AMBIGUOUS.value)
    return written.select_related("question__batch__project", "assignment").get()


def cards(person: int, about: str = "") -> list[record.Condition]:
    """Return six conditions as one of five people writes them: in an order of their own, two citations each."""
    cases = [*CASES[person:], *CASES[:person]]
    return [
        condition(WORDINGS[person].format(text) + about, answer, (at, at + 9), f"in {answer}")
        for at, (text, answer) in enumerate(cases, 1)
    ]


def make_questions(project: Project, number: int) -> list[Question]:
    """Return so many questions at once, each with a list of its own, of which the fragments are the same twenty."""
    first = make_list(project)
    lines = [Line(one.rank, one.fragment_id, one.fragment.sha256) for one in first.listed.select_related("fragment")]
    retrievals = freeze_many([NewList(conftest.QUESTION, len(lines), "file", {}, lines)] * number)
    batch, now = project.batches.get(), timezone.now()
    project.batches.update(size=number)
    return Question.objects.bulk_create(
        Question(
            batch=batch,
            external_id=f"q{order}",
            text=conftest.QUESTION,
            order=order,
            overlap=batch.overlap,
            retrieval=retrieval,
            created=now,
        )
        for order, retrieval in enumerate(retrievals, 1)
    )


def make_work(number: int) -> Project:
    """Return a project of so many questions that three people submitted, in words of their own."""
    project, people = make_project({str(person): "annotator" for person in range(3)})
    project.batches.update(overlap=3)
    now, questions = timezone.now(), make_questions(project, number)
    written = [
        (
            Annotation(question=question, author=member, verdict="ambiguous", revisions_made=1, **times(now)),
            cards(place),
        )
        for question in questions
        for place, member in enumerate(people)
    ]
    for some in batched(written, LOOKUP_SIZE):
        Annotation.objects.bulk_create(annotation for annotation, _cards in some)
        said = [(row, record.Annotation(record.Verdict.AMBIGUOUS, conditions=tuple(parts))) for row, parts in some]
        rows.create_conditions((row, whole, rows.lines_of(row.question)) for row, whole in said)
        Revision.objects.bulk_create(
            Revision(annotation=row, number=1, at=now, verb="submit", record=to_json(whole)) for row, whole in said
        )
    return project


def make_predictions(number: int, systems: int) -> Project:
    """Return a project of so many questions that have gold, and what so many systems say of each."""
    project, (adjudicator,) = make_project({"cy": "adjudicator"})
    now, questions = timezone.now(), make_questions(project, number)
    machines = System.objects.bulk_create(System(project=project, name=f"s{place}") for place in range(systems))
    makers: list[tuple[str, dict[str, Any]]] = [("gold", {"author": adjudicator})]
    makers += [("prediction", {"system": machine}) for machine in machines]
    written = (
        (Annotation(question=question, source=source, revisions_made=1, **times(now), **maker), said)
        for order, question in enumerate(questions)
        for place, (source, maker) in enumerate(makers)
        for said in [cards(place % len(WORDINGS), f", case {order} of {order % 97 + 1900}")[: 4 - place % 2]]
    )
    for some in batched(written, LOOKUP_SIZE):
        Annotation.objects.bulk_create(annotation for annotation, _cards in some)
        Revision.objects.bulk_create(
            Revision(
                annotation=row,
                number=1,
                at=now,
                verb="import",
                record=to_json(record.Annotation(conditions=tuple(said))),
            )
            for row, said in some
        )
    return project


def times(now: datetime) -> dict[str, datetime]:
    return dict.fromkeys(("created", "opened", "saved", "submitted"), now)
