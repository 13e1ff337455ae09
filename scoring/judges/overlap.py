"""The default judge: overlap of words, letters and facts, symmetric in its two texts (SCORING.md).

C for conditions, which is an overlap of words and never the published condition score; A for answers.
"""

from annotator.similarity import Idf, answer_similarity, condition_overlap
from scoring.judges import Judge
from scoring.judges.lexical import Lexical


def overlap(idf: Idf) -> Judge:
    return Lexical("overlap", "1", condition_overlap, answer_similarity, idf)
