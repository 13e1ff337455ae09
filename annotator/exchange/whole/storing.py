"""The entries of a ``full`` export into rows: the header once, then questions by the chunk."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from annotator import models, rows
from annotator.exchange.storing import lines_of_all
from annotator.exchange.whole.entries import Entry, Header
from annotator.exchange.whole.questions import AnnotationEntry, ListEntry, QuestionEntry
from annotator.exchange.whole.releases import create_released
from annotator.supplement_numbers import drawn, mark_of
from retrieval.fragments import store_fragments
from retrieval.freezing import Line, NewList, freeze_many
from retrieval.models import Corpus, Retrieval

Written = tuple[models.Annotation, AnnotationEntry, QuestionEntry]


@dataclass(slots=True)
class Places:
    """The rows of a project by the names that a file calls them; None is called None."""

    members: dict[str | None, models.Member]
    guidelines: dict[int | None, models.GuidelineVersion]
    batches: dict[str | None, models.Batch]
    systems: dict[str | None, models.System]
    imports: dict[int | None, models.Import]
    corpora: dict[str, Corpus]
    releases: dict[str, models.Release]


def create_header(project: models.Project, header: Header) -> Places:
    """Write what the header holds besides the project itself."""
    members = create(models.Member, header.members, project=project)
    by_name: dict[str | None, models.Member] = {member.pseudonym: member for member in members}
    guidelines = [
        models.GuidelineVersion(project=project, by=by_name.get(entry.names["by"]), **entry.values)
        for entry in header.guidelines
    ]
    models.GuidelineVersion.objects.bulk_create(guidelines)
    by_number: dict[int | None, models.GuidelineVersion] = {version.number: version for version in guidelines}
    create_consents(project, header, by_name)
    batches = [
        models.Batch(project=project, guideline_version=by_number.get(entry.names["guidelines"]), **entry.values)
        for entry in header.batches
    ]
    models.Batch.objects.bulk_create(batches)
    systems = create(models.System, header.systems, project=project)
    batch_by_name: dict[str | None, models.Batch] = {batch.name: batch for batch in batches}
    imports = [
        models.Import(
            project=project,
            batch=batch_by_name.get(entry.names["batch"]),
            by=by_name.get(entry.names["by"]),
            **entry.values,
        )
        for entry in header.imports
    ]
    models.Import.objects.bulk_create(imports)
    models.WorkDay.objects.bulk_create(
        models.WorkDay(member=by_name[day.names["member"]], batch=batch_by_name[day.names["batch"]], **day.values)
        for day in header.days
    )
    return Places(
        members=by_name,
        guidelines=by_number,
        batches=batch_by_name,
        systems={system.name: system for system in systems},
        imports=dict(enumerate(imports, 1)),
        corpora=corpora_of(header),
        releases=create_releases(project, header, by_name),
    )


def create_releases(
    project: models.Project, header: Header, members: dict[str | None, models.Member]
) -> dict[str, models.Release]:
    """Write the releases, oldest first, since each names the one before."""
    found: dict[str, models.Release] = {}
    for entry in header.releases:
        leads = {"previous": found.get(entry.names["previous"]), "by": members.get(entry.names["by"])}
        found[entry.values["tag"]] = models.Release.objects.create(project=project, **leads, **entry.values)
    return found


def create_consents(project: models.Project, header: Header, members: dict[str | None, models.Member]) -> None:
    """Write what members were asked to agree to, and who did."""
    for version, agreed in header.consents:
        by = members.get(version.names["by"])
        row = models.ConsentVersion.objects.create(project=project, by=by, **version.values)
        models.Consent.objects.bulk_create(
            models.Consent(version=row, member=members[part.names["member"]], **part.values) for part in agreed
        )


def create(model: Any, entries: Iterable[Entry], **same: Any) -> list[Any]:
    """Write rows that lead nowhere but to ``same``."""
    made: list[Any] = model.objects.bulk_create([model(**same, **entry.values) for entry in entries])
    return made


def corpora_of(header: Header) -> dict[str, Corpus]:
    """Return the corpora of the file's fragments; one that is there already keeps what is said of it."""
    found = {}
    for entry in header.corpora:
        slug = entry.values["slug"]
        found[slug] = Corpus.objects.get_or_create(slug=slug, defaults=entry.values)[0]
    return found


