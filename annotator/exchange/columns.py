"""Which columns of which table a ``full`` export carries as they are, and why the others are not among them.

``COLUMNS`` are written and read by their names; ``NAMED`` are relations, written by a name instead of a key;
``LEFT_OUT`` has a reason for every column that is not exported. A test compares the three with the tables.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Model

from annotator.models import (
    Adoption,
    Annotation,
    Assignment,
    Batch,
    Condition,
    Consent,
    ConsentVersion,
    Decision,
    DecisionPart,
    GuidelineVersion,
    Import,
    Look,
    Mark,
    Member,
    Note,
    Project,
    Question,
    Release,
    ReleasedQuestion,
    ReleasedWork,
    Revision,
    Supplement,
    System,
    WorkDay,
)
from retrieval.models import Corpus, Fragment, ListedFragment, Retrieval

COLUMNS: dict[type[Model], tuple[str, ...]] = {
    Project: (
        "slug",
        "name",
        "description",
        "language",
        "licence",
        "citation",
        "contact",
        "silenced_checks",
        "lookers_may_annotate",
        "reopening",
        "show_drafts",
        "lease_hours",
        "annotators_may_adjudicate",
        "agreed_from",
        "idle_seconds",
        "created",
    ),
    GuidelineVersion: ("number", "text", "created"),
    Batch: (
        "name",
        "position",
        "purpose",
        "overlap",
        "share",
        "seed",
        "order",
        "cap",
        "opens",
        "closes",
        "size",
        "created",
    ),
    Member: ("pseudonym", "role", "joined", "submitted", "left", "seen"),
    ConsentVersion: ("number", "text", "created"),
    Consent: ("at",),
    WorkDay: ("day", "seconds"),
    System: (
        *("name", "family", "model", "description", "prompt", "retrieval", "cites", "link", "seed", "made_on"),
        *("digest", "complete"),
    ),
    Release: ("tag", "created", "licence", "splitting", "withdrawn", "texts", "digest"),
    ReleasedQuestion: ("place", "split", "about"),
    ReleasedWork: ("about",),
    Import: ("name", "size", "sha256", "shape", "state", "report", "created", "finished"),
    Corpus: ("slug", "name", "source", "snapshot_date", "licence", "attribution"),
    Question: (
        "external_id",
        "text",
        "order",
        "source_dataset",
        "source_id",
        "source_split",
        "licence",
        "split",
        "tags",
        "extra",
        "digest",
        "overlap",
        "taken",
        "accord",
        "lease_until",
        "to_discuss",
        "priority",
        "created",
    ),
    Retrieval: ("query", "k", "engine", "settings", "kind", "digest", "created"),
    ListedFragment: ("score", "extra"),
    Fragment: ("title", "text", "source_id", "page_id", "revision_id", "url", "section", "offset"),
    Assignment: ("state", "reason", "created", "lease_until"),
    Look: ("at",),
    Decision: ("kind", "condition", "reason", "since", "until"),
    DecisionPart: ("uid", "revision", "gave"),
    Annotation: (
        "source",
        "sample",
        "verdict",
        "reason",
        "note",
        "version",
        "revisions_made",
        "dismissed",
        "extra",
        "created",
        "saved",
        "opened",
        "submitted",
        "active_seconds",
    ),
    Adoption: ("condition", "revision", "uid", "parts"),
    Condition: ("order", "version", "removed"),
    Mark: ("state",),
    Supplement: ("at",),
    Note: ("condition", "at", "text"),
    Revision: ("number", "at", "verb", "condition", "save_id", "version", "record"),
}
NAMED = {
    "GuidelineVersion.by": "the member's pseudonym",
    "ConsentVersion.by": "the member's pseudonym",
    "Consent.version": "the version that it stands in",
    "Consent.member": "the member's pseudonym",
    "Batch.guideline_version": "“guidelines”, its number",
    "WorkDay.member": "the member's pseudonym",
    "WorkDay.batch": "the batch's name",
    "Import.batch": "the batch's name",
    "Import.by": "the member's pseudonym",
    "Release.previous": "its tag",
    "Release.by": "the member's pseudonym",
    "ReleasedQuestion.release": "its tag",
    "ReleasedQuestion.gold": "“of”, its annotation's place among the question's, and “number”",
    "ReleasedWork.revision": "“of”, its annotation's place among the question's, and “number”",
    "Question.batch": "the batch's name",
    "Question.brought_by": "“import”, its place among the imports",
    "Question.retrieval": "the list itself",
    "Question.supplementary": "the list itself",
    "Question.adjudicator": "the member's pseudonym",
    "ListedFragment.fragment": "the fragment itself",
    "Fragment.corpus": "the corpus's slug",
    "Assignment.member": "the member's pseudonym",
    "Assignment.annotation": "“begun”: the member's own annotation",
    "Look.member": "the member's pseudonym",
    "Decision.gold": "the question's gold",
    "DecisionPart.annotation": "“of”, its place among the question's annotations",
    "Adoption.draft": "“of”, its place among the question's annotations",
    "Annotation.author": "the member's pseudonym",
    "Annotation.system": "the system's name",
    "Annotation.brought_by": "“import”, its place among the imports",
    "Annotation.retrieval": "the list itself",
    "Annotation.guideline_version": "“guidelines”, its number",
    "Condition.uid": "in the record of the condition, as all of its text, answers and citations",
    "Condition.text": "in the record of the condition",
    "Condition.extra": "in the record of the condition",
    "Answer.uid": "in the record of the condition",
    "Answer.text": "in the record of the condition",
    "Answer.aliases": "in the record of the condition",
    "Answer.extra": "in the record of the condition",
    "Citation.uid": "in the record of the condition",
    "Citation.role": "in the record of the condition",
    "Citation.listed": "in the record of the condition: rank, and whether in the supplementary list",
    "Citation.answer": "in the record of the condition: the answer's uid",
    "Citation.title": "in the record of the condition",
    "Citation.text": "in the record of the condition",
    "Citation.start": "in the record of the condition",
    "Citation.end": "in the record of the condition",
    "Citation.quote": "in the record of the condition",
    "Citation.extra": "in the record of the condition",
    "Supplement.listed": "its rank in the supplementary list",
    "Mark.listed": "rank, and whether in the supplementary list",
    "Note.author": "the member's pseudonym",
    "Note.reply_to": "its place among the annotation's notes",
    "Revision.by": "the member's pseudonym",
}
LEFT_OUT = {
    "Question.fewest_place": "follows from taken and order",
    "Question.priority_place": "follows from priority and order",
    "Question.random_place": "drawn anew where the question is stored",
    "Question.indexed": "how far the search of this installation has read",
    "Annotation.taken_out": "which numbers the pages of this installation showed",
    "Annotation.indexed": "how far the search of this installation has read",
    "Member.user": "accounts never leave: no name, e-mail or password",
    "Project.corpus": "a corpus of this installation, which another one chooses anew",
    "Project.deleted": "who has the file has the project",
    "Corpus.size": "how many fragments are here, of which the file has those that it lists",
    "Fragment.sha256": "follows from title and text",
    "ListedFragment.rank": "its place in the list",
    "Supplement.number": "its place among those of the annotation",
    "Answer.order": "its place in the condition",
    "Citation.order": "its place in the condition",
}
"""Also left out: keys, and the relation of each part to the whole that it stands in."""
TABLES_LEFT_OUT = {
    "User": "accounts never leave",
    "QuestionToAdjudicate": "another name for Question",
    "SignInLink": "a way into an account",
    "Token": "a way into an account",
    "Invite": "a way into this installation's project",
    "Job": "work of this installation, not of the project",
    "Hook": "where this installation sends messages, with the secret that signs them",
    "Delivery": "a message of this installation; what it tells of is in the file itself",
    "Worker": "a process of this installation",
    "Checkpoint": "how far a file has been read; what was read is in the fragments",
    "Lookup": "what a person typed to search, for managers of this installation; it goes with the person",
    "SearchText": "the words of what stands in the other tables, for the search",
    "Cursor": "how far claims have walked; the next claim walks again",
}


@lru_cache
def defaults(model: type[Model]) -> dict[str, Any]:
    """Return the value that each column of the export has where the file does not name it."""
    return {field.name: field.get_default() for field in model._meta.fields if field.name in COLUMNS[model]}


def values(row: Model) -> dict[str, Any]:
    """Return the columns of a row as JSON, those at their default left out."""
    return dict(named_values(row))


def named_values(row: Model) -> Iterator[tuple[str, Any]]:
    for name, default in defaults(type(row)).items():
        value = getattr(row, name)
        if value != default:
            yield name, as_json(value)


def as_json(value: Any) -> Any:
    """Return a column's value as JSON: times in UTC, objects with sorted keys (PostgreSQL keeps no order of keys)."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: as_json(value[key]) for key in sorted(value)}
    return [as_json(item) for item in value] if isinstance(value, list) else value
