"""A word that must not be heard by whoever still may get the question on which it was written."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

from django.db import transaction
from django.test import Client
from django.utils import timezone

from annotator import standing
from annotator.actions import saving
from annotator.actions.saving import Save
from annotator.actions.supplementing import supplement
from annotator.models import Annotation, Assignment, Condition, Import, Look, System
from retrieval.fragments import NewFragment, store_fragments
from retrieval.models import Corpus
from scoring.models import Evaluation, Proposal, Sample
from scoring.summing import sum_up
from tests.scoring.judges.samples import add_scored, make_evaluation, make_sample

CANARY = "canary"


def write_canary(assignment: Assignment) -> None:
    """Let Ann's work sing wherever it has words."""
    annotation = assignment.annotation
    assert annotation is not None
    saving.add_condition(annotation, "card", Save(assignment.member, None, 1))
    condition = Condition.objects.get(annotation=annotation)
    Condition.objects.filter(pk=condition.pk).update(text=CANARY)
    answer = condition.answers.create(uid="answer", order=1, text=CANARY, aliases=[CANARY])
    condition.citations.create(uid="citation", order=1, answer=answer, title=CANARY, text=CANARY)
    Annotation.objects.filter(pk=annotation.pk).update(note=CANARY, reason=CANARY)
    Assignment.objects.filter(pk=assignment.pk).update(reason=CANARY)
    annotation.revisions.update(record={"text": CANARY})
    annotation.notes.create(author=assignment.member, at=timezone.now(), text=CANARY)
    add_canary(annotation)
    standing.kept.clear()  # no verb wrote it, so what was read before would stay mute


def add_canary(annotation: Annotation) -> None:
    """Let what Ann has looked up sing, and what she has added."""
    corpus = Corpus.objects.get_or_create(slug="birds", defaults={"name": "Birds"})[0]
    ids = store_fragments(corpus, [NewFragment("A bird", CANARY)])
    annotation.lookups.create(query=CANARY, at=timezone.now(), hits=1, engine=CANARY)
    supplement(annotation, corpus.fragments.get(pk__in=ids.values()))


def release_canary(assignment: Assignment, tag: str, **said: Any) -> None:
    """Release what Ann has written under a tag, as gold that came in by a file and says so, and as her own work."""
    question, project, now = assignment.question, assignment.member.project, timezone.now()
    imported = project.imports.first() or Import.objects.create(project=project, name="b.json", size=1, created=now)
    made = {"source": "gold", "brought_by": imported}
    gold, _new = Annotation.objects.get_or_create(question=question, **made, defaults={"created": now, "saved": now})
    record = said | {"conditions": [{"uid": "c", "text": f"{CANARY} {tag}"}]}
    steps = [
        row.revisions.create(number=row.revisions.count() + 20, at=now, verb="submit", record=record)
        for row in (gold, assignment.annotation)
    ]
    gone = [{"batch": "b", "id": "q", "reason": CANARY}]
    texts = {"README.md": "---\n---\n# A card", "corpora.jsonl": ""}
    release = project.releases.create(
        tag=tag, previous=project.releases.first(), created=now, texts=texts, withdrawn=gone
    )
    about = {"id": question.external_id, "batch": question.batch.name, "question": question.text, "listed": 5}
    released = release.questions.create(question=question, gold=steps[0], place=1, split="test", about=about)
    released.work.create(revision=steps[1], about={"annotator": assignment.member.pseudonym})


def evaluate_canary(assignment: Assignment) -> tuple[Evaluation, list[System], Proposal]:
    """Score two systems against Ann’s words in gold’s place; one says the same, and that is proposed for gold."""
    question, project, now = assignment.question, assignment.member.project, timezone.now()
    record = {"conditions": [{"uid": "c", "text": CANARY, "answers": [{"uid": "a", "text": CANARY}]}]}
    gold = Annotation.objects.get(question=question, source="gold")
    step = gold.revisions.create(number=90, at=now, verb="submit", record=record)
    values = {"judge": "overlap", "judge_version": "1", "alignment": "optimal", "primary": "answer_f1", "code": "1"}
    number = project.evaluations.count() + 1
    evaluation = Evaluation.objects.create(project=project, number=number, created=now, draws=10, seed=1, **values)
    asked = evaluation.questions.create(
        question=question, place=1, text=question.text, gold=step, answerable=True, conditions=1
    )
    systems = [project.systems.create(name=name) for name in ("echo", "silence")]
    said = question.annotations.create(source="prediction", system=systems[0], created=now, saved=now)
    steps = [said.revisions.create(number=1, at=now, verb="import", record=record), None]
    for place, (system, revision) in enumerate(zip(systems, steps, strict=True)):
        evaluation.systems.create(system=system, place=place)
        asked.scores.create(system=system, revision=revision, figures={"answer_f1": float(revision is not None)})
    sum_up(evaluation)
    words = {"text": CANARY, "note": CANARY, "by": project.members.get(role="manager"), "at": now}
    proposal = question.proposals.create(revision=steps[0], condition="c", **words)
    return evaluation, systems, proposal


def sample_canary(assignment: Assignment) -> Sample:
    """Let what Ann has written be gold that a system is evaluated against, and a pair of it be rated."""
    evaluation = make_evaluation(assignment.member.project)
    score = add_scored(evaluation, assignment.question, [(CANARY, CANARY)], [("said", "said")], 0.5)
    sample = make_sample(evaluation, score, 0.5, texts=(CANARY, CANARY))
    sample.pairs.get().ratings.create(member=assignment.member, value=5, at=timezone.now())
    return sample


def ask(client: Client, method: str, path: str, form: dict[str, str]) -> tuple[Any, bool]:
    """Return the answer, and whether it hides what Ann wrote or tells it to who has thereby looked, with nothing open.

    Whatever the request changed is taken back.
    """
    with transaction.atomic():
        response: Any = client.get(path, form) if method == "GET" else client.post(path, form)
        sings = CANARY.encode() in unpacked(response.getvalue())
        looked = Look.objects.filter(member__user=client.session.get("_auth_user_id"))
        unseen = not sings or looked.exclude(member__assignments__state__in=Assignment.OPEN).exists()
        transaction.set_rollback(True)
    return response, unseen


def unpacked(body: bytes) -> bytes:
    """Return what a response says, the files of a zip one after another."""
    if not body.startswith(b"PK"):
        return body
    with ZipFile(BytesIO(body)) as archive:
        return b"".join(map(archive.read, archive.namelist()))
