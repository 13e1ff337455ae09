"""The saves of the workbench over HTTP: what comes in as a form, what goes out as elements."""

import pytest
from django.urls import reverse

from annotator import record, rows
from annotator.actions import saving
from annotator.actions.saving import Save
from annotator.models import Annotation, Condition, Mark, Revision

pytestmark = pytest.mark.alike


@pytest.fixture
def card(assignment, ann) -> Condition:
    return saving.add_condition(assignment.annotation, "c1", Save(ann, "add-1", 1))


@pytest.fixture
def url(assignment, project):
    def url(name: str, *more: object) -> str:
        return reverse(name, args=[project.slug, assignment.question_id, *more])

    return url


def stored(assignment) -> record.Annotation:
    return rows.annotation_record(Annotation.objects.with_conditions().get(pk=assignment.annotation_id))


def fields(card: Condition, **more: str) -> dict[str, str]:
    answer = card.answers.get().uid
    base = {
        "text.c1": "men’s football",
        "answers.c1": answer,
        f"answer.{answer}": "2010",
        "version.c1": "1",
        "save": "s1",
    }
    return base | {name.replace("_", "."): value for name, value in more.items()}


def test_a_save_answers_with_the_parts_around_the_text(as_ann, card, url, assignment):
    answer = as_ann.post(url("card", "c1"), fields(card))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="version-c1" value="2"' in html
    assert "<textarea" not in html
    assert "<html" not in html
    assert stored(assignment).conditions[0].text == "men’s football"


def test_citing_by_number_adds_the_fragment(as_ann, card, url, assignment):
    answer = as_ann.post(url("card", "c1"), fields(card, cite_c1="3", citefor_c1="answer"))
    (citation,) = stored(assignment).conditions[0].citations
    assert (citation.rank, citation.role) == (3, "answer")
    assert 'id="coverage"' in answer.content.decode()


def test_citing_the_same_fragment_again_only_changes_its_role(as_ann, card, url, assignment):
    as_ann.post(url("card", "c1"), fields(card, cite_c1="3"))
    again = fields(card, cite_c1="3", citefor_c1="condition", save="s2") | {"version.c1": "2"}
    as_ann.post(url("card", "c1"), again)
    (citation,) = stored(assignment).conditions[0].citations
    assert citation.role == "condition"


def test_a_quote_is_checked_against_its_fragment_in_code_points(as_ann, card, url, assignment):
    text = "Madrid (마드리드) is the capital of Spain."
    start = text.index("마드리드")
    quoted = {"cite_c1": "5", "start_c1": str(start), "end_c1": str(start + 4), "quote_c1": "마드리드"}
    assert as_ann.post(url("card", "c1"), fields(card, **quoted)).status_code == 200
    (citation,) = stored(assignment).conditions[0].citations
    assert (citation.start, citation.end, citation.quote) == (start, start + 4, "마드리드")


@pytest.mark.parametrize(
    "wrong",
    [
        {"cite_c1": "6"},
        {"cite_c1": "0"},
        {"cite_c1": "three"},
        {"cite_c1": "³"},
        {"cite_c1": "3", "citefor_c1": "weather"},
        {"cite_c1": "5", "start_c1": "0", "end_c1": "4", "quote_c1": "elsewhere"},
        {"cite_c1": "5", "start_c1": "-1", "end_c1": "4", "quote_c1": "Madr"},
        {"text_c1": "a NUL \0 character"},
        {"text_c1": "x" * 100_001},
    ],
)
def test_what_cannot_be_stored_is_refused_and_nothing_is_written(as_ann, card, url, assignment, wrong):
    answer = as_ann.post(url("card", "c1"), fields(card, **wrong))
    assert answer.status_code == 422
    assert stored(assignment).conditions[0].text == ""


def test_an_old_version_answers_with_both_texts(as_ann, card, url):
    as_ann.post(url("card", "c1"), fields(card))
    answer = as_ann.post(url("card", "c1"), fields(card, text_c1="women’s football", save="s2"))
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "men’s" in html
    assert "women’s" in html
    assert 'id="version-c1" value="2"' in html


def test_a_lost_acknowledgement_is_given_again(as_ann, card, url):
    first, second = (as_ann.post(url("card", "c1"), fields(card)) for _time in range(2))
    assert first.status_code == second.status_code == 200
    assert 'id="version-c1" value="2"' in second.content.decode()
    assert Revision.objects.filter(save_id="s1").count() == 1


def test_dropping_a_citation_offers_to_undo_it(as_ann, card, url, assignment):
    as_ann.post(url("card", "c1"), fields(card, cite_c1="3"))
    (citation,) = stored(assignment).conditions[0].citations
    dropped = fields(card, uncite_c1=citation.uid, save="s2") | {"version.c1": "2"}
    html = as_ann.post(url("card", "c1"), dropped).content.decode()
    step = Revision.objects.get(save_id="s2")
    assert f'data-step="{step.number}"' in html
    as_ann.post(url("undo", step.number), {"save": "u1"})
    assert stored(assignment).conditions[0].citations == (citation,)


