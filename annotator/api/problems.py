"""What the API answers where it does not do what was asked: problem details (RFC 9457), from the verbs’ refusals."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import APIException, Throttled, ValidationError
from rest_framework.response import Response
from rest_framework.views import set_rollback

from annotator import reading
from annotator.actions import claiming, looking, people_file, returning, submitting, taking_up, uploading
from annotator.actions.consenting import ConsentOwed
from annotator.actions.exporting import CannotExport
from annotator.actions.history import Conflict, NotOpen
from annotator.actions.people import NEEDS_MANAGER, LastManager
from annotator.actions.queued import NotNow, Refused
from annotator.actions.supplementing import Cited
from annotator.decisions import Unfit
from annotator.exchange import reports
from retrieval.engines import EngineUnavailableError

log = logging.getLogger("django.request")
MEDIA_TYPE = "application/problem+json"
A_MINUTE = 60
REFUSALS: Mapping[type[Exception], tuple[int, Any]] = {
    ConsentOwed: (
        403,
        gettext_lazy("You have yet to agree to what the project asks of its members; see its consent/."),
    ),
    Conflict: (409, gettext_lazy("It was changed meanwhile; nothing was written.")),
    NotOpen: (409, gettext_lazy("It was handed in, or put aside, meanwhile; nothing was written.")),
    claiming.Looked: (409, gettext_lazy("You have looked at what others wrote on it, so it is no longer yours.")),
    claiming.Left: (409, gettext_lazy("You have left the project, or only look on.")),
    claiming.Shut: (409, gettext_lazy("The batch is not open now, or has given you as many questions as one gets.")),
    claiming.Full: (409, gettext_lazy("Others have taken every place on the question.")),
    submitting.Closed: (409, gettext_lazy("It can no longer be reopened; somebody may return it to you.")),
    looking.StillOpen: (409, gettext_lazy("Submit or skip your own open work first: this shows what others wrote.")),
    returning.NotReturnable: (409, gettext_lazy("It is not submitted any more, or its author is gone.")),
    taking_up.NotReady: (409, gettext_lazy("The question is not ready, or you annotated it yourself.")),
    taking_up.Taken: (409, gettext_lazy("Another adjudicator has the question in hand.")),
    taking_up.NotInHand: (409, gettext_lazy("The question is not in your hands: POST …/adjudicate/ takes it up.")),
    LastManager: (409, NEEDS_MANAGER),
    uploading.Gone: (409, gettext_lazy("The file is no longer kept; upload it again.")),
    Cited: (409, ""),
    NotNow: (409, ""),
    Refused: (422, ""),
    CannotExport: (422, ""),
    Unfit: (422, ""),
    Http404: (404, gettext_lazy("There is nothing here for you.")),
    EngineUnavailableError: (503, gettext_lazy("The search does not answer now; lists and work are there as ever.")),
    PermissionDenied: (403, ""),
    OperationalError: (503, gettext_lazy("The database does not answer now; come again in a while.")),
    RequestDataTooBig: (413, gettext_lazy("The body is too long.")),
    SuspiciousOperation: (400, gettext_lazy("The request cannot be meant.")),
}


class Blind(APIException):
    """What others wrote on a question is hidden from the caller until they look, or submit their own."""

    status_code = 403
    default_detail = gettext_lazy("Others’ work on this question is hidden from you; POST to its look/ to see it.")


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong: a status, a sentence, the places where, and what else the caller needs to go on."""

    status: int
    detail: str
    errors: list[dict[str, str]] = field(default_factory=list)
    more: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        said = {"title": HTTPStatus(self.status).phrase, "status": self.status, "detail": self.detail}
        return {"type": "about:blank", **said, **({"errors": self.errors} if self.errors else {}), **self.more}


class Unknown(APIException):
    """The address asks by parameters that the operation does not know: passing over one would answer something else."""

    status_code = 400
    default_detail = gettext_lazy("The address asks by something that this operation does not know.")

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__()
        self.errors = [{"field": name, "detail": _("is no parameter of this operation")} for name in names]


