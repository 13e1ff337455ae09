"""Opening and saving on the workbench, against bare views, with eight clients at once.

Prints ratios of times measured in the same rounds; the aim is 1.5 at most. Usage: ``python -m bench workbench``.
"""

import re
from collections.abc import Callable

from bench.site import Browser, Result, Server, prepare, rate, served, show, show_ratio

CLIENTS, ROUNDS, SECONDS = 8, 5, 2.0


class Annotator(Browser):
    """One annotator's browser, and the card that is being typed in."""

    def __init__(self, port: int, session: str, url: str, annotation: int, uid: str, answer: str) -> None:
        super().__init__(port, session)
        self.url, self.annotation, self.uid, self.answer = url, annotation, uid, answer
        self.version = 1

    def open(self) -> None:
        self.get(self.url)

    def bare_open(self) -> None:
        self.get(f"/bare/open/{self.annotation}/")

    def save(self) -> None:
        found = re.search(r'value="(\d+)" hx-swap-oob', self.post(f"{self.url}c/{self.uid}/", self.typed())[0])
        assert found
        self.version = int(found[1])

    def bare_save(self) -> None:
        self.post(f"/bare/save/{self.annotation}/{self.uid}/", self.typed())

    def typed(self) -> dict[str, object]:
        text = f"the men’s team, in association football, as far as it is known after {self.posts} words of thought"
        answers = {f"answers.{self.uid}": self.answer, f"answer.{self.answer}": "2010"}
        return {f"text.{self.uid}": text, f"version.{self.uid}": self.version} | answers

    def look(self) -> None:
        """Read the card's version anew: a bare save moves it."""
        from annotator.models import Condition

        versions = Condition.objects.filter(annotation=self.annotation, uid=self.uid)
        self.version = versions.values_list("version", flat=True).get()


ACTS: dict[str, Callable[[Annotator], None]] = {
    "open": Annotator.open,
    "bare open": Annotator.bare_open,
    "save": Annotator.save,
    "bare save": Annotator.bare_save,
}


def seed(port: int) -> list[Annotator]:
    """Make eight annotators, each with an annotation of four conditions and two citations each on twenty fragments."""
    from annotator.actions import claiming
    from bench import seeds
    from tests.conftest import make_question

    project, members = seeds.make_project({str(number): "annotator" for number in range(CLIENTS)})
    annotators = []
    for member in members:
        question = make_question(project.batches.get(), f"q{member.pk}", retrieval=seeds.make_list(project))
        annotation = claiming.take(member, question).annotation
        texts = {number: f"the case numbered {number} of those that the fragments tell apart" for number in range(1, 5)}
        cards = [seeds.condition(text, "2010", (at, at + 9), "11 July 2010") for at, text in texts.items()]
        seeds.write(annotation, cards)
        keys = (annotation.pk, cards[0].uid, cards[0].answers[0].uid)
        annotators.append(Annotator(port, seeds.session_of(member), f"/p/{project.slug}/q/{question.pk}/", *keys))
    return annotators


def measure(server: Server, annotators: list[Annotator]) -> dict[str, list[Result]]:
    """Let everybody do everything a few times, then each thing for a while in each round."""
    results: dict[str, list[Result]] = {name: [] for name in ACTS}
    for act in ACTS.values():
        for annotator in annotators * 3:
            act(annotator)
            annotator.look()
    for _round in range(ROUNDS):
        for name, act in ACTS.items():
            results[name].append(rate(server, annotators, act, SECONDS))
            for annotator in annotators:
                annotator.look()
    return results


def main() -> None:
    port = prepare()
    from django.db import connection

    annotators = seed(port)
    with served(port) as server:
        results = measure(server, annotators)
    print(f"workbench on {connection.vendor}, {CLIENTS} clients, medians of {ROUNDS} rounds of {SECONDS:g} s")
    for name, rounds in results.items():
        show(name, rounds)
    for name in ("open", "save"):
        show_ratio(f"{name} / bare {name}", results[name], results[f"bare {name}"], 1.5)


if __name__ == "__main__":
    main()
