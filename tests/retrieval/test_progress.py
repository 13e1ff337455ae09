"""Progress is for people at a terminal."""

from io import StringIO

from retrieval.progress import Terminal


class Screen(StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_is_told_seldom_but_always_of_the_end():
    screen = Screen()
    tell = Terminal(screen)
    for done in (1, 2, 1_000):
        tell("stored", done, 1_000)
    said = screen.getvalue().split("\r\x1b[K")
    assert said[1:] == ["stored 1 of 1,000", "stored 1,000 of 1,000\n"]


def test_a_pipe_is_told_nothing():
    pipe = StringIO()
    Terminal(pipe)("stored", 1, 1)
    assert pipe.getvalue() == ""
