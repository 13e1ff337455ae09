"""How much of what a system answers stands, word by word, in the fragments that it cites.

It compares words: it says "overlap", and never that a fragment supports an answer.
"""

import re
from collections.abc import Iterator

from annotator.similarity import answer_similarity, content
from scoring.measures import Figure, Values
from scoring.measures.texts import mean, said, share
from scoring.scored import Part, Scored

FIGURES = {
    "k_precision": Figure("K-precision", "share of an answer’s content words that stand in the fragments it cites"),
    "cited_overlap": Figure(
        "Overlap with the cited text", "similarity of an answer and the sentence of a cited fragment most like it"
    ),
}
SENTENCE = re.compile(r"(?<=[.!?。！？])\s+")


def measured(scored: Scored) -> Values:
    """Return the means over the conditions that cite something; None where none does."""
    cited = [(said(part), texts(part, scored)) for part in scored.predicted.parts if part.cited]
    question = scored.target.question
    return {
        "k_precision": mean(share(content(answer), content(" ".join(found))) for answer, found in cited),
        "cited_overlap": mean(nearest(answer, found, question) for answer, found in cited if answer.strip()),
    }


def texts(part: Part, scored: Scored) -> list[str]:
    return [scored.target.texts[fragment] for fragment in sorted(part.cited, key=str)]


def nearest(answer: str, found: list[str], question: str) -> float | None:
    """Return how alike the most alike sentence is, None where the fragments hold none."""
    return max((answer_similarity(answer, one, question) for text in found for one in sentences(text)), default=None)


def sentences(text: str) -> Iterator[str]:
    return filter(str.strip, SENTENCE.split(text))
