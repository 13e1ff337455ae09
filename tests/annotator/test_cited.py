"""Citations as they are told in short."""

from annotator.record import Citation, Role
from annotator.templatetags.cited import once


def test_a_fragment_is_named_once_for_what_it_supports_however_many_spans_are_cited():
    both, other = Citation("a", Role.BOTH, rank=3, start=0, end=4, quote="Span"), Citation("c", Role.ANSWER, rank=3)
    again = Citation("b", Role.BOTH, rank=3, start=9, end=13, quote="2010")
    bare = Citation("d", Role.BOTH, title="Elsewhere", text="It won.")
    assert once([both, again, other, bare]) == [both, other, bare]