def store_questions(entries: Sequence[QuestionEntry], places: Places) -> None:
    """Write questions that the project does not have, inside the caller's transaction."""
    lists = freeze_lists(entries, places)
    questions = [question_row(entry, places, lists) for entry in entries]
    models.Question.objects.bulk_create(questions)
    models.Cursor.objects.filter(batch__in={question.batch_id for question in questions}).start_over()
    pairs = [
        (annotation_row(question, part, places, lists), part, entry)
        for question, entry in zip(questions, entries, strict=True)
        for part in entry.annotations
    ]
    models.Annotation.objects.bulk_create(row for row, _part, _entry in pairs)
    lines = lines_by_annotation(pairs)
    create_conditions(pairs, lines)
    create_assignments(questions, entries, pairs, places)
    models.Look.objects.bulk_create(
        models.Look(question=question, member=places.members[part.names["member"]], **part.values)
        for question, entry in zip(questions, entries, strict=True)
        for part in entry.looks
    )
    create_decisions(entries, pairs)
    create_adoptions(entries, pairs)
    models.Mark.objects.bulk_create(
        models.Mark(annotation=row, listed_id=lines[row.pk][place], state=state)
        for row, part, _entry in pairs
        for place, state in part.marks
    )
    models.Supplement.objects.bulk_create(supplements_of(pairs, lines))
    models.Revision.objects.bulk_create(
        models.Revision(annotation=row, by=places.members.get(revision.names["by"]), **revision.values)
        for row, part, _entry in pairs
        for revision in part.revisions
    )
    create_notes(pairs, places)
    written = by_entry(pairs)
    both = zip(questions, entries, strict=True)
    create_released(places.releases, [(row, entry.releases, written.get(id(entry), [])) for row, entry in both])


def freeze_lists(entries: Sequence[QuestionEntry], places: Places) -> dict[int, Retrieval]:
    """Write every list of the questions, and return their rows by the entry's identity."""
    wanted = [part for entry in entries for part in entry.lists()]
    by_corpus: dict[str, list[Any]] = {}
    for line in chain.from_iterable(part.listed for part in wanted):
        by_corpus.setdefault(line.corpus, []).append(line.fragment)
    # In one order, since each holds its corpus to the end: two imports would wait for each other.
    ids = {slug: store_fragments(places.corpora[slug], by_corpus[slug]) for slug in sorted(by_corpus)}
    written = freeze_many([new_list(part, ids) for part in wanted])
    return {id(part): row for part, row in zip(wanted, written, strict=True)}


def new_list(entry: ListEntry, ids: dict[str, dict[str, int]]) -> NewList:
    lines = [
        Line(rank, ids[line.corpus][line.sha256], line.sha256, line.values["score"], line.values["extra"])
        for rank, line in enumerate(entry.listed, 1)
    ]
    values = {name: value for name, value in entry.values.items() if name != "digest"}
    return NewList(lines=lines, **values)


def question_row(entry: QuestionEntry, places: Places, lists: dict[int, Retrieval]) -> models.Question:
    return models.Question(
        batch=places.batches[entry.batch],
        brought_by=places.imports.get(entry.imported),
        retrieval=lists.get(id(entry.retrieval)),
        supplementary=lists.get(id(entry.supplementary)),
        adjudicator=places.members.get(entry.adjudicator),
        **entry.values,
    )


def annotation_row(
    question: models.Question, entry: AnnotationEntry, places: Places, lists: dict[int, Retrieval]
) -> models.Annotation:
    return models.Annotation(
        question=question,
        author=places.members.get(entry.names["author"]),
        system=places.systems.get(entry.names["system"]),
        brought_by=places.imports.get(entry.names["import"]),
        guideline_version=places.guidelines.get(entry.names["guidelines"]),
        retrieval=lists.get(id(entry.retrieval)),
        **entry.values,
    )


