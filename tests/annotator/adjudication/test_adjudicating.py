"""People's work into gold: every verb, one step each, and each can be taken back."""

from dataclasses import replace

import pytest
from django.db.models import F
from django.utils import timezone

from annotator import record, rows
from annotator.actions import adjudicating, submitting
from annotator.actions.deciding import decide
from annotator.actions.history import Conflict, NotOpen
from annotator.actions.returning import return_to_author
from annotator.actions.saving import Save
from annotator.actions.submitting import Blocked
from annotator.actions.taking_up import NotReady
from annotator.decisions import Kind, Unfit, Union, What
from annotator.models import Annotation, Decision, Member, Question, System
from tests.annotator.adjudication.conftest import ANN, BASKET, MEN, MEN_TOO, WOMEN, WOMEN_TOO, Judging, say_anew
from tests.browser.workbench import condition
from tests.conftest import make_question


def test_accord_is_null_below_two_and_follows_each_submission(ann, bo, question, hand_in):
    work = hand_in(ann, question, *ANN)
    assert Question.objects.get(pk=question.pk).accord is None
    hand_in(bo, question, *ANN)
    assert Question.objects.get(pk=question.pk).accord == pytest.approx(1.0)
    submitting.reopen(Annotation.objects.get(pk=work.pk), ann)
    assert Question.objects.get(pk=question.pk).accord is None


def test_the_rows_stand_lowest_agreement_first(judging):
    assert judging.rows()[0] == ["basket"]
    assert [len(row.parts) for row in judging.desk.rows] == [1, 2, 2]
    assert judging.states() == {"basket": "undecided", "men": "agreed", "women": "agreed"}
    assert judging.gold.verdict is record.Verdict.AMBIGUOUS


def test_a_card_is_adopted_with_where_each_part_came_from(judging, submitted):
    judging.do(adjudicating.adopt, "basket", submitted[0].pk)
    (gold,) = judging.gold.conditions
    (part,) = judging.row("basket").decision.parts
    assert (gold.text, [one.text for one in gold.answers], [one.rank for one in gold.citations]) == (
        *(BASKET.text, ["2006", "2019"], [3]),
    )
    assert (part.annotation, part.revision) == (submitted[0].pk, 2)
    assert sorted(source for _uid, source in part.gave) == ["basket", "basket-1", "basket-2", "basket-c3"]
    assert {uid for uid, _source in part.gave} >= {gold.uid, gold.answers[0].uid, gold.citations[0].uid}


def test_text_of_one_and_answers_of_another_are_both_remembered(judging, submitted):
    judging.do(adjudicating.adopt, "men", submitted[0].pk)
    judging.do(adjudicating.adopt, "men", submitted[1].pk, What.TEXT)
    (gold,) = judging.gold.conditions
    gave = {part.annotation: dict(part.gave) for part in judging.row("men").decision.parts}
    assert gave[submitted[1].pk] == {gold.uid: "men-2"}
    assert gold.uid not in gave[submitted[0].pk]
    assert gold.answers[0].uid in gave[submitted[0].pk]


def test_citations_are_united_or_intersected(judging, submitted):
    judging.do(adjudicating.adopt, "men", submitted[0].pk)
    judging.do(adjudicating.merge, "men", Union.ALL)
    assert [one.rank for one in judging.gold.conditions[0].citations] == [1, 4]
    first = judging.gold.conditions[0].citations[0].uid
    assert [first in dict(part.gave) for part in judging.row("men").decision.parts] == [True, True]
    judging.do(adjudicating.merge, "men", Union.SHARED)
    assert [one.rank for one in judging.gold.conditions[0].citations] == [1]


def test_a_row_says_in_what_people_differ_and_how_alike_the_least_alike_are(judging):
    row = judging.row("men")
    assert (row.apart, row.score) == ([], min(one.score for one in row.alike))
    assert replace(row, same_verdict=False).apart == ["verdict"]
    assert replace(row, least=1.0).apart == ["condition"]
    assert judging.row("basket").score is None


def test_a_row_is_split_and_joined_again(judging, submitted):
    judging.do(adjudicating.split, "men", (submitted[1].pk, "men-2"))
    assert judging.rows() == [["basket"], ["men"], ["men-2"], ["women", "women-2"]]
    judging.do(adjudicating.join, "men", judging.row("men-2").key)
    assert judging.rows() == [["basket"], ["men", "men-2"], ["women", "women-2"]]


