"""Running an evaluation: question by question, each written when it is scored, so that a killed run goes on."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, OuterRef

from annotator.actions.queued import Refused
from annotator.models import Job
from annotator.released import CHUNK
from retrieval.fragments import batched
from retrieval.progress import Progress, silent
from scoring.beside import Beside, beside, lists_of
from scoring.idf import IdfTable
from scoring.judges import Couple, Judge
from scoring.judging import Estimate, estimate, judge_named
from scoring.measures import Values, measured
from scoring.models import EvaluatedQuestion, EvaluatedSystem, Evaluation, Score
from scoring.pairing import PAIRINGS
from scoring.scored import Judged, Reply, Scored, Target, Whole, counts, couples_of, score
from scoring.summing import means_of, sum_up

LISTS_CAME = "Questions have got their lists since this evaluation was begun; begin another one."
ENOUGH = 2  # people who are left when one is left out


def evaluate_by_job(job: Job, progress: Progress) -> dict[str, Any]:
    """Run the evaluation that a job is about, or what is left of it."""
    evaluation = Evaluation.objects.get(pk=job.arguments["evaluation"])
    run(evaluation, progress)
    return {"number": evaluation.number}


def run(evaluation: Evaluation, progress: Progress = silent) -> None:
    """Score what is not scored yet, and sum it all up; a finished evaluation is left as it is. Raises Refused."""
    if evaluation.finished:
        return
    idf = idf_of(evaluation, progress)
    judge = the_same_judge(evaluation, idf, progress)
    weigh_as_before(evaluation, idf)
    systems = list(evaluation.systems.all())
    done, total = how_far(evaluation)
    left, last = evaluation.questions.filter(scores=None).order_by("place").prefetch_related("work"), 0
    while some := list(left.filter(place__gt=last)[:CHUNK]):
        progress("Scored", done, total)
        # Another run of the same may have scored some of them meanwhile.
        Score.objects.bulk_create(scores_of(some, systems, judge, evaluation, idf), ignore_conflicts=True)
        done, last = done + len(some), some[-1].place
    progress("Scored", done, total)
    sum_up(evaluation, lambda: progress("Summing up", done, total))


def how_far(evaluation: Evaluation) -> tuple[int, int]:
    """Return how many of how many questions are scored. Two queries."""
    own = Score.objects.filter(question=OuterRef("pk")).order_by()
    return evaluation.questions.filter(Exists(own)).count(), evaluation.questions.count()


def estimate_of(evaluation: Evaluation, progress: Progress = silent) -> Estimate:
    """Return what judging the questions that are not scored yet would take; the judge is asked nothing."""
    done, total = how_far(evaluation)
    idf, pairing = idf_of(evaluation, progress), PAIRINGS[evaluation.alignment]
    systems = list(evaluation.systems.all())
    left = evaluation.questions.filter(scores=None).order_by("place").prefetch_related("work")
    couples: dict[Couple, None] = {}
    for some in batched(left.iterator(chunk_size=CHUNK), CHUNK):
        asked = [(one.target, one.reply) for one in asked_on(some, systems)]
        couples |= dict.fromkeys(couples_of(asked, pairing, idf))
        done += len(some)
        progress("Counted", done, total)
    return estimate(evaluation.judge, couples, evaluation.project)


def the_same_judge(evaluation: Evaluation, idf: IdfTable, progress: Progress) -> Judge:
    """Return the judge that the evaluation was begun with. Raises Refused where it is another one by now."""
    judge = judge_named(evaluation.judge, idf, evaluation.project, progress)
    if judge.version != evaluation.judge_version:
        message = "This evaluation was begun with version {} of the judge “{}”, which is now {}; begin another one."
        raise Refused(message.format(evaluation.judge_version, judge.name, judge.version))
    return judge


def weigh_as_before(evaluation: Evaluation, idf: IdfTable) -> None:
    """Keep how rare words are. Raises Refused where a part was scored with another table, as lists came meanwhile."""
    if not Evaluation.objects.filter(pk=evaluation.pk, idf__in=("", idf.digest)).update(idf=idf.digest):
        raise Refused(LISTS_CAME)


def idf_of(evaluation: Evaluation, progress: Progress) -> IdfTable:
    """Return how rare words are among all fragments of the questions' lists, a fragment as often as it is listed."""
    idf, total = IdfTable(), evaluation.questions.count()
    lists = evaluation.questions.order_by("place").values_list("question__retrieval", flat=True)
    for begun, some in enumerate(batched(lists.iterator(chunk_size=CHUNK), CHUNK)):
        found = lists_of(some)
        idf.add(found.texts[part] for retrieval in some for part in found.of(retrieval).values())
        progress("Words weighed", begun * CHUNK + len(some), total)
    return idf


