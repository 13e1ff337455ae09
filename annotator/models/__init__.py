"""The tables of the annotator app, one file per subject."""

from annotator.models.adjudication import Decision, DecisionPart
from annotator.models.annotations import Adoption, Annotation, Answer, Citation, Condition, Mark, Note, Revision
from annotator.models.hooks import Delivery, Event, Hook
from annotator.models.lookups import Lookup, Supplement
from annotator.models.people import Consent, ConsentVersion, Invite, Member, SignInLink, User
from annotator.models.projects import Batch, GuidelineVersion, Project
from annotator.models.questions import Assignment, Cursor, Look, Question, QuestionToAdjudicate
from annotator.models.releases import Release, ReleasedQuestion, ReleasedWork
from annotator.models.search_texts import SearchText
from annotator.models.tokens import Token
from annotator.models.work import Import, Job, System, WorkDay, Worker

__all__ = [
    "Adoption",
    "Annotation",
    "Answer",
    "Assignment",
    "Batch",
    "Citation",
    "Condition",
    "Consent",
    "ConsentVersion",
    "Cursor",
    "Decision",
    "DecisionPart",
    "Delivery",
    "Event",
    "GuidelineVersion",
    "Hook",
    "Import",
    "Invite",
    "Job",
    "Look",
    "Lookup",
    "Mark",
    "Member",
    "Note",
    "Project",
    "Question",
    "QuestionToAdjudicate",
    "Release",
    "ReleasedQuestion",
    "ReleasedWork",
    "Revision",
    "SearchText",
    "SignInLink",
    "Supplement",
    "System",
    "Token",
    "User",
    "WorkDay",
    "Worker",
]