def test_what_gold_was_built_from_is_not_split_off_so_that_its_provenance_stays_true(judging, submitted):
    first, second = ((work.pk, uid) for work, uid in zip(submitted, ("men", "men-2"), strict=True))
    judging.do(adjudicating.adopt, "men", first[0])
    with pytest.raises(Unfit, match="Gold was built from that"):
        judging.do(adjudicating.split, "men", first)
    judging.do(adjudicating.adopt, "men", second[0])
    judging.do(adjudicating.split, "men", first)
    assert [part.node for part in judging.row("men-2").decision.parts if part.gave] == [second]


def test_two_conditions_of_one_person_never_share_a_row(judging):
    with pytest.raises(Unfit, match="one of each person"):
        judging.do(adjudicating.join, "basket", judging.row("men").key)


def test_gold_is_rewritten_while_its_row_is_open(judging, submitted):
    judging.do(adjudicating.adopt, "basket", submitted[0].pk)
    judging.do(adjudicating.rewrite, "basket", lambda card: replace(card, text="Basketball, men"))
    assert judging.gold.conditions[0].text == "Basketball, men"
    judging.do(adjudicating.accept, "basket")
    with pytest.raises(Unfit, match="reopen it first"):
        judging.do(adjudicating.rewrite, "basket", lambda card: replace(card, text="Later"))


def test_none_of_these_needs_a_reason_and_takes_what_was_built_away(judging, submitted):
    judging.do(adjudicating.adopt, "basket", submitted[0].pk)
    with pytest.raises(Unfit, match="Say why"):
        judging.do(adjudicating.reject, "basket", " ")
    judging.do(adjudicating.reject, "basket", "It is not called a World Cup.")
    assert judging.gold.conditions == ()
    assert judging.row("basket").decision.reason == "It is not called a World Cup."
    judging.do(adjudicating.reopen_row, "basket")
    assert judging.states()["basket"] == "undecided"


def test_all_agreed_rows_are_accepted_in_one_step(judging):
    keys = [row.key for row in judging.desk.rows if row.state == "agreed"]
    adjudicating.accept_agreed(judging.desk, judging.save, keys)
    assert judging.states() == {"basket": "undecided", "men": "accepted", "women": "accepted"}
    assert {one.text for one in judging.gold.conditions} & {WOMEN.text, WOMEN_TOO.text}  # as people are drawn
    assert judging.desk.gold.revisions_made == 1


def test_a_row_that_excludes_itself_or_differs_in_verdict_is_not_agreed(question, ann, bo, cy, hand_in):
    other = condition("other", "The women’s team, in association football", "2010", cites=(1,))
    hand_in(ann, question, MEN, BASKET)
    hand_in(
        bo,
        question,
        replace(other, answers=WOMEN.answers, citations=WOMEN.citations),
        verdict=record.Verdict.UNAMBIGUOUS,
    )
    judging = Judging(question, cy).open()
    judging.do(adjudicating.join, "men", judging.row("other").key)
    assert judging.row("men").state == "disagree"
    assert [set(pair) for pair in judging.row("men").differing] == [{"men", "women"}]
    with pytest.raises(Conflict):
        adjudicating.accept_agreed(judging.desk, judging.save, [judging.row("men").key])


def test_answers_of_other_dates_are_no_agreement(question, ann, bo, cy, hand_in):
    other = replace(WOMEN, answers=(record.Answer("o", "20 July 2023"),))
    hand_in(ann, question, MEN, replace(WOMEN, answers=(record.Answer("a", "2023", ("20 August 2023",)),)))
    hand_in(bo, question, MEN, other)
    row = Judging(question, cy).open().row("women")
    assert ([set(pair) for pair in row.facts_differ], row.state) == ([{"august", "july"}], "disagree")


def test_a_disagreement_is_not_accepted_before_something_is_adopted(judging):
    Question.objects.update(text="Who?")
    first = Annotation.objects.filter(pk=judging.desk.people[0].annotation)
    first.update(verdict="unambiguous", revisions_made=F("revisions_made") + 1)
    assert judging.row("men").state == "disagree"
    with pytest.raises(Unfit, match="Nothing is adopted"):
        judging.do(adjudicating.accept, "men")
    with pytest.raises(Unfit, match="not decided"):
        judging.do(adjudicating.reopen_row, "men")


