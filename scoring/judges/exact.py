"""Whether two texts are the same, however they are cased, accented and spaced."""

from annotator.similarity import Idf, same_text
from scoring.judges import Judge
from scoring.judges.lexical import Lexical


def exact(idf: Idf) -> Judge:
    return Lexical("exact", "1", same, same, idf)


def same(a: str, b: str, _question: str, _idf: Idf) -> float:
    """Return 1 for the same text after ``norm``, else 0."""
    return float(same_text(a, b))
