"""What the steps of gold's history changed, in words: what was decided of which row, and what became of gold."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from annotator import record
from annotator.actions.history import Verb, after, record_at
from annotator.decisions import Decision, Kind, Node
from annotator.desk import Desk, decision_record
from annotator.models import Annotation, Revision
from annotator.origins import WITH_ITS_AUTHOR
from annotator.steps import Change, overall_words, short, words_of_card, words_of_whole
from annotator.supplement_numbers import Numbers, numbered, numbers_in


@dataclass(frozen=True, slots=True)
class People:
    """Whose each annotation on the desk is, as the page calls them, and what each condition says.

    ``numbers`` are those of what was added to the question’s fragments.
    """

    names: Mapping[int, str]
    texts: Mapping[Node, str]
    numbers: Numbers

    def name(self, annotation: int) -> str:
        return self.names.get(annotation, str(WITH_ITS_AUTHOR))

    def all_of(self, decision: Decision) -> str:
        return ", ".join(sorted(self.name(part.annotation) for part in decision.parts))


def people_of(desk: Desk, names: Mapping[int, str]) -> People:
    """Return the people on a desk, and the drafts, as they are called there. Two queries at most."""
    works = [*desk.people, *desk.drafts]
    texts = {(work.annotation, card.uid): card.text for work in works for card in work.record.conditions}
    return People(names, texts, numbers_in(desk.question.supplementary_id))


@dataclass(frozen=True, slots=True)
class Turn:
    """One step: what stood before and after it, and the decisions that it ended and made."""

    step: Revision
    before: record.Annotation
    left: record.Annotation
    ended: Sequence[Decision]
    made: Sequence[Decision]


def gold_changes(gold: Annotation, begun: record.Annotation, until: int, most: int, people: People) -> list[Change]:
    """Return what the last ``most`` steps up to ``until`` changed, newest first. Five queries.

    Gold was ``begun`` as that, which is no step.
    """
    steps = gold.revisions.select_related("by__user").filter(number__lte=until)[:most]
    return gold_changes_of(gold, begun, list(steps), people)


def gold_changes_of(
    gold: Annotation, begun: record.Annotation, steps: Sequence[Revision], people: People
) -> list[Change]:
    """Return what some steps changed, newest first as they come, with none between them left out. Four queries."""
    decided = [(row.since, row.until, decision_record(row)) for row in gold.decisions.prefetch_related("parts")]
    before = steps[-1].number - 1 if steps else 0
    stood = record_at(gold, before) if before else begun
    told = []
    for step in reversed(steps):
        left = after(stood, step)
        ended = [decision for _since, until, decision in decided if until == step.number]
        made = [decision for since, _until, decision in decided if since == step.number]
        turn = Turn(step, numbered(stood, people.numbers), numbered(left, people.numbers), ended, made)
        told.append(Change(step, words_of(turn, people)))
        stood = left
    return told[::-1]


def words_of(turn: Turn, people: People) -> str:
    """Return what a step did. One that changed nothing took finished gold up again."""
    if turn.step.verb == Verb.SUBMIT:
        return _("finished: this is gold")
    if turn.step.verb != Verb.DECIDE:
        return words_of_whole(turn.before, turn.left, turn.step)
    said = overall_words(turn.before, replace(turn.left, conditions=turn.before.conditions))
    return "; ".join([*rows_words(turn, people), *written_words(turn), *said]) or _("taken up again")


def rows_words(turn: Turn, people: People) -> Iterator[str]:
    """Yield what became of each row that the step touched."""
    followed: list[Decision] = []
    for new in turn.made:
        olds = sorted((one for one in turn.ended if follows(one, new)), key=lambda one: one.condition != new.condition)
        followed += olds
        if words := row_words(turn, olds[0] if olds else None, new, people):
            yield f"{name_of(turn, new, people)}: {words}"
    for gone in turn.ended:
        if gone not in followed and gone.kind is not Kind.APART:
            yield f"{name_of(turn, gone, people)}: {_('reopened') if gone.kind.closes else _('taken back')}"


def written_words(turn: Turn) -> Iterator[str]:
    """Yield how gold conditions were written whose rows are decided as before."""
    decided = {decision.condition for decision in (*turn.ended, *turn.made)}
    for card in turn.left.conditions:
        was = turn.before.condition(card.uid)
        if card.uid not in decided and was != card:
            yield f"“{short(card.text)}”: {words_of_card(was, card, turn.step)}"


def follows(old: Decision, new: Decision) -> bool:
    """Return whether a decision is about the row of another, which it replaces."""
    if Kind.APART in (old.kind, new.kind):
        return old.kind is new.kind and old.nodes == new.nodes
    return bool(old.condition and old.condition == new.condition) or bool(old.nodes & new.nodes)


def row_words(turn: Turn, old: Decision | None, new: Decision, people: People) -> str:
    """Return what was decided of a row, empty where it only gave a condition away."""
    if new.kind is Kind.APART:
        return _("split: %(people)s") % {"people": people.all_of(new)}
    if old and old.kind is new.kind and new.kind.closes:
        return _("looked at again, still right")
    if new.kind is Kind.NONE:
        return _("none of these: %(reason)s") % {"reason": new.reason}
    if old and old.kind.closes and new.kind is not Kind.ACCEPTED:
        return ", ".join([_("reopened"), *built_words(turn, old, new, people)])
    if new.kind is Kind.ACCEPTED:
        return ", ".join([*built_words(turn, old, new, people), _("accepted")])
    joined = [_("joined: %(people)s") % {"people": people.all_of(new)}] if grown(old, new) else []
    return ", ".join([*joined, *built_words(turn, old, new, people)])


def grown(old: Decision | None, new: Decision) -> bool:
    """Return whether conditions were put together that nobody had put together before."""
    return new.kind is Kind.TOGETHER or bool(old and old.nodes and old.nodes < new.nodes)


def built_words(turn: Turn, old: Decision | None, new: Decision, people: People) -> Iterator[str]:
    """Yield from whom parts of gold were taken, or how it was written."""
    was, became = turn.before.condition(new.condition), turn.left.condition(new.condition)
    if became is None or was == became:
        return
    known = {(part.annotation, pair) for part in old.parts for pair in part.gave} if old else set()
    taken = False
    for part in new.parts:
        fresh = {uid for uid, source in part.gave if (part.annotation, (uid, source)) not in known}
        if kinds := ", ".join(kinds_of(fresh, became)):
            taken = True
            yield _("%(parts)s of %(name)s") % {"parts": kinds, "name": people.name(part.annotation)}
    if not taken:
        yield words_of_card(was, became, turn.step)


def kinds_of(uids: set[str], gold: record.Condition) -> Iterator[str]:
    """Yield what parts of a gold condition these are."""
    if gold.uid in uids:
        yield _("text")
    if uids & {one.uid for one in gold.answers}:
        yield _("answers")
    if uids & {one.uid for one in gold.citations}:
        yield _("citations")


def name_of(turn: Turn, decision: Decision, people: People) -> str:
    """Return a row by what gold, or else the first of its conditions, says."""
    gold = turn.left.condition(decision.condition) or turn.before.condition(decision.condition)
    texts = [gold.text] if gold else []
    texts += [people.texts.get(part.node, "") for part in decision.parts]
    return _("“%(text)s”") % {"text": short(next(filter(None, texts), "–"))}
