"""Blindness: every page and the whole administration, walked by those who must not see what Ann has written."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import ForeignKey
from django.test import Client
from django.urls import reverse

from annotator.actions import claiming, looking, submitting
from annotator.models import Annotation, Assignment, Member, Question, User
from annotator.standing import standing
from tests.canary import CANARY, ask, write_canary
from tests.conftest import make_question, signed_in, with_cookies
from tests.test_routes import FORMS, LINES, arguments, path_of

__all__ = ["arguments"]
pytestmark = pytest.mark.alike
TABLES = list(apps.get_app_config("annotator").get_models())
SPOKEN = product("answer citation condition lookup note".split(), "list search change history".split())
# Where who sees everything reads Ann’s work in the administration; what is silent to them is so to everybody.
LOUD = {f"annotator_{table} {page}" for table, page in SPOKEN} | {
    *("annotator_annotation change", "annotator_assignment change", "annotator_revision change"),
    "annotator_adoption change",
    *("annotator_answer condition", "annotator_citation answer", "annotator_note reply_to"),
}


def administered() -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield every page of the administration: its kind, its path and what it is asked.

    The search's word does not sing by itself.
    """
    completed = set()
    for model in TABLES:
        kind = f"{model._meta.app_label}_{model._meta.model_name}"
        listing = reverse(f"admin:{kind}_changelist")
        yield f"{kind} list", listing, {}
        if admin.site._registry[model].search_fields:
            yield f"{kind} search", listing, {"q": CANARY[1:]}
        for pk in model._default_manager.values_list("pk", flat=True):
            for page in ("change", "history"):
                yield f"{kind} {page}", reverse(f"admin:{kind}_{page}", args=[pk]), {}
        for field in model._meta.fields:
            # What is offered hangs on the table that the field leads to.
            if isinstance(field, ForeignKey) and field.related_model in TABLES and field.related_model not in completed:
                completed.add(field.related_model)
                names = {"app_label": model._meta.app_label, "model_name": str(model._meta.model_name)}
                asked = {**names, "field_name": field.name, "term": ""}
                yield f"{kind} {field.name}", reverse("admin:autocomplete"), asked


@pytest.fixture
def walk(arguments: dict[str, Any]) -> Callable[[Member], list[str]]:
    """Walk everything as a member, of the administration what is loud: ``walk(mo)``."""
    return lambda member: walked(member, arguments)


def administering(account: User) -> User:
    """Let an account run the site."""
    User.objects.filter(pk=account.pk).update(is_staff=True, is_superuser=True)
    return User.objects.get(pk=account.pk)


def walked(member: Member, arguments: dict[str, Any]) -> list[str]:
    """Return where the member, who administers the site too, sees Ann's work and has not looked by asking."""
    lines = [(method, name) for (method, name), cells in LINES.items() if name != "admin" and cells[-1] != "405"]
    asked = [(method, path_of(name, arguments), FORMS.get(name, {})) for method, name in lines]
    asked += [("GET", path, form) for kind, path, form in administered() if kind in LOUD]
    cookies = signed_in(administering(member.user)).cookies
    return [f"{how} {path} {form}" for how, path, form in asked if not ask(with_cookies(cookies), how, path, form)[1]]


def hand_in(member: Member, question: Question) -> None:
    """Let the member claim the question and submit that it cannot be answered."""
    work = claiming.take(member, question).annotation
    assert work is not None
    Annotation.objects.filter(pk=work.pk).update(verdict="unanswerable")
    work.refresh_from_db()
    submitting.submit(work, member)


def draft(assignment: Assignment) -> None:
    """Let a machine's draft of the question sing, too, and let Ann have adopted from it."""
    own = assignment.annotation
    assert own is not None
    system = assignment.member.project.systems.create(name="run 1")
    made = {"source": "draft", "system": system, "created": own.created, "saved": own.saved}
    drafted = assignment.question.annotations.create(note=CANARY, **made)
    drafted.conditions.create(uid="drafted", order=1, text=CANARY)
    own.adoptions.create(condition="card", draft=drafted, revision=1, uid="drafted", parts={CANARY: CANARY})


def test_the_canary_sings_from_what_a_process_keeps(assignment):
    write_canary(assignment)
    whole = standing(Annotation.objects.get(pk=assignment.annotation_id)).record
    assert whole.note == whole.conditions[0].text == CANARY


def test_no_other_page_of_the_administration_is_loud(arguments, assignment, dee):
    draft(assignment)
    cookies = signed_in(administering(dee)).cookies
    heard: set[str] = set()
    for kind, path, form in administered():
        if kind not in heard and not ask(with_cookies(cookies), "GET", path, form)[1]:
            heard.add(kind)
    assert heard == LOUD


def test_mo_who_holds_the_question_sees_nothing_of_it(walk, mo, question):
    claiming.take(mo, question)
    assert walk(mo) == []


def test_mo_who_may_still_claim_it_sees_neither_work_nor_draft_without_having_looked(walk, assignment, mo):
    draft(assignment)
    assert walk(mo) == []


def test_mo_who_skipped_it_sees_nothing_without_having_looked(walk, mo, question):
    claiming.skip(claiming.take(mo, question), "too hard")
    assert walk(mo) == []


def test_mo_sees_nothing_where_every_place_is_taken_since_one_may_come_back(walk, mo, question):
    Question.objects.filter(pk=question.pk).update(overlap=1)
    assert walk(mo) == []


def test_cy_who_looked_and_claimed_where_that_is_allowed_sees_nothing_until_submitting(walk, cy, question):
    looking.look(cy, question)
    cy.project.lookers_may_annotate = True
    cy.project.save(update_fields=["lookers_may_annotate"])
    claiming.take(cy, question)
    assert walk(cy) == []


def test_bo_sees_neither_work_nor_draft_before_submitting(walk, assignment, bo, question):
    draft(assignment)
    claiming.take(bo, question)
    assert walk(bo) == []


def test_bo_who_only_annotates_sees_nothing_of_hers_afterwards_either(walk, bo, question):
    hand_in(bo, question)
    assert walk(bo) == []


def seen_in_administration(client: Client, assignment: Assignment) -> bool:
    path = reverse("admin:annotator_annotation_change", args=[assignment.annotation_id])
    answer = client.get(path)
    return answer.status_code == 200 and CANARY in answer.text


def test_cy_who_looked_sees_it_everywhere_and_is_never_given_it(arguments, assignment, cy, question):
    client = signed_in(administering(cy.user))
    assert not seen_in_administration(client, assignment)
    client.post(path_of("look", arguments))
    assert CANARY in client.get(path_of("question", arguments)).text
    assert seen_in_administration(client, assignment)
    assert claiming.claim(cy) is None


def test_mo_sees_it_after_submitting_their_own(arguments, as_mo, mo, question):
    hand_in(mo, question)
    assert CANARY in as_mo.get(path_of("question", arguments)).text


def test_who_runs_the_site_and_is_in_no_project_sees_everything(arguments, assignment, dee):
    assert seen_in_administration(signed_in(administering(dee)), assignment)


def test_each_sees_their_own_work_in_the_administration(arguments, assignment, ann):
    assert seen_in_administration(signed_in(administering(ann.user)), assignment)


def test_another_question_is_not_seen_by_a_look_at_one(arguments, ann, cy, batch, question):
    other = claiming.take(ann, make_question(batch, "other")).annotation
    Annotation.objects.filter(pk=other.pk).update(note=CANARY)
    looking.look(cy, question)
    assert CANARY not in signed_in(cy.user).get(f"/p/clocks/questions/{other.question_id}/").text