def create_notes(pairs: Sequence[Written], places: Places) -> None:
    """Write the notes in their order, which a reply's place counts by."""
    for row, part, _entry in pairs:
        written: list[models.Note] = []
        for note in part.notes:
            reply_to = written[note.names["reply_to"] - 1] if note.names["reply_to"] else None
            author = places.members[note.names["author"]]
            written.append(models.Note.objects.create(annotation=row, author=author, reply_to=reply_to, **note.values))


def supplements_of(pairs: Sequence[Written], lines: Mapping[int, rows.Lines]) -> Iterator[models.Supplement]:
    """Yield who added what, under the numbers that are drawn from the fragments as where somebody adds them."""
    for row, part, entry in pairs:
        given: set[int] = set()
        for one in part.added:
            assert entry.supplementary is not None  # noqa: S101 - its places were checked
            rank = one.names["rank"]
            number = drawn(mark_of(entry.supplementary.listed[rank - 1].sha256), given)
            given.add(number)
            yield models.Supplement(annotation=row, listed_id=lines[row.pk][True, rank], number=number, **one.values)


def lines_by_annotation(pairs: Sequence[Written]) -> dict[int, rows.Lines]:
    """Return the lines that each annotation may cite or mark, by its key."""
    found = lines_of_all({pk for row, _part, _entry in pairs for pk in lists_of(row) if pk})
    return {
        row.pk: {
            (supplementary, rank): pk
            for supplementary, of in zip((False, True), lists_of(row), strict=True)
            for rank, pk in found.get(of, {}).items()
        }
        for row, _part, _entry in pairs
    }


def lists_of(row: models.Annotation) -> tuple[int | None, int | None]:
    """Return the keys of the list that ranks of the annotation mean, and of the supplementary one."""
    return row.retrieval_id or row.question.retrieval_id, row.question.supplementary_id


def create_conditions(pairs: Sequence[Written], lines: dict[int, rows.Lines]) -> None:
    written = [
        (
            models.Condition(annotation=row, uid=part.uid, text=part.text, extra=dict(part.extra), **values),
            part,
            lines[row.pk],
        )
        for row, entry, _question in pairs
        for values, part in entry.conditions
    ]
    models.Condition.objects.bulk_create(condition for condition, _part, _lines in written)
    rows.create_parts(written)


def create_assignments(
    questions: Sequence[models.Question], entries: Sequence[QuestionEntry], pairs: Sequence[Written], places: Places
) -> None:
    own = {(row.question_id, row.author_id): row for row, _part, _entry in pairs if row.source == "human"}
    assignments = []
    for question, entry in zip(questions, entries, strict=True):
        for part in entry.assignments:
            member = places.members[part.names["member"]]
            annotation = own[question.pk, member.pk] if part.names["begun"] else None
            assignments.append(
                models.Assignment(question=question, member=member, annotation=annotation, **part.values)
            )
    models.Assignment.objects.bulk_create(assignments)


def by_entry(pairs: Sequence[Written]) -> dict[int, list[models.Annotation]]:
    """Return the annotations of each entry in order, by its identity."""
    written: dict[int, list[models.Annotation]] = {}
    for row, _part, entry in pairs:
        written.setdefault(id(entry), []).append(row)
    return written


def create_adoptions(entries: Sequence[QuestionEntry], pairs: Sequence[Written]) -> None:
    """Write what people adopted from drafts."""
    written = by_entry(pairs)
    models.Adoption.objects.bulk_create(
        models.Adoption(
            annotation=written[id(entry)][part.names["in"] - 1],
            draft=written[id(entry)][part.names["of"] - 1],
            **part.values,
        )
        for entry in entries
        for part in entry.adoptions
    )


def create_decisions(entries: Sequence[QuestionEntry], pairs: Sequence[Written]) -> None:
    """Write what was decided of the questions, under their gold."""
    written = by_entry(pairs)
    made = [
        (models.Decision(gold=next(row for row in written[id(entry)] if row.source == "gold"), **values), parts, entry)
        for entry in entries
        for values, parts in entry.decisions
    ]
    models.Decision.objects.bulk_create(decision for decision, _parts, _entry in made)
    models.DecisionPart.objects.bulk_create(
        models.DecisionPart(decision=decision, annotation=written[id(entry)][part.names["of"] - 1], **part.values)
        for decision, parts, entry in made
        for part in parts
    )
