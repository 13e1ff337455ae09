"""Ann's and Bo's submitted work on one question, and Cy's desk with it."""

from collections.abc import Callable
from typing import Any

import pytest

from annotator import record, rows
from annotator.actions import claiming, history, saving, submitting, taking_up
from annotator.actions.history import Step, Verb
from annotator.actions.returning import return_to_author
from annotator.actions.saving import Save
from annotator.aligned import Row
from annotator.desk import Desk, desk_of
from annotator.models import Annotation, Member, Question
from tests.browser.workbench import condition

MEN = condition("men", "The men’s team, in association football", "2010", cites=(1,))
WOMEN = condition("women", "The women’s team, in association football", "2023", cites=(2,))
BASKET = condition("basket", "The men’s team, in basketball", "2006", "2019", cites=(3,))
MEN_TOO = condition("men-2", "The men’s team in association football, FIFA World Cup", "2010", cites=(1, 4))
WOMEN_TOO = condition("women-2", "The women’s team in association football", "2023", cites=(2,))
ANN, BO = (MEN, WOMEN, BASKET), (MEN_TOO, WOMEN_TOO)


def handed_in(member: Member, question: Question, *conditions: record.Condition, **said: Any) -> Annotation:
    """Let a member submit these conditions."""
    work = claiming.take(member, question).annotation
    verdict = said.get("verdict", record.Verdict.AMBIGUOUS)
    Annotation.objects.filter(pk=work.pk).update(verdict=verdict.value)
    rows.create_conditions([(work, record.Annotation(conditions=conditions), rows.lines_of(question))])
    history.append(work, Step(Verb.IMPORT, None, record.Annotation(verdict, conditions=conditions)))
    submitting.submit(Annotation.objects.select_related("question", "assignment").get(pk=work.pk), member)
    return Annotation.objects.get(pk=work.pk)


def say_anew(work: Annotation, author: Member, by: Member, card: record.Condition) -> None:
    """Let work be returned, and handed in again with another condition."""
    fetched = Annotation.objects.select_related("question__batch__project", "assignment")
    return_to_author(fetched.get(pk=work.pk), by, "Say it more clearly.")
    saving.save_condition(fetched.get(pk=work.pk), card, Save(author, None, 1), {})
    submitting.submit(fetched.get(pk=work.pk), author)


@pytest.fixture
def hand_in() -> Callable[..., Annotation]:
    return handed_in


class Judging:
    """Cy at the desk of one question: what stands, and the verbs with the step that was seen last."""

    def __init__(self, question: Question, by: Member) -> None:
        self.question, self.by, self.saves = question, by, 0

    def open(self) -> "Judging":
        taking_up.open_question(self.by, self.question)
        return self

    @property
    def desk(self) -> Desk:
        return desk_of(Question.objects.select_related("batch__project", "retrieval").get(pk=self.question.pk))

    @property
    def gold(self) -> record.Annotation:
        return self.desk.said.record

    @property
    def save(self) -> Save:
        self.saves += 1
        return Save(self.by, f"save-{self.saves}", self.desk.gold.revisions_made)

    def row(self, uid: str) -> Row:
        return next(row for row in self.desk.rows if uid in {part.uid for part in row.parts})

    def rows(self) -> list[list[str]]:
        return sorted(sorted(part.uid for part in row.parts) for row in self.desk.rows)

    def do(self, verb: Callable[..., Any], uid: str, *more: Any) -> Any:
        return verb(self.desk, self.save, self.row(uid).key, *more)

    def states(self) -> dict[str, str]:
        return {min(part.uid for part in row.parts): row.state for row in self.desk.rows}


@pytest.fixture
def submitted(ann, bo, question, hand_in) -> tuple[Annotation, Annotation]:
    """Ann's and Bo's work: they agree on men and women, and Ann alone has basketball."""
    return hand_in(ann, question, *ANN), hand_in(bo, question, *BO)


@pytest.fixture
def judging(submitted, question, cy) -> Judging:
    return Judging(question, cy).open()
