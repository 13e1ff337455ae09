"""The rows of an adjudication: which conditions of several annotations are one and the same.

Every two annotations are aligned. Then, again and again, the two rows are joined that are most alike on the mean of
all their pairs, as long as a pair of an alignment links them, none excludes another and the mean is at least ``PAIR``.
Of two annotations that makes the pairs of ``align``; of more, a row holds together as a whole, not link by link.
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import combinations, product

from annotator.alignment import DIGITS, PAIR, Compared, Links, best_pairs, in_order, likenesses
from annotator.similarity import Idf, even

Node = tuple[int, int]
"""A condition among several annotations: which annotation, and its place there."""
Row = frozenset[Node]


def align_many(
    sides: Sequence[Sequence[Compared]],
    question: str = "",
    idf: Idf = even,
    together: Iterable[tuple[Node, Node]] = (),
    apart: Iterable[tuple[Node, Node]] = (),
) -> list[Row]:
    """Return the rows of several annotations, at most one condition of each in a row, in the order of the first ones.

    Conditions ``together`` share a row, those ``apart`` never do; ValueError where that cannot be. In what order the
    annotations and their conditions come does not matter.
    """
    joining = Joining(sides, question, idf, list(together), list(apart))
    while nearest := joining.nearest():
        joining.join(*nearest)
    return sorted(joining.rows, key=min)


def carved(rows: Iterable[Row], groups: Sequence[Row], apart: Collection[frozenset[Node]]) -> list[Row]:
    """Return the rows with each decided group as a row of its own; nothing else moves.

    What stood in a row with conditions of a group goes with them, where its annotation has none there and it is not
    taken apart from any; what does not stays by itself, together as far as it is not apart.
    """
    whole = [set(group) for group in groups]
    held = frozenset().union(*groups)
    left: list[set[Node]] = []
    for row in rows:
        near = [found for found, group in zip(whole, groups, strict=True) if group & row]
        rest: list[set[Node]] = []
        for node in sorted(row - held):
            home = next((found for found in (*near, *rest) if may_enter(node, found, apart)), None)
            if home is None:
                home = set()
                rest.append(home)
            home.add(node)
        left += rest
    return sorted((frozenset(found) for found in (*whole, *left) if found), key=min)


def may_enter(node: Node, row: Collection[Node], apart: Collection[frozenset[Node]]) -> bool:
    """Return whether the annotation has no other condition in the row, and the condition is apart from none there."""
    return all(node[0] != other[0] and frozenset({node, other}) not in apart for other in row)


class Joining:
    """Rows that grow together: how alike all conditions are, which pairs link rows, and the rows so far."""

    def __init__(
        self,
        sides: Sequence[Sequence[Compared]],
        question: str,
        idf: Idf,
        together: Sequence[tuple[Node, Node]],
        apart: Sequence[tuple[Node, Node]],
    ) -> None:
        self.apart = {frozenset(pair) for pair in apart}
        self.scores: dict[frozenset[Node], float] = {}
        self.linked: set[frozenset[Node]] = set()
        self.means: dict[tuple[Row, Row], float] = {}
        for one, other in combinations(range(len(sides)), 2):
            self.compare(sides, one, other, question, idf, together)
        self.rows = [frozenset({node}) for node in nodes_in_order(sides)]
        for first, second in together:
            self.put_together(first, second)

    def compare(
        self,
        sides: Sequence[Sequence[Compared]],
        one: int,
        other: int,
        question: str,
        idf: Idf,
        together: Sequence[tuple[Node, Node]],
    ) -> None:
        """Note how alike the conditions of two annotations are, and which pairs their alignment makes."""
        alike = likenesses(sides[one], sides[other], question, idf)
        for i, j in product(range(len(sides[one])), range(len(sides[other]))):
            self.scores[frozenset({(one, i), (other, j)})] = alike[i][j].score
        links = Links(within(together, one, other), within(self.apart, one, other))
        for pair in best_pairs(sides[one], sides[other], alike, links):
            self.linked.add(frozenset({(one, pair.first), (other, pair.second)}))

    def put_together(self, first: Node, second: Node) -> None:
        row, other = (next(row for row in self.rows if node in row) for node in (first, second))
        if row != other:
            if not self.may_join(row, other):
                raise ValueError(f"{first} and {second} cannot share a row")
            self.join(row, other)

    def join(self, row: Row, other: Row) -> None:
        self.rows[self.rows.index(row)] = row | other
        self.rows.remove(other)

    def nearest(self) -> tuple[Row, Row] | None:
        """Return the two rows to join next, None where none is left."""
        best = max(combinations(self.rows, 2), key=self.kept_mean, default=None)
        return best if best and self.kept_mean(best) >= PAIR else None

    def kept_mean(self, rows: tuple[Row, Row]) -> float:
        """Return the mean of two rows, 0 where they may not join; a row never changes, so it is worked out once."""
        if rows not in self.means:
            self.means[rows] = self.mean(*rows) if self.may_join(*rows) else 0.0
        return self.means[rows]

    def may_join(self, row: Row, other: Row) -> bool:
        """Return whether no annotation stands in both rows, and nothing keeps them apart."""
        if {side for side, _place in row} & {side for side, _place in other}:
            return False
        return not any(frozenset(pair) in self.apart for pair in product(row, other))

    def mean(self, row: Row, other: Row) -> float:
        """Return the mean S between two rows, 0 where no alignment links them or two conditions exclude each other."""
        pairs = [frozenset(pair) for pair in product(row, other)]
        scores = sorted(self.scores[pair] for pair in pairs)
        if scores[0] < 0 or not any(pair in self.linked for pair in pairs):
            return 0.0
        return round(sum(scores) / len(scores), DIGITS)


def within(pairs: Iterable[Iterable[Node]], one: int, other: int) -> frozenset[tuple[int, int]]:
    """Return those pairs that lie between two annotations, as places there."""
    ordered = (sorted(pair, key=lambda node: node[0] != one) for pair in pairs)
    return frozenset((a[1], b[1]) for a, b in ordered if (a[0], b[0]) == (one, other))


def nodes_in_order(sides: Sequence[Sequence[Compared]]) -> list[Node]:
    """Return all conditions in an order that hangs on what they say alone."""
    keys = [sorted(part.key for part in side) for side in sides]
    return [
        (side, place) for side in sorted(range(len(sides)), key=keys.__getitem__) for place in in_order(sides[side])
    ]
