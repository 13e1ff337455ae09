"""The saves of an open annotation."""

from dataclasses import replace

import pytest

from annotator import record, rows
from annotator.actions import claiming, history, saving, submitting
from annotator.actions.history import Conflict
from annotator.actions.saving import Overall, Save
from annotator.models import Annotation, Condition, Revision
from annotator.reading import BadInput

CARD = record.Condition(
    uid="c1",
    text="men’s football",
    answers=(record.Answer("a1", "2010", ("11 July 2010",)),),
    citations=(record.Citation("k1", record.Role.BOTH, rank=1),),
)


def fetched(assignment) -> Annotation:
    return (
        Annotation.objects.with_conditions()
        .select_related("question__batch__project", "assignment")
        .get(pk=assignment.annotation_id)
    )


@pytest.fixture
def save(ann):
    return Save(ann, "save-1", 1)


@pytest.fixture
def card(assignment, save) -> Condition:
    """An empty card, version 1."""
    saving.add_condition(assignment.annotation, "c1", replace(save, id="add-1"))
    return fetched(assignment).conditions.all()[0]


def store(assignment, wanted: record.Condition, save: Save) -> int:
    annotation = fetched(assignment)
    return saving.save_condition(annotation, wanted, save, rows.lines_of(annotation.question, annotation))


def stored(assignment) -> record.Annotation:
    return rows.annotation_record(fetched(assignment))


def test_a_new_card_has_one_empty_answer(assignment, card):
    (answer,) = stored(assignment).conditions[0].answers
    assert answer.text == ""


def test_a_saved_card_is_stored_to_the_letter(assignment, card, save):
    wanted = replace(CARD, text="  men’s\n\nfootball  ")
    assert store(assignment, wanted, save) == 2
    assert stored(assignment).conditions == (wanted,)


def test_a_save_leaves_a_step_with_the_card_alone(assignment, card, save):
    store(assignment, CARD, save)
    step = Revision.objects.get(annotation=assignment.annotation, save_id="save-1")
    assert (step.verb, step.condition, step.version) == ("card", "c1", 2)
    assert step.record["text"] == CARD.text


def test_a_save_that_changes_nothing_writes_nothing(assignment, card, save):
    store(assignment, CARD, save)
    before = Revision.objects.count()
    assert store(assignment, CARD, replace(save, id="save-2", version=2)) == 2
    assert Revision.objects.count() == before


def test_a_repeat_of_an_acknowledged_save_is_acknowledged_with_its_version(assignment, card, save):
    store(assignment, CARD, save)
    assert store(assignment, CARD, save) == 2
    assert Revision.objects.filter(save_id="save-1").count() == 1


def test_other_words_under_the_id_of_an_acknowledged_save_are_a_conflict(assignment, card, save):
    store(assignment, CARD, save)
    with pytest.raises(Conflict):
        store(assignment, replace(CARD, text="men’s football, and more"), save)


@pytest.mark.parametrize(
    "other",
    [
        replace(CARD, citations=()),
        replace(CARD, citations=(replace(CARD.citations[0], role=record.Role.ANSWER),)),
        replace(CARD, answers=(record.Answer("a1", "2010"),)),
    ],
)
def test_a_save_that_says_anything_else_under_an_acknowledged_id_is_a_conflict(assignment, card, save, other):
    store(assignment, CARD, save)
    with pytest.raises(Conflict):
        store(assignment, other, save)
    assert stored(assignment).conditions == (CARD,)


def test_a_repeat_whose_citation_was_read_from_the_form_anew_is_acknowledged(assignment, card, save):
    store(assignment, CARD, save)
    store(assignment, replace(CARD, text="women’s football", citations=()), replace(save, id="save-2", version=2))
    assert store(assignment, replace(CARD, citations=(replace(CARD.citations[0], uid="k2"),)), save) == 2


def test_another_order_under_an_acknowledged_id_is_a_conflict(assignment, card, save):
    saving.add_condition(fetched(assignment), "c2", replace(save, id="add-2"))
    saving.save_overall(fetched(assignment), Overall(note="n", order=("c1", "c2")), save)
    with pytest.raises(Conflict):
        saving.save_overall(fetched(assignment), Overall(note="n", order=("c2", "c1")), save)


def test_an_id_that_another_save_has_is_a_conflict_and_writes_nothing(assignment, card, save):
    saving.add_condition(fetched(assignment), "c2", replace(save, id="add-2"))
    store(assignment, CARD, save)
    before, annotation = stored(assignment), fetched(assignment)
    lines = rows.lines_of(annotation.question)
    for again in (
        lambda: saving.save_condition(annotation, record.Condition("c2", "x"), save, lines),
        lambda: saving.add_condition(annotation, "c3", save),
        lambda: saving.remove_condition(annotation, "c1", replace(save, version=2)),
        lambda: saving.save_overall(annotation, Overall(note="n"), save),
        lambda: saving.undo(annotation, 2, save),
    ):
        with pytest.raises(Conflict):
            again()
    assert stored(assignment) == before
    assert fetched(assignment).revisions_made == annotation.revisions_made == 3


