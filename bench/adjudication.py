"""Opening the adjudication screen of five people's six conditions, against the workbench of the same questions.

Eight adjudicators and eight annotators, one of each to a question. Prints the ratio of times measured in the same
rounds, which should be 2 at most, and that of the very first openings, when a process has kept nothing yet. Usage:
``python -m bench adjudication``.
"""

import time
from statistics import median

from bench.site import Browser, Result, Server, prepare, rate, served, show, show_ratio

QUESTIONS, PEOPLE, ROUNDS, SECONDS = range(8), 5, 5, 2.0


class Seat(Browser):
    """A browser, and the page that it opens again and again."""

    def __init__(self, port: int, session: str, url: str) -> None:
        super().__init__(port, session)
        self.url = url

    def open(self) -> None:
        self.get(self.url)

    def first(self) -> float:
        """Open the page and return how many milliseconds that took."""
        began = time.perf_counter()
        self.open()
        return (time.perf_counter() - began) * 1000


def seed(port: int) -> list[tuple[Seat, Seat]]:
    """Return for each question an adjudicator's browser, and that of an annotator who is still at work on it."""
    from annotator.actions import claiming, submitting, taking_up
    from annotator.models import Question
    from bench import seeds
    from tests.conftest import make_question

    people = {f"annotator-{number}": "annotator" for number in range(PEOPLE + 1)}
    project, members = seeds.make_project(people | {f"adjudicator-{number}": "adjudicator" for number in QUESTIONS})
    late, seats = members[PEOPLE], []
    for number, adjudicator in zip(QUESTIONS, members[PEOPLE + 1 :], strict=True):
        lines = seeds.make_list(project)
        question = make_question(project.batches.get(), f"q{number}", retrieval=lines, overlap=PEOPLE)
        for place, member in enumerate(members[:PEOPLE]):
            submitting.submit(seeds.write(claiming.take(member, question).annotation, seeds.cards(place)), member)
        taking_up.open_question(adjudicator, question)
        Question.objects.filter(pk=question.pk).update(overlap=PEOPLE + 1)
        seeds.write(claiming.take(late, question).annotation, seeds.cards(0))
        pages = (("adjudicate", adjudicator), ("q", late))
        first, second = (
            Seat(port, seeds.session_of(one), f"/p/{project.slug}/{page}/{question.pk}/") for page, one in pages
        )
        seats.append((first, second))
    return seats


def main() -> None:
    port = prepare()
    from django.db import connection

    seats = seed(port)
    adjudicators, annotators = (list(column) for column in zip(*seats, strict=True))
    with served(port) as server:
        cold = [(one.first(), other.first()) for one, other in seats]
        results = measure(server, {"adjudicate": adjudicators, "workbench": annotators})
    print(f"adjudication screen on {connection.vendor}, {PEOPLE} people × 6 conditions, medians of {ROUNDS} rounds")
    for name, rounds in results.items():
        show(name, rounds)
    show_ratio("adjudicate / workbench", results["adjudicate"], results["workbench"], 2)
    print(f"  opened first {median(one for one, _ in cold):.0f} ms and {median(other for _, other in cold):.0f} ms")


def measure(server: Server, seats: dict[str, list[Seat]]) -> dict[str, list[Result]]:
    """Open every page a few times, then each kind for a while in each round."""
    results: dict[str, list[Result]] = {name: [] for name in seats}
    for seat in [seat for column in seats.values() for seat in column * 5]:
        seat.open()
    for _round in range(ROUNDS):
        for name, column in seats.items():
            results[name].append(rate(server, column, Seat.open, SECONDS))
    return results


if __name__ == "__main__":
    main()
