"""What releases hold of a question, in its line of a ``full`` export: read, checked and stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from annotator import models
from annotator.exchange.whole.cells import finish, row_values
from annotator.exchange.whole.entries import Header, Values, is_known, once
from annotator.exchange.whole.frozen import check_question, check_step, check_work
from annotator.reading import Node

Step = tuple[int, int]
"""The place of an annotation among the question's, from 1, and the number of a step of its history."""


@dataclass(slots=True)
class ReleasedEntry:
    """A question of one release: the step of gold, and the steps of people's work with what is said of each."""

    release: str
    values: Values
    gold: Step
    work: list[tuple[Step, Values]]


def released_of(node: Node, header: Header) -> ReleasedEntry:
    values, release = row_values(node, models.ReleasedQuestion), node.string("release")
    is_known(node, "release", release, header, "release")
    gold = node.node("gold") or Node({}, node.at("gold"), [])
    found = ReleasedEntry(release, values, step_of(gold), [work_of(part) for part in node.nodes("work")])
    finish(gold)
    finish(node)
    return found


def work_of(node: Node) -> tuple[Step, Values]:
    found = step_of(node), row_values(node, models.ReleasedWork)
    finish(node)
    return found


def step_of(node: Node) -> Step:
    return node.integer("of", least=1) or 0, node.integer("number") or 0


def check_released(node: Node, entries: Sequence[ReleasedEntry], histories: Sequence[Mapping[int, object]]) -> None:
    """Complain of what no release could hold; ``histories`` are the whole steps of each annotation by their numbers."""
    once(node, "releases", [entry.release for entry in entries])
    for index, entry in enumerate(entries):
        own = Node(entry.values, node.at(f"releases[{index}]"), node.problems)
        check_question(own)
        once(node, f"releases[{index}].work", [step for step, _about in entry.work])
        check_steps(own, "gold", entry.gold, histories)
        for place, (step, values) in enumerate(entry.work):
            check_work(Node(values, own.at(f"work[{place}]"), node.problems))
            check_steps(own, f"work[{place}]", step, histories)


def check_steps(node: Node, key: str, step: Step, histories: Sequence[Mapping[int, object]]) -> None:
    of, number = step
    if not 1 <= of <= len(histories) or number not in histories[of - 1]:
        node.complain(key, "names no step by which one of the question’s annotations was handed in")
    else:
        check_step(node, key, histories[of - 1][number])


def create_released(
    releases: dict[str, models.Release],
    written: Sequence[tuple[models.Question, Sequence[ReleasedEntry], Sequence[models.Annotation]]],
) -> None:
    """Write what the releases hold of stored questions, each with its annotations in order. Three statements."""
    annotations = [row.pk for _question, entries, rows in written if entries for row in rows]
    known = models.Revision.objects.filter(annotation__in=annotations).values_list("annotation", "number", "pk")
    steps = {(annotation, number): pk for annotation, number, pk in known}

    def key(rows: Sequence[models.Annotation], step: Step) -> int:
        return steps[rows[step[0] - 1].pk, step[1]]

    made = [
        (
            models.ReleasedQuestion(
                release=releases[entry.release], question=question, gold_id=key(rows, entry.gold), **entry.values
            ),
            entry,
            rows,
        )
        for question, entries, rows in written
        for entry in entries
    ]
    models.ReleasedQuestion.objects.bulk_create(row for row, _entry, _rows in made)
    models.ReleasedWork.objects.bulk_create(
        models.ReleasedWork(question=row, revision_id=key(rows, step), **about)
        for row, entry, rows in made
        for step, about in entry.work
    )
