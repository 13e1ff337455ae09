"""How an index is laid out and asked: what was measured to rank best, in the server's own words."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from retrieval.engines.english import QUESTION_WORDS
from retrieval.engines.protocol import Passage

MAJOR = 9
K1, B = 0.9, 0.4
# Scored as one field in which a word of the title counts twice; scored apart, a boosted title costs recall.
FIELDS = ("title^2", "text")
SETTINGS: dict[str, object] = {
    "analyzer": "standard, folded, porter2",
    "stop words": "questions, in the search",
    "query": "combined_fields, or",
    "fields": list(FIELDS),
    "k1": K1,
    "b": B,
    "elasticsearch": MAJOR,
}

WORDS, QUESTION = "words", "question"
ANALYSIS = {
    "filter": {
        "stems": {"type": "stemmer", "language": "porter2"},
        "question_words": {"type": "stop", "stopwords": QUESTION_WORDS},
    },
    "analyzer": {
        WORDS: {"type": "custom", "tokenizer": "standard", "filter": ["lowercase", "stems"]},
        QUESTION: {"type": "custom", "tokenizer": "standard", "filter": ["lowercase", "question_words", "stems"]},
    },
}
# Frequencies are all that the query reads: positions would double the index.
ENGLISH = {"type": "text", "analyzer": WORDS, "search_analyzer": QUESTION, "index_options": "freqs"}
MAPPINGS: dict[str, Any] = {
    "dynamic": "strict",
    # The database has the text.
    "_source": {"enabled": False},
    "properties": {
        "id": {"type": "long"},
        "digest": {"type": "keyword", "index": False},
        "title": ENGLISH,
        "text": ENGLISH,
    },
}
# While loading, nothing is made visible or copied that soon changes again.
LOADING = {"index": {"refresh_interval": "-1", "auto_expand_replicas": False, "number_of_replicas": 0}}
# None is the server's default. A copy wherever there is a second node to hold it.
SERVING = {"index": {"refresh_interval": None, "auto_expand_replicas": "0-1"}}
# One shard: scores of several would each count words by their own share of the corpus.
CREATED = {
    "index": {"number_of_shards": 1, "similarity": {"default": {"type": "BM25", "k1": K1, "b": B}}},
    "analysis": ANALYSIS,
}

# A server lets so many words be asked at once as it has memory for, some thousands at least.
LONGEST_QUERY = 2_000
ACCENTS = re.compile("[\u0300-\u036f]+")
# Letters that Unicode does not take apart, and the apostrophe that the stemmer knows.
LETTERS = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ı": "i", "’": "'"}
    | {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "TH"}
)


def folded(text: str) -> str:
    """Return a text without accents, for passages and queries alike.

    Done here, not by the server's ``asciifolding``, so that it is the same on every distribution.
    """
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", ACCENTS.sub("", unicodedata.normalize("NFD", text.translate(LETTERS))))


def digest(passage: Passage) -> str:
    """Return the first sixteen digits of the SHA-256 that the database has of a fragment: they tell its content."""
    return hashlib.sha256(f"{passage.title}\0{passage.text}".encode()).hexdigest()[:16]


def document(passage: Passage) -> dict[str, object]:
    """Return what is indexed of a passage."""
    return {
        "id": passage.fragment_id,
        "digest": digest(passage),
        "title": folded(passage.title),
        "text": folded(passage.text),
    }


def search_of(query: str, k: int) -> dict[str, Any]:
    """Return the body of a search for the best ``k``, ties by fragment id; nothing but scores and ids comes back."""
    return {
        "query": matching(folded(query[:LONGEST_QUERY])),
        "size": k,
        "sort": [{"_score": "desc"}, {"id": "asc"}],
        "track_total_hits": False,
        "stored_fields": "_none_",
    }


def matching(query: str) -> Mapping[str, Any]:
    """Return the query: any word may match, and question words count only where there is nothing else."""
    words = re.findall(r"\w+", query.lower())
    if words and set(words) <= set(QUESTION_WORDS):
        # combined_fields takes no analyzer of its own; this one scores a little differently, and alone.
        return {"multi_match": {"query": query, "fields": FIELDS, "type": "cross_fields", "analyzer": WORDS}}
    return {"combined_fields": {"query": query, "fields": FIELDS, "operator": "or"}}


def operation(number: int, passage: Passage | None) -> bytes:
    """Return the lines of a bulk request that index a passage under its id, or take it out."""
    if passage is None:
        return json.dumps({"delete": {"_id": str(number)}}).encode()
    action = {"index": {"_id": str(number)}}
    return f"{json.dumps(action)}\n{json.dumps(document(passage), ensure_ascii=False)}".encode()
