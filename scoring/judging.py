"""The judges of an evaluation by name, the LLM judge among them, and what asking it costs.

``judge_named`` returns a judge that is ready to be asked; ``about`` is what an evaluation keeps of how it is set up.
``estimate`` says before a run what is kept already and what the rest would cost; ``spent`` says afterwards what the
verdicts on some questions did cost, from what is stored. The LLM judge stores every reply as it comes, so call it
outside of a transaction: a run that is killed and begun anew asks only for the rest.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, QuerySet
from django.utils import timezone

from annotator.actions.queued import Refused
from annotator.models import Project
from annotator.similarity import Idf
from retrieval.fragments import batched
from retrieval.progress import Progress, silent
from scoring.judges import Couple, Judge, judges
from scoring.judges.llm import prompts
from scoring.judges.llm.endpoint import EndpointError, HttpEndpoint
from scoring.judges.llm.judge import NAME, LlmJudge, missing, verdict, version_of
from scoring.judges.llm.memory import Replies, digest
from scoring.judges.llm.replies import Reply
from scoring.judges.llm.summing import Prices, Sums, sums
from scoring.models import EvaluatedQuestion, Evaluation, Judgement
from scoring.scored import known

AT_ONCE = 500  # digests that one query asks for
TOKENS_OF_A_REPLY = 4  # the number, and what ends it
OFF = (
    "The LLM judge is off. Whoever runs the site turns it on by LLM_JUDGE_URL and LLM_JUDGE_MODEL "
    "(docs/configuration.md)."
)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What judging some couples would take: ``couples`` to be judged, of which ``kept`` have their verdict already.

    ``tokens_in`` are a quarter of the characters that would be sent. ``cost`` is None where no prices are set.
    """

    couples: int
    kept: int
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = None


def judge_names() -> list[str]:
    """Return the judges that can be asked here, the usual one first."""
    return [*judges(), *([NAME] if is_on() else [])]


def is_on() -> bool:
    """Return whether there is a language model to be asked."""
    return bool(settings.LLM_JUDGE_URL and settings.LLM_JUDGE_MODEL)


def judge_named(name: str, idf: Idf, project: Project, progress: Progress = silent) -> Judge:
    """Return the judge of that name for a project. Raises Refused where there is none, or where it is off."""
    if name == NAME:
        return llm_judge(project, progress)
    if name not in judges():
        raise Refused(f"judge: “{name}” is none of {', '.join(judge_names())}")
    return judges()[name](idf)


def llm_judge(project: Project, progress: Progress = silent) -> "Asked":
    """Return the judge that asks the language model of the settings. Raises Refused where it is off."""
    if not is_on():
        raise Refused(OFF)
    model, swap = settings.LLM_JUDGE_MODEL, settings.LLM_JUDGE_SWAP
    memory = Kept(project, version_of(model, swap=swap))
    return Asked(endpoint(), model, swap, settings.LLM_JUDGE_CONCURRENCY, memory, progress)


def endpoint() -> HttpEndpoint:
    return HttpEndpoint(settings.LLM_JUDGE_URL, settings.LLM_JUDGE_KEY, settings.LLM_JUDGE_TIMEOUT)


def about(name: str) -> dict[str, Any]:
    """Return how the judge is set up, as an evaluation keeps it; without its key."""
    if name != NAME:
        return {}
    return {
        "model": settings.LLM_JUDGE_MODEL,
        "address": endpoint().place,
        "both_orders": settings.LLM_JUDGE_SWAP,
    }


def estimate(name: str, couples: Iterable[Couple], project: Project) -> Estimate:
    """Return what judging these couples would take. Queries where the judge has to be asked."""
    open_ones = [couple for couple in dict.fromkeys(couples) if known(couple) is None]
    if name != NAME:
        return Estimate(len(open_ones), 0)
    asked = {couple: len(list(missing(kept))) for couple, kept in llm_judge(project).known(open_ones).items()}
    calls = sum(asked.values())
    tokens_in = sum(times * prompts.tokens(couple) for couple, times in asked.items() if times)
    tokens_out = calls * TOKENS_OF_A_REPLY
    cost = prices().of(tokens_in, tokens_out)
    return Estimate(len(asked), list(asked.values()).count(0), calls, tokens_in, tokens_out, cost)


def spent(project: int, version: str, questions: QuerySet[Any, Any]) -> Sums:
    """Return what a project's verdicts of a version on questions (a query of their texts) sum up to. One query."""
    stored = Judgement.objects.filter(project=project, judge=NAME, version=version, question__in=questions)
    return sums(replies_in(details) for details in stored.values_list("details", flat=True).iterator())


def spent_on(evaluation: Evaluation) -> Sums:
    """Return what the verdicts on an evaluation's questions sum up to. Two queries, unless there is something new.

    They are added up again once a verdict of this version has come, or an evaluation by it has finished.
    """
    project, version = evaluation.project_id, evaluation.judge_version
    kept = (
        Judgement.objects.filter(project=project, judge=NAME, version=version)
        .order_by()
        .aggregate(Count("pk"), Max("pk"))
    )
    ended = Evaluation.objects.filter(judge_version=version).order_by().aggregate(Max("finished"))
    return spent_until(evaluation.pk, project, version, (evaluation.created, *kept.values(), *ended.values()))


@lru_cache(maxsize=64)
def spent_until(evaluation: int, project: int, version: str, _known: tuple[Any, ...]) -> Sums:
    """Return the sums as they are when so much is known; a page that is asked for again reads no verdict anew."""
    return spent(project, version, EvaluatedQuestion.objects.filter(evaluation=evaluation).order_by().values("text"))


def prices() -> Prices:
    return Prices(settings.LLM_JUDGE_PRICE_IN, settings.LLM_JUDGE_PRICE_OUT)


class Asked(LlmJudge):
    """The LLM judge as verbs call it: where the endpoint fails, the work is refused with the reason."""

    __slots__ = ()

    def judge(self, couples: Sequence[Couple]) -> list[float | None]:
        try:
            return LlmJudge.judge(self, couples)
        except EndpointError as error:
            raise Refused(f"{error}. What it said before is kept.") from error


@dataclass(frozen=True, slots=True)
class Kept:
    """The memory of a version of the LLM judge, in the database: what a project paid for goes with it."""

    project: Project
    version: str

    def recall(self, couples: Sequence[Couple]) -> Mapping[Couple, Replies]:
        found: dict[Couple, Replies] = {}
        stored = Judgement.objects.filter(project=self.project, judge=NAME, version=self.version)
        by_digest = {digest(couple): couple for couple in couples}
        for some in batched(by_digest, AT_ONCE):
            rows = stored.filter(digest__in=some).values_list("digest", "details")
            found |= {by_digest[key]: replies_in(details) for key, details in rows}
        return found

    def keep(self, replies: Mapping[Couple, Replies]) -> None:
        Judgement.objects.bulk_create(
            [self.row(couple, kept) for couple, kept in replies.items()],
            update_conflicts=True,
            unique_fields=["project", "judge", "version", "digest"],
            update_fields=["score", "details"],
        )

    def row(self, couple: Couple, replies: Replies) -> Judgement:
        return Judgement(
            project=self.project,
            judge=NAME,
            version=self.version,
            digest=digest(couple),
            kind=couple.kind,
            question=couple.question,
            gold=list(couple.gold),
            predicted=list(couple.predicted),
            score=verdict(replies),
            details={"replies": [reply and reply.to_json() for reply in replies]},
            created=timezone.now(),
        )


def replies_in(details: Mapping[str, Any]) -> Replies:
    return tuple(kept and Reply.from_json(kept) for kept in details["replies"])