def test_a_save_equal_to_what_is_stored_is_acknowledged_from_any_version(assignment, card, save):
    store(assignment, CARD, save)
    assert store(assignment, CARD, replace(save, id="save-2")) == 2


def test_a_repeat_after_a_later_save_does_not_take_it_back(assignment, card, save):
    store(assignment, CARD, save)
    later = replace(CARD, text="women’s football")
    store(assignment, later, replace(save, id="save-2", version=2))
    assert store(assignment, CARD, save) == 2
    assert stored(assignment).conditions[0].text == "women’s football"


def test_a_save_from_an_older_version_is_a_conflict_and_writes_nothing(assignment, card, save):
    store(assignment, CARD, save)
    with pytest.raises(Conflict):
        store(assignment, replace(CARD, text="other"), replace(save, id="save-2"))
    assert stored(assignment).conditions == (CARD,)


def test_only_changed_rows_are_written(assignment, card, save, django_assert_num_queries):
    store(assignment, CARD, save)
    annotation = fetched(assignment)
    lines = rows.lines_of(annotation.question, annotation)
    wanted, again = replace(CARD, text="men"), replace(save, id="save-2", version=2)
    with django_assert_num_queries(5):  # savepoint in and out, card, annotation, step
        saving.save_condition(annotation, wanted, again, lines)


def test_parts_keep_their_rows_when_others_come_and_go(assignment, card, save):
    store(assignment, CARD, save)
    kept = Condition.objects.get(uid="c1").answers.get().pk
    more = replace(CARD, answers=(record.Answer("a2", "2026"), *CARD.answers), citations=())
    store(assignment, more, replace(save, id="save-2", version=2))
    assert stored(assignment).conditions == (more,)
    assert Condition.objects.get(uid="c1").answers.get(uid="a1").pk == kept


def test_adding_a_card_twice_adds_it_once(assignment, save):
    for _time in range(2):
        saving.add_condition(fetched(assignment), "c1", save)
    assert len(stored(assignment).conditions) == 1


def test_a_removed_card_comes_back_to_its_place_with_its_parts(assignment, card, save):
    store(assignment, CARD, save)
    saving.add_condition(fetched(assignment), "c2", replace(save, id="add-2"))
    before = stored(assignment)
    annotation = fetched(assignment)
    step = saving.remove_condition(annotation, "c1", replace(save, version=2, id="r"))
    assert [part.uid for part in stored(assignment).conditions] == ["c2"]
    saving.undo(fetched(assignment), step.number, replace(save, id="u"))
    assert stored(assignment) == before
    assert history.record_at(assignment.annotation, step.number + 1) == before


def test_undo_puts_a_card_back_to_the_step_before(assignment, card, save):
    store(assignment, CARD, save)
    store(assignment, replace(CARD, citations=()), replace(save, id="save-2", version=2))
    last = Revision.objects.get(save_id="save-2")
    saving.undo(fetched(assignment), last.number, replace(save, id="u"))
    assert stored(assignment).conditions == (CARD,)


def test_undo_of_a_step_that_was_built_upon_is_a_conflict(assignment, card, save):
    store(assignment, CARD, save)
    store(assignment, replace(CARD, text="x"), replace(save, id="save-2", version=2))
    with pytest.raises(Conflict):
        saving.undo(fetched(assignment), Revision.objects.get(save_id="save-1").number, replace(save, id="u"))


def test_verdict_note_and_order_are_one_version(assignment, card, save):
    saving.add_condition(fetched(assignment), "c2", replace(save, id="add-2"))
    said = Overall(record.Verdict.AMBIGUOUS, "", "note", ("c2", "c1"))
    assert saving.save_overall(fetched(assignment), said, save) == 2
    assert [part.uid for part in stored(assignment).conditions] == ["c2", "c1"]
    with pytest.raises(Conflict):
        saving.save_overall(fetched(assignment), replace(said, note="other"), replace(save, id="save-2"))


def test_an_order_that_forgets_a_card_keeps_it_at_the_end(assignment, card, save):
    saving.add_condition(fetched(assignment), "c2", replace(save, id="add-2"))
    saving.save_overall(fetched(assignment), Overall(order=("c2",), note="n"), save)
    assert [part.uid for part in stored(assignment).conditions] == ["c2", "c1"]


def test_restoring_gives_back_the_whole_record_of_a_step(assignment, card, save):
    store(assignment, CARD, save)
    then = Revision.objects.get(save_id="save-1").number
    annotation = fetched(assignment)
    saving.remove_condition(annotation, "c1", replace(save, id="r", version=2))
    saving.add_condition(fetched(assignment), "c9", replace(save, id="add-9"))
    saving.restore(fetched(assignment), then, replace(save, id=None, version=4))
    assert stored(assignment).conditions == (CARD,)


