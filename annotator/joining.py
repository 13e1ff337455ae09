"""The rows of an adjudication: which conditions of several annotations are one and the same.

Every two annotations are aligned. Then, again and again, the two rows are joined that are most alike on the mean of
all their pairs, as long as a pair of an alignment links them, none excludes another and the mean is at least ``PAIR``.
Of two annotations that makes the pairs of ``align``; of more, a row holds together as a whole, not link by link.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from heapq import heappop, heappush
from itertools import combinations, product

from annotator.alignment import DIGITS, PAIR, Compared, best_pairs, in_order, likenesses
from annotator.similarity import Idf, even

Node = tuple[int, int]
"""A condition among several annotations: which annotation, and its place there."""
Row = frozenset[Node]
Apart = Collection[Row]
"""The pairs of conditions that never share a row."""
Score = Callable[[Node, Node], float]
"""How alike two conditions of different annotations are."""


def align_many(sides: Sequence[Sequence[Compared]], question: str = "", idf: Idf = even) -> list[Row]:
    """Return the rows of several annotations, at most one condition of each in a row, in the order of the first ones.

    In what order the annotations and their conditions come does not matter.
    """
    joining = Joining(sides, question, idf)
    while joining.join_nearest():
        pass
    return sorted(joining.rows.values(), key=min)


def carved(rows: Iterable[Row], groups: Sequence[Row], apart: Apart, score: Score) -> list[Row]:
    """Return the rows with each decided group as a row of its own; nothing else moves.

    What stood in a row with conditions of a group goes with them, where its annotation has none there and it is not
    taken apart from any; what does not stays by itself, together as far as it is not apart. Where it may go with
    several it goes with the nearest, by the mean of its ``score`` with each condition there: so the decided groups are
    kept together, what is ``apart`` is kept apart, and it does not matter in what order people come.
    """
    rows, whole, held = list(rows), [set(group) for group in groups], frozenset().union(*groups)
    homes = {
        node: [found for found, group in zip(whole, groups, strict=True) if group & row]
        for row in rows
        for node in row - held
    }
    unseated = seated(homes, apart, score)
    left: list[set[Node]] = []
    for row in rows:
        near, torn = any(group & row for group in groups), any(pair <= row for pair in apart)
        left += gathered(row & unseated, apart, score) if near or torn else [set(row)]
    return sorted((frozenset(found) for found in (*whole, *left) if found), key=min)


def seated(homes: Mapping[Node, Sequence[set[Node]]], apart: Apart, score: Score) -> Row:
    """Let each condition enter one of its homes, the nearest first; return those that find no room."""
    left = set(homes)
    while pair := most_alike(((home, {node}) for node in sorted(left) for home in homes[node]), apart, score):
        home, entering = pair
        home |= entering
        left -= entering
    return frozenset(left)


def gathered(loose: Row, apart: Apart, score: Score) -> list[set[Node]]:
    """Return conditions in as few rows as they may share, the most alike joined first."""
    rows = [{node} for node in sorted(loose)]
    while pair := most_alike(combinations(rows, 2), apart, score):
        row, other = pair
        rows.remove(other)
        row |= other
    return rows


def most_alike(
    pairs: Iterable[tuple[set[Node], set[Node]]], apart: Apart, score: Score
) -> tuple[set[Node], set[Node]] | None:
    """Return the two rows with the largest mean score between them, of those that may share a row."""
    fitting = (pair for pair in pairs if may_share(*pair, apart))
    return max(fitting, key=lambda pair: mean_of([score(*nodes) for nodes in product(*pair)]), default=None)


def may_share(row: Collection[Node], other: Collection[Node], apart: Apart = ()) -> bool:
    """Return whether no annotation stands in both rows, and no condition of one is apart from one of the other."""
    return all(a[0] != b[0] and frozenset({a, b}) not in apart for a, b in product(row, other))


def mean_of(scores: Iterable[float]) -> float:
    """Return the mean of scores, whatever their order."""
    found = sorted(scores)
    return round(sum(found) / len(found), DIGITS)


class Joining:
    """Rows that grow together, each under the place of its first one: how alike conditions are, and what links them.

    ``nearest`` holds what may be joined, the most alike first; of two that are, what stands first. A row that has
    grown since is another, and is passed over there.
    """

    def __init__(self, sides: Sequence[Sequence[Compared]], question: str, idf: Idf) -> None:
        self.scores: dict[frozenset[Node], float] = {}
        self.linked = defaultdict[Node, set[Node]](set)
        self.nearest: list[tuple[float, int, int, Row, Row]] = []
        nodes = nodes_in_order(sides)
        self.rows = {place: frozenset({node}) for place, node in enumerate(nodes)}
        self.places = {node: place for place, node in enumerate(nodes)}
        for one, other in combinations(range(len(sides)), 2):
            self.compare(sides, one, other, question, idf)
        for place, row in self.rows.items():
            self.offer(place, (other for other in self.neighbours(row) if other > place))

    def compare(self, sides: Sequence[Sequence[Compared]], one: int, other: int, question: str, idf: Idf) -> None:
        """Note how alike the conditions of two annotations are, and which pairs their alignment makes."""
        alike = likenesses(sides[one], sides[other], question, idf)
        for i, j in product(range(len(sides[one])), range(len(sides[other]))):
            self.scores[frozenset({(one, i), (other, j)})] = alike[i][j].score
        for pair in best_pairs(sides[one], sides[other], alike):
            first, second = (one, pair.first), (other, pair.second)
            self.linked[first].add(second)
            self.linked[second].add(first)

    def neighbours(self, row: Row) -> set[int]:
        """Return the places of the rows that a pair of an alignment links with one."""
        return {self.places[partner] for node in row for partner in self.linked[node]} - {self.places[min(row)]}

    def offer(self, place: int, others: Iterable[int]) -> None:
        """Let a row be joined with linked ones, where they may share a row and are alike enough."""
        for other in others:
            first, second = sorted((place, other))
            rows = self.rows[first], self.rows[second]
            if may_share(*rows) and (mean := self.mean(*rows)) >= PAIR:
                heappush(self.nearest, (-mean, first, second, *rows))

    def join_nearest(self) -> bool:
        """Join the two rows that are most alike, and return whether there was anything left to join."""
        while self.nearest:
            _mean, place, other, *rows = heappop(self.nearest)
            if [self.rows.get(place), self.rows.get(other)] == rows:
                self.join(place, other)
                return True
        return False

    def join(self, place: int, other: int) -> None:
        row = self.rows[place] | self.rows.pop(other)
        self.rows[place] = row
        self.places.update(dict.fromkeys(row, place))
        self.offer(place, self.neighbours(row))

    def mean(self, row: Row, other: Row) -> float:
        """Return the mean S between two rows, 0 where two conditions exclude each other."""
        scores = [self.scores[frozenset(pair)] for pair in product(row, other)]
        return 0.0 if min(scores) < 0 else mean_of(scores)


def nodes_in_order(sides: Sequence[Sequence[Compared]]) -> list[Node]:
    """Return all conditions in an order that hangs on what they say alone."""
    keys = [sorted(part.key for part in side) for side in sides]
    return [
        (side, place) for side in sorted(range(len(sides)), key=keys.__getitem__) for place in in_order(sides[side])
    ]
