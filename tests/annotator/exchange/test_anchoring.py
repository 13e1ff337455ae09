"""Which fragment a citation means, and where in it."""

from pathlib import Path

from annotator.exchange.anchoring import anchored
from annotator.exchange.reader import items
from annotator.exchange.reports import Report
from annotator.record import Annotation, Authored, Citation, Condition, Fragment, ListedFragment, Question, Retrieval

BELL = "The harbour bell 🔔 was cast in 1871 and rang until the year 1902."
TEXTS = [
    ("Bell", BELL),
    ("Song (1994)", "A song of that name was in the charts for nine weeks."),
    ("Bell", "Other words."),
]


def cited(title: str | None, text: str | None) -> Citation:
    """Return the citation as it is anchored in the list."""
    listed = tuple(ListedFragment(Fragment(*pair)) for pair in TEXTS)
    citations = (Citation(title=title, text=text),)
    annotation = Annotation(conditions=(Condition(citations=citations),))
    question = Question("Q?", retrieval=Retrieval("Q?", listed, 3), annotations=(Authored(annotation),))
    return anchored(question)[0].annotations[0].annotation.conditions[0].citations[0]


def test_the_number_names_the_fragment_where_the_title_agrees() -> None:
    assert cited("3. Bell", BELL).rank == 3
    assert cited("2.  song (1994) ", "anything").rank == 2


def test_the_text_is_looked_for_where_the_title_disagrees() -> None:
    assert cited("2. Bell", BELL).rank == 1
    assert cited("40. Bell", BELL).rank == 1
    assert cited("Bell", BELL + " ").rank == 1
    assert cited(None, "was in the charts for nine weeks").rank == 2
    assert cited("9. Bell", "The harbour bell was cast in 1871 and rang until 1902, the year").rank == 1


def test_what_fits_nowhere_stays_unanchored_as_it_was() -> None:
    assert cited("7. Drum", "A drum has no clapper, and so on and on.") == Citation(
        title="7. Drum", text="A drum has no clapper, and so on and on."
    )
    assert cited("7. Bell", "Bell").rank is None


def test_a_part_has_its_place_in_code_points() -> None:
    found = cited("1. Bell", "was cast in 1871")
    assert (found.start, found.end, found.quote) == (19, 35, "was cast in 1871")
    assert BELL[19:35] == "was cast in 1871"


def test_the_whole_and_an_edited_copy_have_no_place() -> None:
    assert cited("1. Bell", BELL).start is None
    assert cited("1. Bell", "was recast in 1871").start is None
    assert cited("1. Bell", "").start is None
    assert cited("1. Bell", " ").start is None


def test_the_published_citations_are_anchored(shared: Path) -> None:
    report = Report(file="")
    found = [item.anchors for item in items(shared / "data" / "condambigqa_dev.json", report)]
    assert sum((counts for counts in found[1:]), found[0]) == {
        "by_number": 584,
        "by_text": 8,
        "whole": 471,
        "with_span": 15,
        "edited": 106,
    }