def test_submitted_work_cannot_be_saved_and_nothing_is_written(assignment, card, save):
    store(assignment, CARD, save)
    Annotation.objects.filter(pk=assignment.annotation_id).update(submitted=assignment.created)
    with pytest.raises(history.NotOpen):
        store(assignment, replace(CARD, text="late"), replace(save, id="save-2", version=2))
    assert stored(assignment).conditions == (CARD,)


def test_closed_work_is_neither_marked_nor_are_its_warnings_dismissed(assignment, card, save, question):
    listed = question.retrieval.listed.first().pk
    claiming.skip(assignment, "no")
    for late in (
        lambda: saving.mark(fetched(assignment), {listed: record.MarkState.READ}),
        lambda: saving.dismiss(fetched(assignment), "missing_citation:c1", ""),
        lambda: saving.undo(fetched(assignment), 1, replace(save, id="u")),
        lambda: saving.bring_back(fetched(assignment), "c1", replace(save, id="b")),
    ):
        with pytest.raises(history.NotOpen):
            late()
    assert (fetched(assignment).marks.count(), fetched(assignment).dismissed) == (0, {})


def test_submitting_is_blocked_by_what_is_missing(assignment, ann, card):
    with pytest.raises(submitting.Blocked) as blocked:
        submitting.submit(fetched(assignment), ann)
    assert {finding.code for finding in blocked.value.findings} == {"verdict_rule", "empty_text"}


def test_submitted_work_counts_once_and_can_be_reopened(assignment, ann, card, save):
    store(assignment, CARD, save)
    saving.save_overall(fetched(assignment), Overall(record.Verdict.UNAMBIGUOUS), replace(save, id="v"))
    for _time in range(2):
        submitting.submit(fetched(assignment), ann)
    ann.refresh_from_db()
    assignment.refresh_from_db()
    assert (ann.submitted, assignment.state) == (1, "submitted")
    submitting.reopen(fetched(assignment), ann)
    ann.refresh_from_db()
    assignment.refresh_from_db()
    assert (ann.submitted, assignment.state) == (0, "in_progress")


def test_a_dismissed_warning_stays_away_until_its_part_changes(assignment, card, save):
    store(assignment, replace(CARD, citations=()), save)
    key = next(
        found.key for found in submitting.findings_of(fetched(assignment), stored(assignment)) if not found.blocks
    )
    saving.dismiss(assignment.annotation, key, "known")
    assert key not in {found.key for found in submitting.findings_of(fetched(assignment), stored(assignment))}


def test_a_save_between_reading_and_submitting_stops_the_submission(assignment, ann, card, save):
    store(assignment, CARD, save)
    saving.save_overall(fetched(assignment), Overall(record.Verdict.UNAMBIGUOUS), replace(save, id="v"))
    looked_at = fetched(assignment)
    store(assignment, replace(CARD, text="later"), replace(save, id="save-2", version=2))
    with pytest.raises(Conflict):
        submitting.submit(looked_at, ann)
    assignment.refresh_from_db()
    assert assignment.state == "in_progress"


def test_a_skip_in_another_window_stops_a_save_that_had_begun(assignment, card, save):
    begun = fetched(assignment)
    claiming.skip(assignment, "no")
    with pytest.raises(history.NotOpen):
        saving.save_condition(begun, replace(CARD, text="late"), save, rows.lines_of(begun.question))
    assert stored(assignment).conditions[0].text != "late"


def test_skipped_work_can_be_neither_saved_nor_submitted(assignment, ann, card, save, question):
    store(assignment, CARD, save)
    saving.save_overall(fetched(assignment), Overall(record.Verdict.UNAMBIGUOUS), replace(save, id="v"))
    claiming.skip(assignment, "no")
    with pytest.raises(history.NotOpen):
        store(assignment, replace(CARD, text="late"), replace(save, id="save-2", version=2))
    with pytest.raises(history.NotOpen):
        submitting.submit(fetched(assignment), ann)
    assignment.refresh_from_db()
    assert assignment.state == "skipped"


def test_a_card_comes_back_only_where_there_is_room(assignment, card, save, monkeypatch):
    saving.remove_condition(fetched(assignment), "c1", replace(save, id="r", version=1))
    saving.add_condition(fetched(assignment), "c2", replace(save, id="a"))
    monkeypatch.setattr(saving, "LONGEST_LIST", 1)
    with pytest.raises(BadInput, match="at most 1 condition"):
        saving.bring_back(fetched(assignment), "c1", replace(save, id="b"))
    assert [part.uid for part in stored(assignment).conditions] == ["c2"]
