"""Without script, a form that cannot all be stored comes back with everything that was typed."""

import pytest
from django.urls import reverse

from annotator import record, rows
from annotator.actions import claiming, saving, submitting
from annotator.actions.history import Conflict, NotOpen
from annotator.actions.saving import Overall, Save
from annotator.codec import LONGEST_LIST
from annotator.models import Annotation
from tests.annotator.scriptless import form, stored

pytestmark = pytest.mark.alike

FOOTBALL = record.Condition("c1", "men’s football", (record.Answer("a1", "2010", ("11 July 2010",)),))
SOUP = record.Condition("c2", "soup", (record.Answer("b1", "hot"),), (record.Citation("k1", record.Role.BOTH, rank=4),))
TOO_LONG = "x" * 100_001


@pytest.fixture
def url(assignment) -> str:
    return reverse("workbench", args=["clocks", assignment.question_id])


class Elsewhere:
    """Another window of Ann's, with script."""

    def __init__(self, pk: int, ann) -> None:
        self.pk, self.ann = pk, ann

    @property
    def row(self) -> Annotation:
        return Annotation.objects.select_related("question__batch__project", "assignment").get(pk=self.pk)

    def save(self, uid: str = "") -> Save:
        return Save(self.ann, None, self.row.conditions.get(uid=uid).version if uid else self.row.version)

    def write(self, card: record.Condition) -> None:
        if not self.row.conditions.filter(uid=card.uid):
            saving.add_condition(self.row, card.uid, self.save())
        saving.save_condition(self.row, card, self.save(card.uid), rows.lines_of(self.row.question))

    def remove(self, uid: str) -> None:
        saving.remove_condition(self.row, uid, self.save(uid))

    def say(self, note: str) -> None:
        order = saving.overall_of(self.row).order
        saving.save_overall(self.row, Overall(record.Verdict.AMBIGUOUS, "", note, order), self.save())


@pytest.fixture
def elsewhere(assignment, ann) -> Elsewhere:
    """Ann's other window, after two conditions were written."""
    window = Elsewhere(assignment.annotation_id, ann)
    window.write(FOOTBALL)
    window.write(SOUP)
    return window


@pytest.fixture
def page(as_ann, url, elsewhere) -> dict[str, list[str]]:
    """The form of Ann's page, as she opened it."""
    return form(as_ann.get(url))


@pytest.fixture
def post(as_ann, url, page):
    """Press a button of the page with other values in its form; the answer is to come with this status."""

    def post(do: str = "save", status: int = 422, **more: object):
        changed = {name.replace("_", "."): value for name, value in more.items()}
        answer = as_ann.post(url, page | {"do": do} | changed)
        assert answer.status_code == status
        return answer

    return post


def test_the_form_of_the_page_says_what_is_stored(page, post, assignment):
    before = stored(assignment)
    assert page["answers.c1"] == ["a1"]
    post(status=302)
    assert stored(assignment) == before


@pytest.mark.database
def test_everything_typed_is_shown_again_when_one_card_is_refused(post, page):
    typed = {
        "text.c1": [TOO_LONG],
        "answer.a1": ["2010, in\n\nJuly"],
        "alias.a1": ["a NUL \0", "11.7."],
        "cite.c1": ["3"],
        "citefor.c1": ["answer"],
        "text.c2": ["a cup of soup"],
        "verdict": ["cannot_annotate"],
        "reason": ["who knows"],
        "note": ["  a note"],
        "role.k1": ["answer"],
    }
    shown = form(post(**typed))
    assert {name: [text for text in shown[name] if text] for name in typed} == typed
    assert shown["version.c1"] == page["version.c1"]


def test_a_refused_card_says_what_is_wrong_and_the_others_are_saved(post, assignment):
    answer = post(text_c1="NUL \0", text_c2="a cup of soup", note="n")
    assert "The condition holds a NUL character." in answer.content.decode()
    said = stored(assignment)
    assert (said.conditions[0], said.conditions[1].text, said.note) == (FOOTBALL, "a cup of soup", "n")


def test_a_fragment_that_is_not_in_the_list_stays_in_its_field(post):
    assert form(post(cite_c1="99"))["cite.c1"] == ["99"]


def test_too_many_answers_are_refused_and_all_shown_again(post):
    uids = ["a1", *(f"n{number}" for number in range(LONGEST_LIST))]
    answer = post(**{"answers.c1": uids, "answer.a1": "2010", "answer.n7": "the seventh"})
    assert form(answer)["answer.n7"] == ["the seventh"]
    assert "at most 500 answers" in answer.content.decode()


def test_a_note_that_cannot_be_stored_is_shown_again(post, assignment):
    shown = form(post(note=TOO_LONG, reason="who knows", verdict="cannot_annotate"))
    assert (shown["note"], shown["reason"], shown["verdict"]) == ([TOO_LONG], ["who knows"], ["cannot_annotate"])
    assert stored(assignment).verdict is None


def test_a_conflict_shows_both_and_saving_again_keeps_mine(as_ann, url, post, elsewhere, assignment):
    elsewhere.write(record.Condition("c1", "their text", (record.Answer("a1", "2011", ("MMXI",)),)))
    answer = post(text_c1="my text", answer_a1="2012", alias_a1="MMXII")
    for theirs in ("their", "2011 / MMXI", "2012 / MMXII"):
        assert theirs in answer.content.decode()
    again = form(answer)
    assert (again["text.c1"], again["answer.a1"], again["version.c1"]) == (["my text"], ["2012"], ["3"])
    as_ann.post(url, again | {"do": "save"})
    assert stored(assignment).conditions[0] == record.Condition(
        "c1", "my text", (record.Answer("a1", "2012", ("MMXII",)),)
    )


