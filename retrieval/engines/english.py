"""How English text becomes search terms, the same for passages and queries."""

import re
from collections.abc import Sequence

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

LONGEST_WORD = 40
# Question words and auxiliaries tell what kind of answer is wanted, not what about. Articles and prepositions stay:
# dropping them too cost recall among the first five.
QUESTION_WORDS = [
    *("who", "whom", "whose", "what", "which", "when", "where", "why", "how"),
    *("is", "are", "was", "were", "be", "been", "being"),
    *("do", "does", "did", "has", "have", "had", "can", "could", "would"),
]


def analyzer(dropped: Sequence[str] = ()) -> TextAnalyzer:
    """Return an analyzer: words of letters and digits, lower case, accents folded, some dropped, the rest stemmed."""
    return (
        TextAnalyzerBuilder(Tokenizer.simple())
        .filter(Filter.remove_long(LONGEST_WORD))
        .filter(Filter.lowercase())
        .filter(Filter.ascii_fold())
        .filter(Filter.custom_stopword(list(dropped)))
        .filter(Filter.stemmer("english"))
        .build()
    )


WORDS = analyzer()
QUESTION = analyzer(QUESTION_WORDS)


def query_terms(query: str) -> list[str]:
    """Return a query's distinct terms in order; question words count only where there is nothing else."""
    return list(dict.fromkeys(QUESTION.analyze(query) or WORDS.analyze(query)))


def marked(text: str, query: str) -> list[tuple[str, bool]]:
    """Return a text in runs, each with whether it is a word for which a query finds it."""
    terms = set(query_terms(query))
    runs = (run for run in re.split(r"(\w+)", text) if run)
    return [(run, not terms.isdisjoint(WORDS.analyze(run))) for run in runs]