class Stale(APIException):
    """A save that came too late: ``more`` holds what was sent and what stands."""

    status_code = 409
    default_detail = gettext_lazy("It was changed meanwhile; nothing was written. What stands now is here.")

    def __init__(self, **more: Any) -> None:
        super().__init__()
        self.more = more


def answer(error: Exception, context: Mapping[str, Any]) -> Response:  # noqa: ARG001 - as the framework calls it
    """Return the problem that an exception stands for; what nobody foresaw goes into the log, and is a 500.

    So does what the database fails at: it may be away, or the failure ours.
    """
    set_rollback()
    problem = problem_of(error)
    if problem.status == HTTPStatus.INTERNAL_SERVER_ERROR or isinstance(error, OperationalError):
        log.error("The API failed.", exc_info=error)
    response = Response(problem.as_json(), problem.status, content_type=MEDIA_TYPE)
    if header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = header
    if isinstance(error, Throttled):
        response["Retry-After"] = str(max(1, round(getattr(error, "wait", None) or A_MINUTE)))
    return response


def problem_of(error: Exception) -> Problem:
    match error:
        case ValidationError():
            return Problem(422, _("Something is wrong with what was sent."), list(flat(error.detail)))
        case APIException():
            return Problem(
                error.status_code, str(error.detail), getattr(error, "errors", []), getattr(error, "more", {})
            )
        case reading.BadInput():
            found = [{"field": one.path, "detail": one.message} for one in error.problems]
            return Problem(422, _("Something is wrong with what was sent."), found)
        case submitting.Blocked():
            places = {card.uid: f"conditions[{place}]" for place, card in enumerate(error.said.conditions)}
            said = ((places.get(one.condition, ""), f"{one.headline} {one.advice}") for one in error.findings)
            found = [{"field": place, "detail": words.strip()} for place, words in said]
            return Problem(422, _("Something must be mended first."), found)
        case reports.Refused():
            return Problem(422, _("The file is refused; nothing of it was written."), flaws(error.report))
        case people_file.Unfit():
            found = [{"place": place, "field": column, "detail": words} for place, column, words in error.problems]
            return Problem(422, _("The file is refused; nothing of it was written."), found)
        case reports.BrokenOff():
            return Problem(503, str(error))
    return refusal_of(error)


def refusal_of(error: Exception) -> Problem:
    """Return what a refusal of a verb stands for, by its own words where it has some for the caller."""
    for kind, (status, sentence) in REFUSALS.items():
        if isinstance(error, kind):
            return Problem(status, str(sentence)) if sentence else told(status, str(error))
    return Problem(500, _("Something went wrong; the server’s log says what."))


def told(status: int, sentence: str) -> Problem:
    """Return what a refusal says by its own words; where something that was sent is wrong, with the field they name."""
    if status != HTTPStatus.UNPROCESSABLE_ENTITY:
        return Problem(status, sentence or _("You may not do this."))
    said = reading.Problem.told_by(sentence)
    return Problem(status, sentence, [{"field": said.path, "detail": said.message}])


def flaws(report: reports.Report) -> list[dict[str, str]]:
    """Return what is wrong with a file, each with its place and field."""
    return [{"place": flaw.place, "field": flaw.path, "detail": flaw.message} for flaw in report.problems]


def flat(detail: Any, path: str = "") -> Iterator[dict[str, str]]:
    """Yield the errors of a serializer, each with the path of its field."""
    if isinstance(detail, Mapping):
        for name, part in detail.items():
            yield from flat(part, path if name == "non_field_errors" else below(path, name))
    elif isinstance(detail, list):
        for part in detail:
            yield from flat(part, path)
    else:
        yield {"field": path, "detail": str(detail)}


def below(path: str, name: str | int) -> str:
    """Return the path of a part by its name, or by its place in a list."""
    return f"{path}[{name}]" if isinstance(name, int) else f"{path}.{name}".lstrip(".")