def test_taking_theirs_leaves_what_stands_and_saves_the_rest(as_ann, url, post, elsewhere, assignment):
    elsewhere.write(record.Condition("c1", "their text"))
    again = form(post(text_c1="my text"))
    as_ann.post(url, again | {"do": "reload:c1", "note": "mine"})
    assert (stored(assignment).conditions[0].text, stored(assignment).note) == ("their text", "mine")


def test_a_conflict_beyond_comparing_word_by_word_is_shown_whole(post, elsewhere):
    elsewhere.write(record.Condition("c1", "theirs " * 10_000))
    html = post(text_c1="mine " * 10_000).content.decode()
    assert f'<mark class="only">{"theirs " * 10_000}</mark>' in html


def test_verdict_and_note_that_changed_elsewhere_are_shown_beside_mine(as_ann, url, post, elsewhere, assignment):
    elsewhere.say("their note")
    answer = post(note="my note", verdict="unambiguous")
    assert "“their note”" in answer.content.decode()
    again = form(answer)
    assert (again["note"], again["verdict"]) == (["my note"], ["unambiguous"])
    as_ann.post(url, again | {"do": "save"})
    assert (stored(assignment).note, stored(assignment).verdict) == ("my note", "unambiguous")


def test_their_verdict_and_note_can_be_taken(as_ann, url, post, elsewhere, assignment):
    elsewhere.say("their note")
    as_ann.post(url, form(post(note="my note")) | {"do": "reload"})
    assert stored(assignment).note == "their note"


@pytest.mark.database
def test_a_card_removed_elsewhere_is_shown_and_comes_back_with_what_was_typed(as_ann, url, post, elsewhere, assignment):
    elsewhere.remove("c1")
    answer = post(text_c1="my text", answer_a1="2012", text_c2="a cup of soup")
    assert "was removed in another window" in answer.content.decode()
    again = form(answer)
    assert again["card"] == ["c1", "c2"]
    assert (again["text.c1"], again["answer.a1"], again["alias.a1"][0]) == (["my text"], ["2012"], "11 July 2010")
    both = as_ann.post(url, again | {"do": "bring:c1"})
    assert stored(assignment).conditions[0] == FOOTBALL
    as_ann.post(url, form(both) | {"do": "save"})
    assert [part.text for part in stored(assignment).conditions] == ["my text", "a cup of soup"]


def test_a_card_removed_by_a_restore_comes_back_too(as_ann, url, post, elsewhere, assignment, ann):
    saving.restore(elsewhere.row, 0, Save(ann, None, elsewhere.row.revisions_made))
    again = form(post(text_c1="my text"))
    assert again["card"] == ["c1", "c2"]
    as_ann.post(url, again | {"do": "bring:c1"})
    assert stored(assignment).conditions == (FOOTBALL,)


def test_a_card_removed_elsewhere_can_be_let_go(as_ann, url, post, elsewhere, assignment):
    elsewhere.remove("c1")
    as_ann.post(url, form(post(note="n")) | {"do": "reload:c1"})
    assert (len(stored(assignment).conditions), stored(assignment).note) == (1, "n")


@pytest.mark.parametrize("do", ["save", "add", "submit", "remove:c2", "up:c2", "bring:c1"])
def test_work_that_was_closed_elsewhere_shows_what_was_typed_to_be_copied(post, assignment, do):
    claiming.skip(assignment, "no")
    before = stored(assignment)
    html = post(do, 409, text_c1="my text", alias_a1="MMXII", note="my note", verdict="ambiguous").content.decode()
    for part in (
        "handed in, or skipped",
        "my text\n\n2010 / MMXII</textarea>",
        "\nAmbiguous</textarea>",
        "\nmy note</textarea>",
    ):
        assert part in html
    assert html.count("readonly") == 3
    assert stored(assignment) == before


def test_a_late_conflict_on_closed_work_is_shown_to_be_copied_too(post, elsewhere, ann):
    elsewhere.write(record.Condition("c1", "their text", (record.Answer("a1", "2011"),)))
    elsewhere.say("n")
    submitting.submit(elsewhere.row, ann)
    html = post("submit", 409, text_c1="my text").content.decode()
    assert "readonly" in html
    assert "my text" in html


@pytest.mark.parametrize(
    ("do", "verb"),
    [
        ("add", "add_condition"),
        ("up:c2", "save_overall"),
        ("remove:c2", "remove_condition"),
        ("dismiss:missing_citation:c1", "dismiss"),
    ],
)
@pytest.mark.parametrize("raised", [Conflict, NotOpen])
def test_a_button_that_comes_too_late_answers_with_a_page(post, monkeypatch, assignment, do, verb, raised):
    post(status=302, text_c2="a cup of soup")
    own = getattr(saving, verb)

    def late(annotation, *args):
        if verb == "save_overall" and args[0].order == ("c1", "c2"):
            return own(annotation, *args)
        raise raised

    monkeypatch.setattr(saving, verb, late)
    html = post(do, 409, text_c1="my text", **{"version.c2": "3", "text.c2": "a cup of soup"}).content.decode()
    assert "in another window" in html
    assert stored(assignment).conditions[0].text == "my text"


def test_one_condition_too_many_is_refused_with_a_sentence(post, monkeypatch, assignment):
    monkeypatch.setattr(saving, "LONGEST_LIST", 2)
    assert "An annotation holds at most 2 conditions." in post("add", text_c1="my text").content.decode()
    assert stored(assignment).conditions[0].text == "my text"


def test_a_warning_is_dismissed_and_what_is_none_is_not(post, elsewhere):
    post("dismiss:missing_citation:c1", 302)
    post("dismiss:weather\0", 302)
    assert elsewhere.row.dismissed == {"missing_citation:c1": ""}
