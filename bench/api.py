"""Lists of the API beside the bare query and JSON, and page 1,000 beside page 1, in one process.

Prints ratios of medians over rounds in which each takes its turn: the list of questions, and the nested read of
annotations with six conditions each. Usage: ``python -m bench api``.
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any

from bench.site import prepare

QUESTIONS, ANNOTATIONS, PAGE, ROUNDS = 50_000, 50, 50, 40
FIELDS = (
    *("id", "batch__name", "external_id", "text", "stage", "sees", "retrieval", "overlap", "taken", "priority", "tags"),
    *("split", "source_dataset", "source_id", "source_split", "licence"),
)


def seed() -> Any:
    """Return a manager of a project with many questions, who has looked at fifty that somebody annotated."""
    from django.utils import timezone

    from annotator.actions import claiming, looking
    from annotator.models import Question
    from bench import seeds
    from tests.conftest import make_question

    project, (mo, *people) = seeds.make_project({"mo": "manager", "ann": "annotator"})
    batch, lines, now = project.batches.get(), seeds.make_list(project), timezone.now()
    for number in range(ANNOTATIONS):
        question = make_question(batch, f"q{number}", retrieval=lines)
        seeds.write(claiming.take(people[0], question).annotation, seeds.cards(0))
        looking.look(mo, question)
    Question.objects.bulk_create(
        (
            Question(batch=batch, external_id=f"r{n}", text=f"Question {n}?", order=n, retrieval=lines, created=now)
            for n in range(ANNOTATIONS + 1, QUESTIONS + 1)
        ),
        batch_size=1000,
    )
    return mo


def bare_questions(mo: Any) -> bytes:
    """Return a page of questions by the same query, as JSON."""
    from annotator.models import Question

    found = Question.objects.filter(batch__project=mo.project_id).staged().with_sight(mo.user)
    rows = found.order_by("batch_id", "order").values(*FIELDS)[: PAGE + 1]
    return json.dumps(list(rows)).encode()


def bare_annotations(mo: Any) -> bytes:
    """Return a page of annotations by the same queries, as JSON by the codec."""
    from annotator import rows
    from annotator.api.questions import shown_annotations
    from annotator.codec import to_json
    from annotator.models import Annotation, Question

    seen = Question.objects.not_blind_for(mo.user).filter(batch__project=mo.project_id)
    found = shown_annotations(Annotation.objects.filter(question__in=seen.values("pk"))).order_by("pk")
    return json.dumps([to_json(rows.annotation_record(one)) for one in found[: PAGE + 1]]).encode()


@dataclass(frozen=True, slots=True)
class Taken:
    """How many milliseconds something took, by the clock and of the processor; others may be busy on the machine."""

    clock: float
    processor: float


def taking(act: Callable[[], object]) -> Taken:
    before, began = time.process_time(), time.perf_counter()
    act()
    return Taken((time.perf_counter() - began) * 1000, (time.process_time() - before) * 1000)


def ratio(first: Sequence[Taken], second: Sequence[Taken]) -> str:
    """Return the median over the rounds of how much longer the one took than the other in the same round."""
    pairs = list(zip(first, second, strict=True))
    clock = median(one.clock / other.clock for one, other in pairs)
    processor = median(one.processor / other.processor for one, other in pairs)
    return f"{clock:.2f}, of the processor {processor:.2f}"


def main() -> None:
    prepare()
    from django.conf import settings
    from django.db import connection

    from annotator.api.paging import cursor_at
    from annotator.models import Question
    from tests.api.calls import calling

    settings.API_CALLS_PER_MINUTE = 0
    settings.ALLOWED_HOSTS = ["testserver"]
    mo = seed()
    client, path = calling(mo, "read"), f"/api/projects/{mo.project.slug}/"
    row = Question.objects.get(batch__project=mo.project, order=PAGE * 999)
    far = cursor_at(row, ["batch_id", "order"])

    def read(address: str) -> None:
        assert len(client.get(path + address).json()["results"]) == PAGE

    acts: dict[str, Callable[[], object]] = {
        "questions, bare": partial(bare_questions, mo),
        "questions, page 1": partial(read, "questions/"),
        "questions, page 1,000": partial(read, f"questions/?cursor={far}"),
        "annotations, bare": partial(bare_annotations, mo),
        "annotations": partial(read, "annotations/"),
    }
    for act in acts.values():
        act()
    times: dict[str, list[Taken]] = {name: [] for name in acts}
    for _round in range(ROUNDS):
        for name, act in acts.items():
            times[name].append(taking(act))
    print(f"API on {connection.vendor}, {QUESTIONS:,} questions, pages of {PAGE}, medians of {ROUNDS} rounds")
    for name, found in times.items():
        clock, processor = (median(getattr(one, figure) for one in found) for figure in ("clock", "processor"))
        print(f"  {name:24} {clock:7.1f} ms, {processor:7.1f} ms of the processor")
    print(f"  list / bare: {ratio(times['questions, page 1'], times['questions, bare'])}")
    print(f"  nested / bare: {ratio(times['annotations'], times['annotations, bare'])}")
    print(
        f"  page 1,000 / page 1: {ratio(times['questions, page 1,000'], times['questions, page 1'])} (aim at most 1.1)"
    )


if __name__ == "__main__":
    main()
