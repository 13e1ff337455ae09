"""Gold and predictions out of two files, scored as an evaluation scores them, without a database.

Gold is a file of questions that ``import_questions`` takes: an export or a release of ours, or another shape with its
answers. Predictions are what ``import_predictions`` takes. They are joined on the id, and on the batch where both files
carry it.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from annotator.exchange import predicted, reader
from annotator.exchange.anchoring import anchored_prediction, astray
from annotator.exchange.reports import Flaw, Refused, Report
from annotator.exchange.whole.questions import AnnotationEntry, QuestionEntry
from annotator.exchange.whole.reader import chunks, is_whole
from annotator.reading import Problem
from annotator.record import Annotation, Fragment, Prediction, Source, Verdict
from retrieval.fragments import NewFragment
from scoring.idf import IdfTable
from scoring.scored import Reply, Target, Whole, counts, left_out_of, names_conditions

CHUNK = 100
SEVERAL = "stands for several questions of the gold; say which by “batch”"


@dataclass(frozen=True, slots=True)
class Gold:
    """A question of a file of gold: what it says, and the fragments that its list holds.

    Of its ``references`` there are several, or one that is not ``finished``, where people's work stands for gold.
    """

    batch: str
    external_id: str
    text: str
    references: tuple[Annotation, ...]
    listed: tuple[Fragment, ...]
    finished: bool


@dataclass(slots=True)
class Files:
    """Two files read whole: questions in order, each with what the system said of it.

    ``astray`` are the system's first citations that count for nothing, ``cited`` how many citations gold has.
    """

    targets: list[Target] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    names: list[tuple[str, str]] = field(default_factory=list)
    idf: IdfTable = field(default_factory=IdfTable)
    texts: dict[Hashable, str] = field(default_factory=dict)
    cites: bool = True
    conditional: bool = True
    cited: Mapping[str, int] = field(default_factory=dict)
    astray: Sequence[Flaw] = ()

    def add(self, gold: Gold, said: Prediction | None) -> None:
        """Note a question and what was said of it; its numbers are meant in the system's own list if it has one."""
        own = self.places(gold.listed)
        self.idf.add(self.texts[fragment] for fragment in own.values())
        references = tuple(Whole.of(one, own) for one in gold.references)
        self.targets.append(Target(gold.text, references, self.texts))
        self.names.append((gold.batch, gold.external_id))
        self.replies.append(self.reply(gold, said, own))

    def reply(self, gold: Gold, said: Prediction | None, own: Mapping[tuple[bool, int], Hashable]) -> Reply:
        if said is None:
            return Reply(replied=False, cites=self.cites, conditional=self.conditional)
        listed = seen_by(said, gold)
        whole = anchored_prediction(said.annotation, list(listed), Counter())
        return Reply(
            Whole.of(whole, self.places(listed) if said.retrieval else own),
            cites=self.cites,
            conditional=self.conditional,
        )

    def places(self, listed: Sequence[Fragment]) -> dict[tuple[bool, int], Hashable]:
        """Return which fragment stands at each rank, by its digest, and keep what they say."""
        found: dict[tuple[bool, int], Hashable] = {}
        for rank, one in enumerate(listed, 1):
            digest = NewFragment(one.title, one.text).sha256
            self.texts[digest] = f"{one.title} {one.text}"
            found[False, rank] = digest
        return found


def read_files(gold: Path, predictions: Path, system: str = "", *, cites: bool = True) -> Files:
    """Return both files joined. Raises Refused where one is unsound or does not fit the other, or OSError."""
    questions, report = read_gold(gold), Report(predictions.name)
    said = read_predictions(predictions, system, questions, report)
    asked = {place: one for place, one in enumerate(questions) if one.references}
    found = Files(cites=cites, conditional=names_conditions(said[place].annotation for place in asked if place in said))
    found.cited, found.astray = gold_citations(asked.values()), report.astray
    for place, one in asked.items():
        found.add(one, said.get(place))
    return found


def gold_citations(questions: Iterable[Gold]) -> dict[str, int]:
    """Return how many citations gold has, and how many of them no figure counts."""
    gold = (said for one in questions if one.finished for said in one.references)
    return left_out_of(
        (citation.supplementary, citation.rank is not None)
        for said in gold
        for _condition, citation in said.citations()
    )


