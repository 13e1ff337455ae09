"""The F1 of two texts' words, as multisets, without stop words: the measure of SQuAD on our tokens."""

from annotator.similarity import Idf, content, tokens, word_overlap
from scoring.judges import Judge
from scoring.judges.lexical import Lexical


def token_f1(idf: Idf) -> Judge:
    return Lexical("token-f1", "1", f1, f1, idf)


def f1(a: str, b: str, _question: str, _idf: Idf) -> float:
    """Return the multiset F1 of content words, or of all words where a side has no others (Rajpurkar et al. 2016)."""
    sides = content(a), content(b)
    return word_overlap(*sides) if all(sides) else word_overlap(tokens(a), tokens(b))