def decide_all(judging: Judging) -> None:
    for uid in ("men", "women", "basket"):
        judging.do(adjudicating.accept, uid)


def test_finishing_makes_it_gold_of_who_finished_it(judging, cy, question):
    decide_all(judging)
    adjudicating.finish(judging.desk, judging.save)
    gold = Annotation.objects.gold().get(question=question)
    assert (gold.author, gold.revisions.first().verb) == (cy, "submit")
    assert Question.objects.get(pk=question.pk).adjudicator is None
    assert Question.objects.staged().get(pk=question.pk).stage == "gold"


def test_finishing_is_blocked_by_undecided_rows_and_by_the_checks(judging):
    adjudicating.say(judging.desk, judging.save, record.Verdict.UNANSWERABLE, "", "")
    judging.do(adjudicating.accept, "men")
    with pytest.raises(Blocked) as blocked:
        adjudicating.finish(judging.desk, judging.save)
    assert [one.headline for one in blocked.value.findings] == [
        *("Not decided yet: rows 1 and 3.", "“Unanswerable” goes with no condition at all."),
    ]


def test_finished_gold_is_reopened_by_a_step(judging):
    decide_all(judging)
    adjudicating.finish(judging.desk, judging.save)
    judging.open()
    with pytest.raises(NotOpen):
        judging.do(adjudicating.reopen_row, "men")
    adjudicating.reopen(judging.desk, judging.save)
    judging.do(adjudicating.reopen_row, "men")
    assert judging.states()["men"] == "agreed"


def test_a_step_that_arrives_twice_is_made_once(judging, submitted):
    save, said = judging.save, {"row": judging.row("men").key, "annotation": submitted[0].pk, "what": "all"}
    for _time in range(2):
        decide(judging.desk, save, "adopt", said)
    assert judging.desk.gold.revisions_made == 1


def test_a_row_that_is_not_decided_has_nothing_to_confirm(judging):
    with pytest.raises(Unfit, match="not decided yet: accept it"):
        judging.do(adjudicating.confirm, "men")


def test_a_step_from_an_older_screen_is_a_conflict(judging, submitted, cy):
    judging.do(adjudicating.adopt, "men", submitted[0].pk)
    with pytest.raises(Conflict):
        adjudicating.reject(judging.desk, Save(cy, None, 0), judging.row("basket").key, "no")


def test_a_changed_submission_is_merged_without_touching_what_was_decided(judging, submitted, ann, cy):
    judging.do(adjudicating.accept, "men")
    judging.do(adjudicating.accept, "women")
    gold = judging.gold
    other = replace(MEN, text="Somebody else’s opera", answers=(record.Answer("opera", "Aida"),), citations=())
    say_anew(submitted[0], ann, cy, other)
    assert judging.gold == gold
    assert "Somebody else’s opera" in {card.condition.text for card in judging.row("men").cards}
    assert judging.row("men").state == "accepted"
    assert [part.uid for part in judging.row("men").changed] == ["men"]
    assert judging.states()["basket"] == "undecided"


def test_a_row_that_changed_since_is_looked_at_again_before_it_is_gold(judging, submitted, ann, cy):
    judging.do(adjudicating.accept, "men")
    judging.do(adjudicating.accept, "women")
    judging.do(adjudicating.reject, "basket", "no")
    gold = judging.gold
    say_anew(submitted[0], ann, cy, replace(BASKET, text="Men’s basketball"))
    with pytest.raises(Blocked, match="Changed since the decision: rows 1, 2 and 3"):
        adjudicating.finish(judging.desk, judging.save)
    for uid in ("basket", "men", "women"):
        judging.do(adjudicating.confirm, uid)
        judging.do(adjudicating.confirm, uid)
    assert (judging.gold, judging.desk.gold.revisions_made) == (gold, 6)
    adjudicating.finish(judging.desk, judging.save)
    assert judging.desk.gold.submitted


def test_a_new_submission_joins_the_rows_as_they_are(judging, submitted, mo, question, hand_in):
    judging.do(adjudicating.split, "women", (submitted[1].pk, "women-2"))
    judging.do(adjudicating.accept, "men")
    Question.objects.filter(pk=question.pk).update(overlap=3)
    hand_in(mo, question, condition("men-3", MEN.text, "2010", cites=(1,)), verdict=record.Verdict.UNAMBIGUOUS)
    assert ["men", "men-2", "men-3"] in judging.rows()
    assert ["women"] in judging.rows()
    assert [part.uid for part in judging.row("men").changed] == ["men-3"]


