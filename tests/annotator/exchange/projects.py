"""Whole projects for round trips: one with every column set, and any that hypothesis can think of."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from annotator import models, record, rows
from annotator.codec import to_json
from annotator.models import Annotation, Assignment, Batch, GuidelineVersion, Import, Member, Project, Question, System
from retrieval.fragments import NewFragment, store_fragments
from retrieval.freezing import Line, NewList, freeze_many
from retrieval.models import Corpus, Retrieval
from tests.annotator import records

NOW = datetime(2024, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC)
words = records.texts
times = st.datetimes(datetime(2001, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
counts = st.integers(0, 2**31 - 1)
scores = st.none() | st.floats(allow_nan=False, allow_infinity=False)


def make_list(
    query: str, extras: Sequence[Any], kind: Retrieval.Kind = Retrieval.Kind.FROZEN, corpus: str = "wiki"
) -> Retrieval:
    """Return a list of five fragments, one of them twice; ``extras`` are scores and extras of its lines."""
    about = {"name": "Wiki", "source": "a dump", "licence": "CC", "attribution": "by all"}
    home = Corpus.objects.get_or_create(slug=corpus, defaults={**about, "snapshot_date": date(2024, 1, 31)})[0]
    texts = [f"{query} one 🔔", f"{query} two\n", "", "fourth  text"]
    fragments = [NewFragment(f"T {n}", text, str(n), n, n or None, "u", "s", n) for n, text in enumerate(texts)]
    ids = store_fragments(home, fragments)
    shown = [*fragments, fragments[0]]
    lines = [
        Line(rank, ids[part.sha256], part.sha256, score, extra)
        for rank, (part, (score, extra)) in enumerate(zip(shown, extras, strict=True), 1)
    ]
    return freeze_many([NewList(query, len(lines), "file", {"b": 0.75, "a": [1, None]}, lines, kind, NOW)])[0]


PLAIN_LINES = [(1.5, {}), (None, {}), (-2.0, {"kept": {"z": 1, "a": 2}}), (0.0, {}), (1e-9, {})]
line_extras = st.lists(st.tuples(scores, records.extras), min_size=5, max_size=5)


def make_people(project: Project) -> list[Member]:
    """Return an annotator, an adjudicator with an account, and one without."""
    account = models.User.objects.get_or_create(username="mona", email="mona@example.org", first_name="Mona")[0]
    people = [
        ("annotator-1", "annotator", None, NOW),
        ("cy", "adjudicator", account, None),
        ("é 2", "annotator", None, None),
    ]
    return [
        Member.objects.create(
            project=project, pseudonym=name, role=role, user=user, joined=NOW, submitted=number, left=left, seen=left
        )
        for number, (name, role, user, left) in enumerate(people)
    ]


def make_project(slug: str = "whole") -> Project:
    """Return a project whose header has every column set."""
    project = Project.objects.create(
        slug=slug,
        name="Whole “project”",
        description="All of it",
        language="pt-BR",
        licence="CC BY 4.0",
        citation="@misc{x}",
        contact="the team",
        silenced_checks=["near_duplicate"],
        lookers_may_annotate=True,
        reopening="never",
        show_drafts="before",
        lease_hours=5,
        annotators_may_adjudicate=True,
        agreed_from=0.55,
        idle_seconds=60,
        created=NOW,
    )
    people = make_people(project)
    first, second = (
        GuidelineVersion.objects.create(project=project, number=n, text=f"# {n}", created=NOW, by=by)
        for n, by in ((1, None), (2, people[1]))
    )
    for place, (name, overlap, version) in enumerate(
        (("main 1", 2, second), ("pilot", None, first), ("bare", 1, None))
    ):
        Batch.objects.create(
            project=project,
            name=name,
            position=3 - place,
            purpose="pilot",
            overlap=overlap,
            share=20 * place,
            seed=7,
            order="random" if place else "priority",
            cap=place or None,
            opens=NOW,
            closes=NOW if place else None,
            guideline_version=version,
            size=place,
            created=NOW,
        )
    for batch in project.batches.all():
        models.WorkDay.objects.create(member=people[1], batch=batch, day=date(2024, 2, 29), seconds=batch.position * 60)
    asked = project.consent_versions.create(number=1, text="Agreed?", created=NOW, by=people[1])
    asked.consents.create(member=people[0], at=NOW)
    project.consent_versions.create(number=2, created=NOW)
    System.objects.create(
        project=project,
        name="run 1",
        family="family",
        model="model",
        prompt="Say it.",
        seed=-(2**40),
        made_on=date(2024, 2, 29),
        description="one prompt",
        retrieval="its own",
        cites=False,
        link="https://systems.example/run",
        digest="0" * 64,
        complete=False,
    )
    for number, by in enumerate((None, people[1])):
        Import.objects.create(
            project=project,
            batch=project.batches.get(name="main 1") if by else None,
            by=by,
            name=f"file {number}.json",
            size=2**40,
            sha256="f" * 64,
            shape="plain",
            state="done",
            report={"z": {"y": 1, "x": [2]}, "a": None},
            created=NOW,
            finished=NOW if by else None,
        )
    return project


def make_question(project: Project, batch: str, number: int, **values: Any) -> Question:
    """Return a question with both lists."""
    values.setdefault("retrieval", make_list(f"Q{number}", PLAIN_LINES))
    values.setdefault("supplementary", make_list(f"Q{number} more", PLAIN_LINES, Retrieval.Kind.SUPPLEMENTARY, "more"))
    columns = {"text": f"Question {number}?", "external_id": f"q-{number}", "created": NOW, "digest": "a" * 64}
    return Question.objects.create(batch=project.batches.get(name=batch), order=number, **{**columns, **values})


def make_annotation(question: Question, whole: record.Annotation, **values: Any) -> Annotation:
    """Return a stored annotation with a removed condition, marks and two revisions."""
    columns = {"created": NOW, "saved": NOW + timedelta(seconds=1), "version": 4, "revisions_made": 2}
    row = Annotation.objects.create(
        question=question,
        verdict=whole.verdict.value if whole.verdict else None,
        reason=whole.reason,
        note=whole.note,
        extra=dict(whole.extra),
        **{**columns, **values},
    )
    lines = rows.lines_of(question, row)
    rows.create_conditions([(row, whole, lines)])
    row.conditions.filter(order=2).update(removed=True, version=9)
    row.marks.create(listed_id=lines[False, 3], state="irrelevant")
    if (True, 1) in lines:
        row.marks.create(listed_id=lines[True, 1], state="read")
    by = row.author
    row.revisions.create(number=1, by=None, at=NOW, verb="import", record=to_json(whole))
    row.revisions.create(
        number=2, by=by, at=NOW, verb="card", condition="c", save_id="s-1", version=3, record={"b": 1, "a": 2}
    )
    return row


def cited() -> record.Annotation:
    """Return an annotation whose citations are of every kind."""
    citation = record.Citation(rank=1, start=0, end=2, quote="Q1", role=record.Role.BOTH, extra={"kept": {"n": 1.5}})
    parts = (
        replace(citation, uid="x1"),
        record.Citation(uid="x2", rank=5, supplementary=True, answer="a2", role=record.Role.ANSWER),
        record.Citation(uid="x3", title="9. Elsewhere", text="", extra={"shape": {"b": 1, "a": 2}}),
    )
    answers = (record.Answer("a1", "2006", ("in 2006", "")), record.Answer("a2", " 2019\n", (), {"kept": {"w": None}}))
    one = record.Condition("c1", "Basketball", answers, parts, {"kept": {"reason": "r"}})
    return record.Annotation(
        record.Verdict.AMBIGUOUS, "why", "note", (one, record.Condition("c2", "Gone"), record.Condition("c3")), {"k": 1}
    )


def fill(project: Project) -> None:
    """Give the project questions whose every column is set somewhere."""
    ann, cy, _erased = project.members.order_by("pk")
    imports = list(project.imports.order_by("pk"))
    version = project.guidelines.get(number=1)
    question = make_question(
        project,
        "main 1",
        2,
        source_dataset="d",
        source_id="i",
        source_split="s",
        licence="l",
        split="dev",
        tags=["a", "b"],
        extra={"kept": {"z": 1, "a": {"y": 2, "b": 3}}},
        brought_by=imports[1],
        overlap=3,
        taken=2,
        accord=0.5,
        adjudicator=cy,
        lease_until=NOW,
        to_discuss=True,
        priority=9,
    )
    own = make_annotation(
        question,
        cited(),
        author=ann,
        guideline_version=version,
        submitted=NOW,
        opened=NOW,
        active_seconds=77,
        dismissed={"near_duplicate": "no"},
    )
    own.supplements.create(listed=question.supplementary.listed.get(rank=5), number=1, at=NOW)
    asked = own.notes.create(condition="c1", author=cy, at=NOW, text="Which one?")
    own.notes.create(condition="c1", author=ann, at=NOW, text="The first.", reply_to=asked)
    Assignment.objects.create(
        question=question, member=ann, state="submitted", created=NOW, annotation=own, lease_until=NOW
    )
    Assignment.objects.create(question=question, member=cy, state="skipped", reason="hard", created=NOW)
    question.looks.create(member=cy, at=NOW)
    gold = make_annotation(question, cited(), source="gold", author=cy)
    for kind, until in (("built", 2), ("none", None)):
        decision = gold.decisions.create(kind=kind, condition="c1", reason="why", since=1, until=until)
        decision.parts.create(annotation=own, uid="c1", revision=2, gave={"x2": "x1", "a1": "a2"})
    brought = make_list("its own", PLAIN_LINES)
    machine = {"source": "draft", "system": project.systems.get(), "sample": 3, "retrieval": brought}
    draft = make_annotation(question, cited(), **machine)
    own.adoptions.create(condition="c1", draft=draft, revision=1, uid="c1", parts={"a1": "a2"})
    other = make_question(project, "pilot", 1, supplementary=None)
    plain = record.Annotation(conditions=(record.Condition("c1", "Only"), record.Condition("c2", "")))
    brought_in = make_annotation(other, plain, source="gold", brought_by=imports[0])
    release_both(project, [(question, gold), (other, brought_in)], own)
    make_question(project, "main 1", 7, retrieval=None, supplementary=None)


def release_both(project: Project, gold: Sequence[tuple[Question, Annotation]], own: Annotation) -> None:
    """Give the project two releases of this gold, and of one person's work on the first question."""
    before = None
    for tag in ("1.0.0", "1.0.1"):
        before = project.releases.create(
            tag=tag,
            previous=before,
            by=own.author if before else None,
            created=NOW,
            licence="CC BY 4.0",
            splitting={"shares": {"train": 80.5, "dev": 19.5}, "seed": 3},
            withdrawn=[{"batch": "pilot", "id": "gone", "reason": "no date"}],
            texts={"README.md": "# All\n", "LICENSE": "L", "corpora.jsonl": '{"slug":"wiki","licence":"CC"}\n'},
            digest="d" * 64,
        )
        for place, (question, annotation) in enumerate(gold, 1):
            step = annotation.revisions.get(number=1)
            about = {"id": question.external_id, "batch": "b", "question": "Q?", "drafted": {"c1": ["run 1"]}, "a": 1}
            values = {"gold": step, "place": place, "split": "dev", "about": about}
            released = question.released.create(release=before, **values)
            if question == own.question:
                released.work.create(revision=own.revisions.get(number=1), about={"annotator": "annotator-1"})


@st.composite
def questions(draw: st.DrawFn) -> dict[str, Any]:
    """Any columns of a question, its line extras, and what two people and gold say of it."""
    return {
        "values": {
            "text": draw(words.filter(str.strip)),
            "extra": draw(records.extras),
            "tags": draw(st.lists(words, max_size=2)),
            "taken": draw(counts),
            "created": draw(times),
        },
        "lines": draw(st.none() | line_extras),
        "annotations": draw(st.lists(st.tuples(records.annotations, times, counts), max_size=3)),
    }


def build(project: Project, drawn: Sequence[dict[str, Any]]) -> None:
    """Store drawn questions; the third annotation of each is gold."""
    people = list(project.members.order_by("pk"))[:2]
    for number, part in enumerate(drawn, 1):
        retrieval = make_list(f"q{number}", part["lines"] or PLAIN_LINES)
        question = make_question(project, "pilot", number, retrieval=retrieval, supplementary=None, **part["values"])
        for place, (whole, at, seconds) in enumerate(part["annotations"]):
            maker: dict[str, Any] = {"author": people[place]} if place < 2 else {"source": "gold", "author": people[1]}
            make_annotation(question, whole, saved=at, active_seconds=seconds, **maker)
