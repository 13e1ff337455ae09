"""A batch's own page: making it, changing it, asking questions again; and a project's way from pilot to main batch."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from annotator.actions import claiming
from annotator.actions.adjudicating_many import set_discussion
from annotator.actions.asking_again import ask_again, chosen
from annotator.actions.guidelines import save_guidelines
from annotator.actions.projects import add_batch, change_batch
from annotator.models import Batch, GuidelineVersion, Member, Question
from annotator.sharing import shared
from retrieval.freezing import verify
from tests.conftest import make_question

NEW = {"name": "pilot 2", "purpose": "pilot", "overlap": "3", "share": "100", "seed": "1", "order": "imported"}


def post(client, batch: Batch, **values: str):
    form = {**NEW, "name": batch.name, "purpose": batch.purpose, "overlap": "2"}
    return client.post(f"/p/clocks/batches/{batch.pk}/", form | values)


def test_a_change_asks_by_what_somebody_else_changed_meanwhile(batch):
    question = make_question(batch)
    stale = Batch.objects.get(pk=batch.pk)
    Batch.objects.filter(pk=batch.pk).update(overlap=5)
    stale.cap = 3
    change_batch(stale, ["cap"])
    assert Question.objects.get(pk=question.pk).overlap == 5


def test_a_smaller_overlap_keeps_the_places_that_are_taken(as_mo, batch, ann, bo, cy):
    taken, free = make_question(batch, "a"), make_question(batch, "b")
    for member in (ann, bo):
        claiming.take(member, taken)
    assert post(as_mo, batch, overlap="1").status_code == 302
    assert [Question.objects.get(pk=one.pk).overlap for one in (taken, free)] == [2, 1]
    assert claiming.claim(cy).question == free


def test_a_new_batch_is_offered_the_newest_guidelines(as_mo, project, mo):
    newest = save_guidelines(project, "# Better", 1, mo)
    assert f'<option value="{newest.pk}" selected>' in as_mo.get("/p/clocks/batches/new/").text


@pytest.mark.parametrize(
    "wrong", [{"overlap": "0"}, {"overlap": "many"}, {"share": "101"}, {"cap": "0"}, {"order": "best"}, {"name": ""}]
)
def test_what_makes_no_sense_is_422_and_changes_nothing(as_mo, batch, wrong):
    assert post(as_mo, batch, **wrong).status_code == 422
    assert (Batch.objects.get(pk=batch.pk).overlap, Batch.objects.get(pk=batch.pk).name) == (2, "main 1")


def test_a_batch_closes_after_it_opens(as_mo, batch):
    answer = post(as_mo, batch, opens="2030-01-02T10:00", closes="2030-01-02T10:00")
    assert "A batch closes after it opens." in answer.text


def test_no_overlap_means_no_limit(as_mo, batch, question):
    post(as_mo, batch, overlap="")
    question.refresh_from_db()
    assert question.overlap is None


def test_a_batch_is_added_behind_the_others(as_mo, project):
    made = as_mo.post("/p/clocks/batches/new/", NEW | {"opens": "2030-01-02T10:00", "cap": "5"})
    added = project.batches.last()
    assert made.url == f"/p/clocks/batches/{added.pk}/"
    assert (added.name, added.purpose, added.overlap, added.cap, added.position) == ("pilot 2", "pilot", 3, 5, 2)
    assert (added.opens.year, added.guideline_version) == (2030, None)
    assert as_mo.post("/p/clocks/batches/new/", NEW).status_code == 422


def test_the_page_shows_what_the_batch_is_like(as_mo, batch, question):
    answer = as_mo.get(f"/p/clocks/batches/{batch.pk}/")
    assert answer.context["progress"].questions == 1
    assert 'name="share"' in answer.text
    assert as_mo.get("/p/clocks/batches/new/").context["form"].initial["overlap"] == 2


def test_another_projects_batch_is_not_there(as_mo, project):
    other = Batch.objects.get(project__slug="noise")
    assert post(as_mo, other, overlap="1").status_code == 404
    assert as_mo.get(f"/p/clocks/batches/{other.pk}/").status_code == 404


@pytest.mark.parametrize(("opens", "closes", "given"), [(-1, 1, True), (1, None, False), (None, -1, False)])
def test_a_batch_is_given_out_from_its_opening_to_its_closing(ann, batch, question, opens, closes, given):
    for name, days in (("opens", opens), ("closes", closes)):
        setattr(batch, name, timezone.now() + timedelta(days=days) if days else None)
    change_batch(batch, ["opens", "closes"])
    assert (claiming.claim(ann) is not None) == given
    assert Question.objects.on_offer_to(ann).exists() is False


def test_what_is_begun_is_gone_on_with_after_the_closing(ann, batch, assignment):
    batch.closes = timezone.now()
    change_batch(batch, ["closes"])
    assert claiming.claim(ann) == assignment


@pytest.mark.parametrize("share", [0, 1, 20, 30, 50, 65, 99, 100])
@pytest.mark.parametrize("size", [10, 250])
def test_a_share_is_drawn_evenly_by_its_seed(share, size):
    drawn = [place for place in range(1, size + 1) if shared(place, share, 7)]
    assert abs(len(drawn) - size * share / 100) <= 1
    assert share in (0, 100) or size == 10 or drawn != [n for n in range(1, size + 1) if shared(n, share, 8)]


def test_the_share_holds_for_questions_that_come_later(batch):
    batch.share = 20
    change_batch(batch, ["share"])
    questions = [make_question(batch, f"q{number}") for number in range(10)]
    assert sorted(question.overlap for question in questions) == [1] * 8 + [2] * 2


def test_questions_are_asked_again_with_their_own_copy_of_the_list(as_mo, batch, project):
    first, _second = make_question(batch, "q1", tags=["t"]), make_question(batch, "q2", "Which cup?")
    again = add_batch(project, "again", overlap=None)
    as_mo.post(f"/p/clocks/batches/{again.pk}/ask-again/", {"q": "Spain", "seed": "1"})
    copy = again.questions.get()
    assert (copy.external_id, copy.text, copy.tags, copy.overlap, copy.order) == ("q1", first.text, ["t"], None, 1)
    assert copy.retrieval != first.retrieval
    assert (copy.retrieval.digest, verify(copy.retrieval)) == (first.retrieval.digest, [])
    as_mo.post(f"/p/clocks/batches/{again.pk}/ask-again/", {"seed": "1"})
    again.refresh_from_db()
    assert (again.questions.count(), again.size) == (2, 2)


def test_a_sample_is_random_and_the_same_again(batch, project):
    for number in range(20):
        make_question(batch, f"q{number}")
    again = add_batch(project, "again")
    drawn = chosen(again, batch.questions.all(), 5, 3)
    assert len(drawn) == 5
    assert drawn == chosen(again, batch.questions.all(), 5, 3) == sorted(drawn)
    assert drawn != chosen(again, batch.questions.all(), 5, 4)


def test_many_questions_are_asked_again_by_a_job(as_mo, batch, project, question, monkeypatch):
    monkeypatch.setattr("annotator.actions.asking_found.MOST_AT_ONCE", 0)
    again = add_batch(project, "again")
    answer = as_mo.post(f"/p/clocks/batches/{again.pk}/ask-again/", {"seed": "1"})
    assert answer.url == f"/p/clocks/jobs/{project.jobs.get().pk}/"
    from annotator import jobs

    assert jobs.run(project.jobs.get().pk).result == {"asked": 1}


def test_whoever_had_nothing_left_finds_what_is_asked_again(ann, batch, project, question):
    again = add_batch(project, "again")
    claiming.skip(claiming.claim(ann), "no")
    assert claiming.claim(ann) is None
    ask_again(again, [question.pk])
    assert claiming.claim(ann).question.batch == again


def submit_all(members) -> None:
    for member in members:
        while work := claiming.claim(member):
            work.annotation.__class__.objects.filter(pk=work.annotation_id).update(submitted=timezone.now())
            work.__class__.objects.filter(pk=work.pk).update(state="submitted")


def discuss(question: Question, mo: Member, as_mo: Client, as_ann: Client) -> None:
    """Let Mo mark a question for discussion, look at it and ask Ann about her work, and Ann answer."""
    set_discussion(Question.objects.filter(pk=question.pk), wanted=True)
    as_mo.post(f"/p/clocks/questions/{question.pk}/look/")
    notes = f"/p/clocks/notes/{question.annotations.get(author__user__username='ann').pk}/"
    assert as_mo.post(notes, {"text": "Is a tie a win?"}).status_code == 302
    asked = mo.notes.get()
    assert as_ann.post(notes, {"text": "The guidelines do not say.", "reply_to": asked.pk}).status_code == 302
    assert asked.replies.get().text in as_mo.get(notes).text


def test_a_project_goes_from_a_pilot_over_new_guidelines_to_a_main_batch(
    as_mo, as_ann, project, batch, ann, bo, cy, mo
):
    post(as_mo, batch, name="pilot", purpose="pilot", overlap="")
    for number in range(10):
        make_question(Batch.objects.get(pk=batch.pk), f"q{number}")
    submit_all([ann, bo, cy])
    assert {question.taken for question in batch.questions.all()} == {3}
    discuss(batch.questions.get(external_id="q0"), mo, as_mo, as_ann)
    post(as_mo, batch, name="pilot", purpose="pilot", overlap="", closes="2020-01-01T00:00")
    first = GuidelineVersion.objects.get(project=project)
    second = save_guidelines(project, "# Better", first.number, mo)
    as_mo.post("/p/clocks/batches/new/", NEW | {"guideline_version": str(second.pk), "overlap": ""})
    again = project.batches.get(name="pilot 2")
    as_mo.post(f"/p/clocks/batches/{again.pk}/ask-again/", {"batch": str(batch.pk), "sample": "4", "seed": "1"})
    submit_all([ann, bo, cy])
    versions = ann.annotations.values_list("question__batch__name", "guideline_version__number").distinct()
    assert set(versions) == {("pilot", None), ("pilot 2", 2)}
    as_mo.post("/p/clocks/batches/new/", NEW | {"name": "main", "purpose": "main", "overlap": "2", "share": "20"})
    main = project.batches.get(name="main")
    for number in range(50):
        make_question(main, f"m{number}")
    submit_all([ann, bo, cy])
    taken = list(main.questions.values_list("taken", flat=True))
    assert (taken.count(2), taken.count(1)) == (10, 40)
