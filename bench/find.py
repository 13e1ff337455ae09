"""The search through a project of 10,000 questions with 20 fragments each, beside the bare SQL of the same engine.

    python -m bench find [--questions 10000]

Two people wrote three conditions on each question. The keys are those of the first page of fragments, beside the bare
query that finds them; a list is that page with all that it shows, the same work whatever the size of the project. The
whole page is what a manager gets, all kinds with their numbers. Against PostgreSQL with ``DATABASE_URL``; a database in
which the project is already is measured again as it is.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from bench import synthetic
from bench.site import prepare

if TYPE_CHECKING:
    from annotator.models import Member, Project, Question

LISTED, CHUNK, ROUNDS = 20, 250, 5
TABLE = "annotator_searchtext"
BARE = {
    "sqlite": f"SELECT rowid FROM {TABLE}_words WHERE {TABLE}_words MATCH %s ORDER BY rowid LIMIT 26",
    "postgresql": f"SELECT id FROM {TABLE} WHERE vector @@ %s::tsquery AND kind = 'fragment' ORDER BY id LIMIT 26",
}


def seed(number: int) -> "Project":
    """Return the project, made unless it is there."""
    from annotator.models import Project
    from bench import seeds
    from retrieval.models import Corpus

    found = Project.objects.filter(name="Found").first()
    if found:
        return found
    project, members = seeds.make_project({"ann": "annotator", "bo": "annotator", "mo": "manager"})
    corpus = Corpus.objects.create(slug=project.slug, name="A corpus")
    passages = synthetic.rows(number * LISTED)
    for start in range(0, number, CHUNK):
        questions = list(made(project, corpus, passages, range(start, min(start + CHUNK, number))))
        write(questions, members[:2])
    Project.objects.filter(pk=project.pk).update(name="Found")
    return project


def made(
    project: "Project", corpus: object, passages: Iterator[tuple[int, str, str]], orders: range
) -> "list[Question]":
    """Return new questions, each with its list."""
    from django.utils import timezone

    from annotator.models import Question
    from retrieval.fragments import NewFragment, store_fragments
    from retrieval.freezing import Line, NewList, freeze_many

    batch, now = project.batches.get(), timezone.now()
    parts = [[NewFragment(*next(passages)[1:]) for _rank in range(LISTED)] for _order in orders]
    ids = store_fragments(corpus, [part for each in parts for part in each])  # type: ignore[arg-type]
    lists = freeze_many(
        [
            NewList(
                "a query",
                LISTED,
                "file",
                {},
                [Line(at, ids[one.sha256], one.sha256, 1.0) for at, one in enumerate(each, 1)],
            )
            for each in parts
        ]
    )
    return Question.objects.bulk_create(
        Question(
            batch=batch,
            external_id=f"q{order}",
            order=order + 1,
            text=parts[at][0].text[:80],
            retrieval=lists[at],
            created=now,
        )
        for at, order in enumerate(orders)
    )


def write(questions: "list[Question]", members: "list[Member]") -> None:
    """Let each of the members have written three conditions on each of the questions."""
    from django.utils import timezone

    from annotator.models import Annotation, Answer, Condition

    now, words, rng = timezone.now(), synthetic.vocabulary(20_000), random.Random(3)
    works = Annotation.objects.bulk_create(
        Annotation(question=one, author=member, revisions_made=1, created=now, saved=now, submitted=now)
        for one in questions
        for member in members
    )
    cards = Condition.objects.bulk_create(
        Condition(annotation=work, uid=f"c{place}", order=place, text=" ".join(rng.choices(words, k=9)))
        for work in works
        for place in range(3)
    )
    Answer.objects.bulk_create(Answer(condition=card, uid="a", order=1, text=rng.choice(words)) for card in cards)


def seconds(act: Callable[[str], object], queries: list[str]) -> list[float]:
    """Return how long each query took, the best of a few rounds."""
    best = [float("inf")] * len(queries)
    for _round in range(ROUNDS):
        for place, query in enumerate(queries):
            began = time.perf_counter()
            act(query)
            best[place] = min(best[place], time.perf_counter() - began)
    return best


def measure(project: "Project") -> None:
    """Read what is unread, search, and print what it took."""
    mo = looked_on(project)
    read_new(project)
    acts = acts_of(mo)
    for name, queries in asked().items():
        times = [seconds(act, queries) for act in acts]
        first, second, third, fourth = (1000 * statistics.median(found) for found in times)
        ratio = statistics.median(one / other for one, other in zip(times[1], times[0], strict=True))
        ours = f"its keys {second:6.1f} ms (ratio {ratio:.2f}), a list {third:5.1f} ms, the whole page {fourth:5.1f} ms"
        print(f"  {name:14} bare {first:6.1f} ms, {ours}")


def read_new(project: "Project") -> None:
    """Read what is new in the project, and print how fast; PostgreSQL learns what its tables hold."""
    from django.db import connection

    from annotator.actions.indexing import read_all
    from annotator.models import SearchText

    began = time.perf_counter()
    if number := read_all(project):
        took = time.perf_counter() - began
        rate = SearchText.objects.count() / took
        print(f"  read {number:,} questions and annotations in {took:.0f} s, {rate:,.0f} texts/s")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def looked_on(project: "Project") -> "Member":
    """Return the manager, who has looked at every question."""
    from django.utils import timezone

    from annotator.models import Look, Member, Question

    mo = Member.objects.select_related("user", "project").get(project=project, role="manager")
    if not Look.objects.filter(member=mo).exists():
        Look.objects.bulk_create(
            Look(member=mo, question=one, at=timezone.now()) for one in Question.objects.filter(batch__project=project)
        )
    return mo


def acts_of(mo: "Member") -> tuple[Callable[[str], object], ...]:
    """Return what is measured with a query: the bare SQL, our keys, a list of them, and the whole page."""
    from django.test import Client

    from annotator.actions.searching import Asked, search
    from annotator.hits import hit_of, shown
    from annotator.views.search import PAGE
    from annotator.words import query_of

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(mo.user)

    def keys(words: str) -> list[int]:
        return search(mo, Asked(words), "fragment").first_keys(PAGE + 1)

    def listed(words: str) -> object:
        query = query_of(words)
        return [hit_of(row, query) for row in shown(keys(words))]

    def page(words: str) -> object:
        answer = client.get(f"/p/{mo.project.slug}/search/", {"q": words})
        assert answer.status_code == 200
        return answer

    return partial(bare, mo.project_id), keys, listed, page


def bare(project: int, words: str) -> object:
    """Ask the index of the database itself for fragments of the project."""
    from django.db import connection

    from annotator.word_index import for_postgresql, for_sqlite
    from annotator.words import query_of

    query = query_of(words).of(str(project), "fragment")
    rendered = for_sqlite(query) if connection.vendor == "sqlite" else " & ".join(for_postgresql(query))
    with connection.cursor() as cursor:
        cursor.execute(BARE[connection.vendor], [rendered])
        return cursor.fetchall()


def asked() -> dict[str, list[str]]:
    """Return the queries, by what they are of."""
    vocabulary = synthetic.vocabulary()
    return {
        "rare words": [vocabulary[at] for at in range(20_000, 40_000, 2_000)],
        "common words": vocabulary[100:110],
        "the commonest": vocabulary[:2],
        "two words": [" ".join(pair) for pair in zip(vocabulary[200:210], vocabulary[300:310], strict=True)],
        "phrases": [f'"{a} {b}"' for a, b in zip(vocabulary[20:25], vocabulary[30:35], strict=True)],
        "beginnings": [f"{word}*" for word in vocabulary[5_000:5_010]],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=10_000)
    options = parser.parse_args()
    prepare()
    from django.db import connection

    print(f"find on {connection.vendor}: {options.questions:,} questions × {LISTED} fragments")
    measure(seed(options.questions))


if __name__ == "__main__":
    main()
