"""Adopting from a draft: one of its cards becomes one of the person's own, and where it came from is kept."""

from dataclasses import dataclass

from django.db import IntegrityError
from django.db.models import Exists, OuterRef, TextField, Value
from django.db.models.functions import Cast, Concat, StrIndex

from annotator import record, rows
from annotator.actions.history import Conflict, Step, Verb, append, stepping
from annotator.actions.saving import Save, add_row, stored_cards
from annotator.desk import Fragments, fragments_of, works_of
from annotator.models import Adoption, Annotation, Answer, Citation, Condition, Project, Revision

# Holds of an answer or a citation whose uid is one of those that its condition was adopted with.
DRAFTED = Exists(
    Adoption.objects.annotate(
        place=StrIndex(Cast("parts", TextField()), Concat(Value('"'), OuterRef("uid"), Value('":')))
    )
    .filter(annotation=OuterRef("condition__annotation"), condition=OuterRef("condition__uid"), place__gt=0)
    .order_by()
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft that is shown beside a person's own work: its conditions over the question's list."""

    row: Annotation
    record: record.Annotation
    adopted: frozenset[str]


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the parts that people submitted came from drafts, and how many conditions were edited since."""

    parts: int
    adopted: int
    edited: int

    @property
    def percent(self) -> float:
        return 100 * self.adopted / (self.parts or 1)


def drafts_beside(annotation: Annotation) -> list[Draft]:
    """Return the drafts that the author of an annotation sees. Two queries and what is not kept."""
    if not annotation.drafted:
        return []
    shown = Annotation.objects.drafts_shown_to(annotation).select_related("question", "system")
    drafts = list(shown.order_by("system__name", "sample", "pk"))
    fragments = fragments_shown(annotation) if drafts else {}
    adopted = set(annotation.adoptions.values_list("draft", "uid")) if drafts else set()
    return [
        Draft(row, work.record, frozenset(uid for draft, uid in adopted if draft == row.pk))
        for row, work in zip(drafts, works_of(drafts, fragments), strict=True)
    ]


def fragments_shown(annotation: Annotation) -> Fragments:
    """Return which fragment stands where, of what was added only what the author added: drafts tell of no other's."""
    own = set(annotation.supplements.values_list("listed__fragment", flat=True))
    found = fragments_of(annotation.question)
    return {place: fragment for place, fragment in found.items() if not place[0] or fragment in own}


def adopt(annotation: Annotation, draft: int, uid: str, own: str, save: Save) -> None:
    """Make a draft's card one of the annotation's, under the uid ``own``. A repeat changes nothing.

    Raises Conflict where the draft has no such card or is not shown, NotOpen, and BadInput where there are too many.
    """
    if stored_cards(annotation).filter(uid=own).exists():
        return
    found = next((one for one in drafts_beside(annotation) if one.row.pk == draft), None)
    card = found.record.condition(uid) if found else None
    if found is None or card is None:
        raise Conflict
    copy, parts = copied(card, own)
    origin = {"draft": found.row, "revision": found.row.revisions_made, "uid": uid, "parts": parts}
    try:
        with stepping(annotation):
            append(annotation, Step(Verb.ADOPT, save.by, copy, own, save.id, 1))
            add_row(annotation, copy, rows.lines_of(annotation.question))
            Adoption.objects.create(annotation=annotation, condition=own, **origin)
    except IntegrityError as twice:
        raise Conflict from twice


def copied(card: record.Condition, own: str) -> tuple[record.Condition, dict[str, str]]:
    """Return a card under new uids, and which part came from which; citations that name no fragment stay behind."""
    answers = {part.uid: record.Answer(record.new_uid(), part.text, part.aliases) for part in card.answers}
    listed = [part for part in card.citations if part.rank is not None]
    citations = {part.uid: record.new_uid() for part in listed}
    cited = tuple(
        record.Citation(
            uid=citations[part.uid],
            role=part.role,
            rank=part.rank,
            supplementary=part.supplementary,
            answer=answers[part.answer].uid if part.answer else None,
            start=part.start,
            end=part.end,
            quote=part.quote,
        )
        for part in listed
    )
    parts = {part.uid: uid for uid, part in answers.items()} | {new: uid for uid, new in citations.items()}
    return record.Condition(own, card.text, tuple(answers.values()), cited), parts


def share_of(project: Project) -> Share | None:
    """Return how much of what people submitted came from drafts, None where nothing was drafted.

    Eight queries that count in the database: a project has a hundred thousand parts.
    """
    if not Annotation.objects.filter(question__batch__project=project, source="draft").exists():
        return None
    work = Annotation.objects.filter(question__batch__project=project, source="human").submitted()
    conditions = Condition.objects.filter(annotation__in=work, removed=False)
    answers = Answer.objects.filter(condition__in=conditions)
    citations = Citation.objects.filter(condition__in=conditions)
    adopted = conditions.filter(
        Exists(Adoption.objects.filter(annotation=OuterRef("annotation"), condition=OuterRef("uid")))
    )
    edits = Revision.objects.filter(annotation=OuterRef("annotation"), condition=OuterRef("uid"), verb=Verb.CARD)
    return Share(
        parts=sum(found.count() for found in (conditions, answers, citations)),
        adopted=sum(found.count() for found in (adopted, answers.filter(DRAFTED), citations.filter(DRAFTED))),
        edited=adopted.filter(Exists(edits.order_by())).count(),
    )
