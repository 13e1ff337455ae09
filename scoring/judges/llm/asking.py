"""Many questions at once, to an endpoint that is asked no more than so many at a time. Pure."""

from collections.abc import Callable, Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import TypeVar

One = TypeVar("One")
Answer = TypeVar("Answer")
BEAT = 2.0  # seconds after which who waits is told that nothing came


def answers(
    asked: Iterable[One], ask: Callable[[One], Answer], at_once: int, beat: float = BEAT
) -> Generator[list[tuple[One, Answer]], None, None]:
    """Yield what came, as it comes; an empty list where nothing came for a while.

    Where one raises, nothing more is asked; what is under way comes first, and then the error.
    """
    waiting = iter(asked)
    pool = ThreadPoolExecutor(at_once, thread_name_prefix="judge")
    under_way: dict[Future[Answer], One] = {}
    trouble: BaseException | None = None
    try:
        while True:
            room = 0 if trouble else at_once - len(under_way)
            under_way |= {pool.submit(ask, one): one for one in islice(waiting, room)}
            if not under_way:
                break
            done, _still = wait(under_way, beat, FIRST_COMPLETED)
            ended = [(future, under_way.pop(future)) for future in done]
            trouble = next((error for future, _one in ended if (error := future.exception())), trouble)
            yield [(one, future.result()) for future, one in ended if not future.exception()]
    finally:
        # Whoever breaks off need not wait for what is under way.
        pool.shutdown(wait=False, cancel_futures=True)
    if trouble:
        raise trouble
