"""Which questions of a batch are annotated more than once, where that is a share of them."""

from random import Random


def shared(place: int, share: int, seed: int) -> bool:
    """Return whether the question at a place, from 1, is among the ``share`` percent that are annotated more than once.

    The places are cut into stretches that hold one such question each (five places for 20 %), and the seed says which
    one it is. So a batch has its share at any size, give or take one, and questions that come later change nothing.
    """
    if share > 50:
        return not shared(place, 100 - share, seed)
    if not share:
        return False
    stretch = -(-place * share // 100)
    first, last = (stretch - 1) * 100 // share + 1, stretch * 100 // share
    return Random(f"{seed}:{stretch}").randint(first, last) == place  # noqa: S311 - a draw that can be repeated
