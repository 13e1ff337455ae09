"""Where the parts of a gold condition came from, in words."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from annotator.decisions import Decision, Part
from annotator.record import Annotation, Condition

# Of work that was returned, or taken back, since gold took a part of it.
WITH_ITS_AUTHOR = gettext_lazy("work that is back with its author")


def origins_of(
    gold: Annotation, decisions: Iterable[Decision], names: Mapping[int, str], works: Mapping[int, Annotation]
) -> dict[str, list[str]]:
    """Return for each gold condition, by uid, whose parts it has; ``works`` are the annotations that it may be from."""
    found = {}
    for decision in decisions:
        if condition := gold.condition(decision.condition):
            known = (part for part in decision.parts if part.annotation in works)
            sources = (works[part.annotation].condition(part.uid) for part in known)
            found[condition.uid] = list(origins(condition, decision.parts, names, [one for one in sources if one]))
    return found


def origins(
    gold: Condition, parts: Collection[Part], names: Mapping[int, str], sources: Collection[Condition]
) -> Iterator[str]:
    """Yield "condition: Annotator 1, edited" for each kind of part that gold has.

    ``names`` says whose each annotation is, of those that are with their authors nothing; ``sources`` are the
    conditions in the row. Whether gold was edited since is told where everybody's part is there to compare.
    """
    texts = [source.text for source in sources]
    answers = [answer.text for source in sources for answer in source.answers]
    if gold.text:
        edited = gold.text not in texts
        yield words_of(_("condition"), [gold.uid], parts, names, edited)
    if gold.answers:
        edited = not all(answer.text in answers for answer in gold.answers)
        yield words_of(_("answers"), [one.uid for one in gold.answers], parts, names, edited)
    if gold.citations:
        yield words_of(_("citations"), [one.uid for one in gold.citations], parts, names, edited=False)


def words_of(what: str, uids: Collection[str], parts: Iterable[Part], names: Mapping[int, str], edited: bool) -> str:
    """Return "condition: 1, edited": whose part it is; nobody's is the adjudicator's own."""
    givers = {part.annotation for part in parts if gave(part, uids)}
    words = " + ".join(sorted({names.get(giver, str(WITH_ITS_AUTHOR)) for giver in givers})) or _("the adjudicator")
    return f"{what}: {words}" + (_(", edited") if edited and givers and givers <= names.keys() else "")


def gave(part: Part, uids: Collection[str]) -> bool:
    """Return whether one of these parts of gold came from the condition."""
    return any(uid in uids for uid, _source in part.gave)