def scores_of(
    questions: Sequence[EvaluatedQuestion],
    systems: Sequence[EvaluatedSystem],
    judge: Judge,
    evaluation: Evaluation,
    idf: IdfTable,
) -> list[Score]:
    """Return what systems and people score on some questions, all their pairs judged at once."""
    asked = asked_on(questions, systems)
    scored = score([(one.target, one.reply) for one in asked], judge, PAIRINGS[evaluation.alignment], idf)
    among: dict[int, list[Values]] = defaultdict(list)
    rows = []
    for one, found in zip(asked, scored, strict=True):
        if one.among_people:
            among[id(one.row)].append(measured(found))
        else:
            rows.append(filled(one.row, found))
    for row in rows:
        row.among_people = means_of(among[id(row)])
    return rows


@dataclass(frozen=True, slots=True)
class Asked:
    """What is scored for a row: a reply against gold, or against the work of people (``among_people``)."""

    row: Score
    target: Target
    reply: Reply
    among_people: bool = False


def asked_on(questions: Sequence[EvaluatedQuestion], systems: Sequence[EvaluatedSystem]) -> list[Asked]:
    """Return all that is scored on some questions."""
    found = beside(questions, [one.system_id for one in systems], questions[0].evaluation.created)
    return [asked for one in questions for asked in asked_of(one, systems, found)]


def asked_of(one: EvaluatedQuestion, systems: Sequence[EvaluatedSystem], found: Beside) -> Iterator[Asked]:
    """Yield the replies of systems, and of people where several wrote, and where three did, each beside the others.

    Whoever says that the question cannot be annotated is left out, as such gold is.
    """
    target, people = found.targets[one.pk], found.people[one.pk] if one.gold_id else ()
    answered = [part for part in people if counts(part[2].verdict)]
    replies = []
    for own in systems:
        step, whole = found.predicted.get((one.question_id, own.system_id), (None, None))
        row = Score(question=one, system_id=own.system_id, revision_id=step)
        replies.append(Asked(row, target, Reply(whole or Whole(), whole is not None, own.cites, own.conditional)))
    wrote = [
        Asked(Score(question=one, work_id=work, revision_id=step), target, Reply(whole))
        for work, step, whole in answered
    ]
    yield from replies
    yield from wrote if len(wrote) > 1 else ()
    for left_out in wrote if len(wrote) > ENOUGH else ():
        others = tuple(other.reply.said for other in wrote if other is not left_out)
        beside_others = replace(target, references=others)
        for asked in (*replies, left_out):
            yield replace(asked, target=beside_others, among_people=True)


def filled(row: Score, scored: Scored) -> Score:
    row.figures = measured(scored)
    row.pairs = [pair_in_json(pair) for pair in scored.pairs]
    row.reference = scored.target.references.index(scored.gold)
    row.cited = sum(part.citations for part in scored.predicted.parts)
    row.left_out = sum(part.left_out for part in scored.predicted.parts)
    return row


def pair_in_json(pair: Judged) -> dict[str, Any]:
    """Return a pair: the places of its conditions, S and what it is made of, and what the judge says."""
    return {
        "gold": pair.first,
        "predicted": pair.second,
        "s": pair.likeness.score,
        "text": pair.likeness.text,
        "answers": pair.likeness.answers,
        "conflict": pair.likeness.conflict,
        "condition": pair.condition,
        "answer": pair.answer,
    }
