"""Which of gold's facts and words stand in the answers of its pair; a condition that is missed keeps none of them."""

from annotator.similarity import content, facts
from scoring.measures import Figure, Values
from scoring.measures.texts import mean, recall
from scoring.scored import Scored

FIGURES = {
    "entity_retention": Figure("Entities kept", "share of gold’s numbers, months and names that the answer has"),
    "word_recall": Figure("Answer recall, words", "share of the content words of gold’s answer that the answer has"),
}


def measured(scored: Scored) -> Values:
    """Return the means over gold's conditions, less those whose answers hold nothing of the kind."""
    beside = {pair.first: predicted for pair, _gold, predicted in scored.sides()}
    sides = [(gold, beside.get(place)) for place, gold in enumerate(scored.gold.parts)]
    return {
        "entity_retention": mean(recall(facts, gold, predicted) for gold, predicted in sides),
        "word_recall": mean(recall(content, gold, predicted) for gold, predicted in sides),
    }