@pytest.mark.parametrize(("uid", "like", "cites"), [("men", MEN, (1,)), ("men-2", MEN_TOO, (1, 4))])
def test_new_work_goes_with_the_nearer_of_what_was_taken_apart(
    judging, submitted, mo, question, hand_in, uid, like, cites
):
    judging.do(adjudicating.split, "men", (submitted[1].pk, "men-2"))
    Question.objects.filter(pk=question.pk).update(overlap=3)
    hand_in(mo, question, condition("men-3", like.text, "2010", cites=cites), verdict=record.Verdict.UNAMBIGUOUS)
    assert sorted([uid, "men-3"]) in judging.rows()


def test_a_single_annotation_is_promoted(ann, cy, batch, hand_in):
    question = make_question(batch, "single", overlap=1)
    hand_in(ann, question, *ANN)
    judging = Judging(question, cy).open()
    adjudicating.promote(judging.desk, judging.save)
    gold = Annotation.objects.gold().get(question=question)
    assert {one.text for one in judging.gold.conditions} == {one.text for one in ANN}
    assert gold.author == cy


def test_nothing_is_promoted_where_two_have_written(judging):
    with pytest.raises(NotReady):
        adjudicating.promote(judging.desk, judging.save)


def test_nothing_is_promoted_while_somebody_is_at_work_on_theirs(ann, bo, cy, question, hand_in):
    work = hand_in(ann, question, *ANN), hand_in(bo, question, *ANN)
    judging = Judging(question, cy).open()
    return_to_author(work[1], cy, "Which cup?")
    with pytest.raises(NotReady):
        adjudicating.promote(judging.desk, judging.save)


def test_a_repeat_neither_finishes_nor_reopens_again(ann, cy, batch, hand_in):
    question = make_question(batch, "single", overlap=1)
    hand_in(ann, question, WOMEN, verdict=record.Verdict.UNAMBIGUOUS)
    judging = Judging(question, cy).open()
    judging.do(adjudicating.accept, "women")
    finish, reopen, said = Save(cy, "finish", 1), Save(cy, "reopen", 2), {"work": judging.desk.work}
    decide(judging.desk, finish, "finish", said)
    judging.open()
    for _time in range(2):
        decide(judging.desk, reopen, "reopen", said)
        decide(judging.desk, finish, "finish", said)
    assert (judging.desk.gold.submitted, judging.desk.gold.revisions_made) == (None, 3)
    decide(judging.desk, judging.save, "finish", said)
    decide(judging.desk, reopen, "reopen", said)
    assert judging.desk.gold.submitted is not None


# Drafts


@pytest.fixture
def draft(question, project):
    system, now = System.objects.create(project=project, name="run"), timezone.now()
    row = Annotation.objects.create(question=question, source="draft", system=system, created=now, saved=now)
    card = condition("machine", "The men’s team, in basketball (FIBA)", "2006", "2019", cites=(3,))
    rows.create_conditions([(row, record.Annotation(conditions=(card,)), rows.lines_of(question))])
    return row


def test_a_draft_is_adopted_only_once_its_row_is_decided(judging, draft):
    judging.do(adjudicating.rewrite, "basket", lambda card: replace(card, text="Basketball, men"))
    with pytest.raises(Conflict):
        judging.do(adjudicating.adopt, "basket", draft.pk)
    judging.do(adjudicating.rewrite, "basket", lambda card: replace(card, text=BASKET.text, answers=BASKET.answers))
    judging.do(adjudicating.accept, "basket")
    judging.do(adjudicating.adopt, "basket", draft.pk)
    row = judging.row("basket")
    assert row.decision.kind is Kind.BUILT
    assert row.gold.text == "The men’s team, in basketball (FIBA)"
    assert {part.annotation: bool(part.gave) for part in row.decision.parts}[draft.pk]
    judging.do(adjudicating.accept, "basket")
    assert Decision.objects.filter(until=None, parts__annotation=draft).count() == 1


def test_the_noise_project_is_not_touched(judging):
    assert not Annotation.objects.filter(source="gold").exclude(question__batch__project__slug="clocks").exists()
    assert Member.objects.filter(project__slug="noise").exists()
