"""The whole cycle of a task with eight annotators at once: claim, open, save twice, submit.

Each question has a list of its own and is asked of two people. Prints tasks a second, and how much longer a task takes
than its bare views in a row: a bare claim, a bare open, two bare saves and a bare submission. The bare open has its
context in memory, where the cycle's is always the first of a list that the process has not rendered yet. The aim is
100 tasks a second on two cores, the load among them: 500 requests of 4 ms of the processor each, browsers included.
Usage: ``python -m bench cycle``.
"""

import re
from itertools import count

from bench.site import Browser, Result, Server, prepare, rate, served, show, show_ratio

CLIENTS, ROUNDS, SECONDS = 8, 5, 2.0
QUESTIONS, BARE = 800, 3000


class Annotator(Browser):
    """One annotator's browser."""

    def __init__(self, port: int, session: str, project: str) -> None:
        super().__init__(port, session)
        self.project, self.cards = project, count(1)

    def cycle(self) -> None:
        """Do one task from the first click to the last."""
        url = self.post(f"/p/{self.project}/claim/", {})[1]
        assert "/q/" in url, f"the queue is empty: {url}"
        self.get(url)
        uid = f"{self.session[:12]}-{next(self.cards)}"
        card = re.search(rf'name="answers.{uid}" value="(\w+)"', self.post(f"{url}c/", {"uid": uid, "version": 1})[0])
        assert card
        self.post(f"{url}c/{uid}/", typed(uid, card[1], 1) | {f"cite.{uid}": 3})
        done = {"version": 1, "verdict": "unambiguous", "do": "submit", "seconds": 0}  # a script reports its own
        assert self.post(url, typed(uid, card[1], 2) | done)[1] not in (url, f"{url}?refused")


class Bare(Browser):
    """As much with the bare views: each claim has a question of its own, the rest one annotation again and again."""

    def __init__(self, port: int, session: str, annotation: int, uid: str, questions: list[int]) -> None:
        super().__init__(port, session)
        self.annotation, self.uid, self.questions = annotation, uid, questions

    def cycle(self) -> None:
        self.post(f"/bare/claim/{self.questions.pop()}/", {})
        self.get(f"/bare/open/{self.annotation}/")
        said = typed(self.uid, "answer", 1)
        self.post(f"/bare/save/{self.annotation}/{self.uid}/", said)
        self.post(f"/bare/save/{self.annotation}/{self.uid}/", said)
        self.post(f"/bare/submit/{self.annotation}/", said)


def typed(uid: str, answer: str, version: int) -> dict[str, object]:
    """Return a card as the form has it."""
    said = {f"text.{uid}": "the men’s team, in association football", f"answer.{answer}": "2010"}
    return {"card": uid, f"version.{uid}": version, f"answers.{uid}": answer} | said


def seed(port: int) -> tuple[list[Annotator], list[Bare]]:
    """Make the annotators and their questions, and those of the bare views."""
    from annotator.actions import claiming
    from bench import seeds

    people = {str(number): "annotator" for number in range(CLIENTS)}
    project, members = seeds.make_project(people)
    seeds.make_questions(project, QUESTIONS)
    aside, others = seeds.make_project(people)
    spare, bare = seeds.make_questions(aside, BARE), []
    for number, member in enumerate(others):
        card = seeds.condition("the men’s team", "2010", (1,))
        work = seeds.write(claiming.take(member, spare[number]).annotation, [card])
        questions = [question.pk for question in spare[number + CLIENTS :: CLIENTS]]
        bare.append(Bare(port, seeds.session_of(member), work.pk, card.uid, questions))
    return [Annotator(port, seeds.session_of(member), project.slug) for member in members], bare


def measure(server: Server, annotators: list[Annotator], bare: list[Bare]) -> tuple[list[Result], list[Result]]:
    """Let everybody do either a few times, then for a while in each round."""
    for annotator, other in zip(annotators * 3, bare * 3, strict=True):
        annotator.cycle()
        other.cycle()
    rounds = [
        (rate(server, annotators, Annotator.cycle, SECONDS), rate(server, bare, Bare.cycle, SECONDS))
        for _round in range(ROUNDS)
    ]
    return [ours for ours, _bare in rounds], [bare for _ours, bare in rounds]


def main() -> None:
    port = prepare()
    from django.db import connection

    annotators, bare = seed(port)
    with served(port) as server:
        ours, least = measure(server, annotators, bare)
    print(f"cycle on {connection.vendor}, {CLIENTS} annotators, medians of {ROUNDS} rounds of {SECONDS:g} s")
    show("cycle", ours)
    show("bare cycle", least)
    show_ratio("cycle / bare cycle", ours, least)


if __name__ == "__main__":
    main()