@pytest.mark.database
def test_removing_and_undoing_a_card(as_ann, card, url, assignment):
    answer = as_ann.post(url("card_remove", "c1"), {"version.c1": "1", "save": "r1"})
    assert 'id="condition-c1"' not in answer.content.decode()
    step = Revision.objects.get(verb="remove")
    answer = as_ann.post(url("undo", step.number), {"save": "u1"})
    assert 'id="condition-c1"' in answer.content.decode()


def test_a_save_of_a_card_that_was_removed_offers_to_bring_it_back(as_ann, card, url):
    as_ann.post(url("card_remove", "c1"), {"version.c1": "1", "save": "r1"})
    answer = as_ann.post(url("card", "c1"), fields(card))
    assert answer.status_code == 409
    assert "men’s football" in answer.content.decode()
    assert "Bring it back" in answer.content.decode()


def test_a_save_of_a_card_that_never_was_is_not_found(as_ann, card, url):
    assert as_ann.post(url("card", "c2"), fields(card)).status_code == 404


def test_verdict_and_note_are_saved_with_their_version(as_ann, card, url, assignment):
    said = {"verdict": "unambiguous", "note": "n", "version": "1", "save": "o1", "card": "c1"}
    assert 'value="2"' in as_ann.post(url("overall"), said).content.decode()
    assert as_ann.post(url("overall"), said | {"note": "other", "save": "o2"}).status_code == 409
    assert as_ann.post(url("overall"), said | {"verdict": "perhaps", "version": "2"}).status_code == 422
    assert stored(assignment).verdict == "unambiguous"


@pytest.mark.database
def test_marks_are_kept_per_fragment(as_ann, url, assignment):
    as_ann.post(url("mark"), {"read": ["1", "2", "99", "x"]})
    as_ann.post(url("mark"), {"irrelevant": ["2"], "unread": ["1"]})
    assert list(Mark.objects.values_list("listed__rank", "state")) == [(2, "irrelevant")]


def test_a_warning_can_be_dismissed_but_a_blocking_check_cannot(as_ann, card, url, assignment):
    as_ann.post(url("card", "c1"), fields(card))
    as_ann.post(url("dismiss"), {"key": "missing_citation:c1", "reason": "known"})
    as_ann.post(url("dismiss"), {"key": "verdict_rule"})
    assignment.annotation.refresh_from_db()
    assert assignment.annotation.dismissed == {"missing_citation:c1": "known"}


def test_submitted_work_refuses_a_late_save(as_ann, card, url, assignment):
    Annotation.objects.filter(pk=assignment.annotation_id).update(submitted=assignment.created)
    assert as_ann.post(url("card", "c1"), fields(card)).status_code == 409
    assert stored(assignment).conditions[0].text == ""


def test_a_save_costs_the_same_with_many_cards(as_ann, card, url, assignment, ann, django_assert_num_queries):
    for number in range(2, 7):
        saving.add_condition(assignment.annotation, f"c{number}", Save(ann, f"add-{number}", 1))
    as_ann.post(url("card", "c1"), fields(card))
    again = fields(card, text_c1="men", save="s2") | {"version.c1": "2"}
    with django_assert_num_queries(8):  # session, user, annotation, savepoint in and out, card, annotation, step
        as_ann.post(url("card", "c1"), again)


@pytest.mark.parametrize("name", ["as_bo", "as_mo", "as_dee"])
def test_nobody_else_can_save_it(request, name, card, url):
    client = request.getfixturevalue(name)
    for address in (url("card", "c1"), url("overall"), url("mark"), url("card_remove", "c1"), url("card_add")):
        assert client.post(address, fields(card)).status_code == 404


def test_a_role_for_an_answer_that_is_not_there_is_for_all_of_them(as_ann, card, url, assignment):
    as_ann.post(url("card", "c1"), fields(card, cite_c1="3", citefor_c1="answer:nobody"))
    (citation,) = stored(assignment).conditions[0].citations
    assert (citation.role, citation.answer) == ("answer", None)
    assert as_ann.get(url("history")).status_code == 200


def test_a_wording_that_cannot_be_stored_is_refused(as_ann, card, url):
    wording = {f"alias.{card.answers.get().uid}": "NUL \0"}
    assert as_ann.post(url("card", "c1"), fields(card) | wording).status_code == 422


def test_an_unknown_step_cannot_be_undone(as_ann, card, url):
    assert as_ann.post(url("undo", 9999), {"save": "u"}).status_code == 404


def test_an_id_of_a_save_or_a_reason_that_cannot_be_stored_is_no_error(as_ann, card, url, assignment):
    assert as_ann.post(url("card", "c1"), fields(card, save="s\0")).status_code == 200
    assert as_ann.post(url("dismiss"), {"key": "missing_citation:c1", "reason": "NUL \0"}).status_code == 422
    assert stored(assignment).conditions[0].text == "men’s football"