def read_gold(path: Path) -> list[Gold]:
    """Return the questions of a file; those without references are not scored. Raises Refused where all are."""
    report = Report(path.name)
    questions = list(of_export(path, report) if is_whole(path) else of_questions(path, report))
    if not any(one.references for one in questions) and not report.problems:
        report.refuse("", Problem("", "holds no question with an answer to score by"))
    if report.problems:
        raise Refused(report)
    return questions


def of_questions(path: Path, report: Report) -> Iterator[Gold]:
    for item in reader.items(path, report):
        one = item.question
        said = {authored.author: authored.annotation for authored in one.annotations}
        listed = tuple(line.fragment for line in one.retrieval.listed) if one.retrieval else ()
        references = [said[None]] if None in said else said.values()
        yield Gold("", one.external_id, one.text, that_count(references), listed, None in said)


def that_count(references: Iterable[Annotation]) -> tuple[Annotation, ...]:
    return tuple(one for one in references if counts(one.verdict))


def of_export(path: Path, report: Report) -> Iterator[Gold]:
    """Yield the questions of a ``full`` export, with finished gold."""
    for _header, entries in chunks(path, CHUNK, report):
        yield from map(gold_of, entries)


def gold_of(entry: QuestionEntry) -> Gold:
    """Return a question of an export; as in the database, imported work counts where nobody has begun gold."""
    gold = [one for one in entry.annotations if one.values["source"] == Source.GOLD]
    people = [one for one in entry.annotations if one.values["source"] == Source.HUMAN]
    if not gold and all(is_imported(one) for one in people):
        gold = people
    references = that_count(annotation_of(one) for one in gold if one.values["submitted"])
    lines = entry.retrieval.listed if entry.retrieval else ()
    listed = tuple(Fragment(line.fragment.title, line.fragment.text) for line in lines)
    finished = any(one.values["source"] == Source.GOLD for one in gold)
    return Gold(entry.batch, entry.values["external_id"], entry.values["text"], references, listed, finished)


def is_imported(entry: AnnotationEntry) -> bool:
    return any(step.values["number"] == 1 and step.values["verb"] == "import" for step in entry.revisions)


def annotation_of(entry: AnnotationEntry) -> Annotation:
    verdict = entry.values["verdict"]
    conditions = tuple(part for values, part in entry.conditions if not values["removed"])
    return Annotation(verdict=Verdict(verdict) if verdict else None, conditions=conditions)


def read_predictions(path: Path, system: str, questions: Sequence[Gold], report: Report) -> dict[int, Prediction]:
    """Return what the system said, by the places of the questions. Raises Refused."""
    places: dict[predicted.Key, list[int]] = {}
    for place, one in enumerate(questions):
        places.setdefault(("id", one.external_id), []).append(place)
        places.setdefault(("question", one.text), []).append(place)
    found: dict[int, Prediction] = {}
    seen: dict[tuple[int, int], str] = {}
    for item in predicted.predictions_in(path, system, report):
        said = item.prediction
        fitting = [one for one in places.get(item.key, []) if fits(questions[one], said)]
        if len(fitting) != 1:
            report.refuse(
                item.place, Problem(item.key[0], f"{item.named} {SEVERAL if fitting else 'is no question of the gold'}")
            )
        elif (first := seen.setdefault((fitting[0], said.sample), item.place)) != item.place:
            report.refuse(item.place, Problem(item.key[0], f"{item.named} stands at {first} already"))
        elif said.sample <= found.get(fitting[0], said).sample:
            found[fitting[0]] = said
            for problem in astray(said.annotation, seen_by(said, questions[fitting[0]])):
                report.name_astray(item.place, problem)
    if report.problems:
        raise Refused(report)
    return found


def seen_by(said: Prediction, gold: Gold) -> tuple[Fragment, ...]:
    """Return the fragments in which a system's numbers are meant: its own list, else the question's."""
    return tuple(line.fragment for line in said.retrieval.listed) if said.retrieval else gold.listed


def fits(gold: Gold, said: Prediction) -> bool:
    return not gold.batch or said.batch in ("", gold.batch)
