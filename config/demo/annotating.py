"""The demo's annotations, each written by the verbs of the workbench, card by card."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from annotator import record, rows
from annotator.actions import adopting, claiming, saving, submitting
from annotator.actions.saving import Overall, Save
from annotator.models import Annotation, Assignment, Member, Question
from config.demo.times import When, count_time, said_to_be


@transaction.atomic
def do_work(question: Question, member: Member, work: dict[str, Any]) -> None:
    """Do what a person did on a question, unless they have it already or nobody can claim it any more."""
    if member.assignments.filter(question=question).exists():
        return
    when = When.of(work)
    with said_to_be(when):
        try:
            assignment = claiming.take(member, question)
        except claiming.NoSlot:
            return
        desk = Desk.of(assignment)
        desk.write(work)
        end(desk, work)
    count_time(desk.annotation, member, when)


def end(desk: "Desk", work: dict[str, Any]) -> None:
    """Hand the work in, skip it, or let its lease end; work in progress stays open."""
    if work["state"] == "submitted":
        submitting.submit(desk.annotation, desk.assignment.member)
    if work["state"] == "skipped":
        claiming.skip(desk.assignment, work["reason"])
    if work["state"] == "expired":
        slot = Assignment.objects.filter(pk=desk.assignment.pk)
        slot.update(lease_until=timezone.now())
        claiming.lapse_one(slot.ended())
    if "adopts" in work:
        desk.adopt(**work["adopts"])


@dataclass
class Desk:
    """An annotation being written, and the list it may cite: per source id, rank, key and text."""

    assignment: Assignment
    annotation: Annotation
    places: dict[str, tuple[int, int, str]]

    @classmethod
    def of(cls, assignment: Assignment) -> "Desk":
        retrieval = assignment.question.retrieval
        lines = retrieval.listed.select_related("fragment") if retrieval else []
        places = {str(line.fragment.source_id): (line.rank, line.pk, line.fragment.text) for line in lines}
        return cls(assignment, fetched(assignment), places)

    def write(self, work: dict[str, Any]) -> None:
        """Write the cards one by one, then what is said of the whole, then the marks."""
        for card in work["conditions"]:
            self.write_card(card)
        self.annotation = fetched(self.assignment)
        verdict = record.Verdict(work["verdict"]) if work["verdict"] else None
        reason = "" if work["state"] == "skipped" else work["reason"]
        order = saving.overall_of(self.annotation).order
        saving.save_overall(self.annotation, Overall(verdict, reason, work["note"], order), self.save(1))
        self.annotation = fetched(self.assignment)
        marked = {name: state for state in record.MarkState for name in work[state.value] if name in self.places}
        saving.mark(self.annotation, {self.places[name][1]: state for name, state in marked.items()})

    def write_card(self, card: dict[str, Any]) -> None:
        row = saving.add_condition(self.annotation, record.new_uid(), self.save(1))
        answers = tuple(record.Answer(text=part["text"], aliases=tuple(part["aliases"])) for part in card["answers"])
        citations = tuple(self.citation(part) for part in card["citations"])
        wanted = rows.with_uids(record.Condition(row.uid, card["condition"], answers, citations))
        lines = rows.lines_of(self.annotation.question)
        saving.save_condition(self.annotation, wanted, self.save(row.version), lines)

    def citation(self, part: dict[str, Any]) -> record.Citation:
        """Return the citation of a listed fragment, with the place of its quote."""
        rank, _key, text = self.places[part["fragment"]]
        role, quote = record.Role(part["role"]), part["quote"]
        if not quote:
            return record.Citation(role=role, rank=rank)
        start = text.index(quote)
        return record.Citation(role=role, rank=rank, start=start, end=start + len(quote), quote=quote)

    def adopt(self, system: str, condition: int) -> None:
        """Take the submitted work back, adopt a condition of a system's draft, which is shown by now, and submit."""
        member = self.assignment.member
        submitting.reopen(fetched(self.assignment), member)
        drafts = Annotation.objects.filter(question=self.assignment.question, source="draft", system__name=system)
        draft = drafts.get()
        card = draft.conditions.all()[condition - 1]
        adopting.adopt(fetched(self.assignment), draft.pk, card.uid, record.new_uid(), self.save(1))
        submitting.submit(fetched(self.assignment), member)

    def save(self, version: int) -> Save:
        return Save(self.assignment.member, None, version)


def fetched(assignment: Assignment) -> Annotation:
    """Return the assignment's annotation as the saves want it."""
    question = assignment.question
    whole = Annotation.objects.of_question(question.batch.project.slug, question.pk).with_conditions()
    return whole.get(assignment=assignment)
