"""Consent: a text in versions, asked for at joining and at the next claim, and who agreed to which one when."""

import pytest

from annotator.actions import claiming
from annotator.actions.consenting import ConsentOwed, agree, owed_by, publish_consent
from annotator.models import Assignment, Consent, Question
from tests.conftest import make_question

CONSENT = "/p/clocks/consent/"


def publish(client, text: str):
    return client.post(f"{CONSENT}publish/", {"text": text})


def test_a_changed_text_is_asked_for_at_the_next_claim(as_mo, as_ann, ann, question):
    assert publish(as_mo, "We publish your work.").status_code == 302
    assert as_ann.post("/p/clocks/claim/").url.startswith(f"{CONSENT}?again=")
    assert "We publish your work." in as_ann.get(CONSENT).text
    assert as_ann.post(CONSENT).status_code == 422
    assert as_ann.post(CONSENT, {"agreed": "1"}).url == "/?project=clocks"
    assert as_ann.post("/p/clocks/claim/").url == f"/p/clocks/q/{question.pk}/"


def test_agreeing_leads_back_to_where_one_came_from(as_mo, as_ann, question):
    publish(as_mo, "We publish your work.")
    page = "http://testserver/p/clocks/adjudicate/?state=gold"
    asked = as_ann.post("/p/clocks/claim/", headers={"Referer": page}).url
    assert asked.startswith(f"{CONSENT}?next=%2Fp%2Fclocks%2Fadjudicate%2F%3Fstate%3Dgold&")
    assert 'name="next" value="/p/clocks/adjudicate/?state=gold"' in as_ann.get(asked).text
    elsewhere = as_ann.post("/p/clocks/claim/", headers={"Referer": "https://elsewhere.example/a"})
    assert "next=" not in elsewhere.url
    refused = as_ann.post(CONSENT, {"next": "https://elsewhere.example/"})
    assert "elsewhere" not in refused.text
    assert as_ann.post(CONSENT, {"agreed": "1", "next": "/p/clocks/guidelines/"}).url == "/p/clocks/guidelines/"


def test_agreeing_goes_on_with_the_button_that_it_held_up(as_mo, as_ann, batch):
    make_question(batch, "first")
    wanted = make_question(batch, "wanted")
    publish(as_mo, "We publish your work.")
    page = as_ann.get(as_ann.post("/p/clocks/claim/", {"question": wanted.pk}).url)
    form = {"agreed": "1"} | {name: page.context["held"][name] for name in ("again", "question")}
    gone_on = as_ann.post(CONSENT, form, follow=True)
    assert gone_on.request["PATH_INFO"] == f"/p/clocks/q/{wanted.pk}/"
    assert "Thank you. You can go on." in gone_on.text


def test_nobody_is_made_to_press_a_button_by_what_we_did_not_sign_for_them(as_mo, as_ann, as_bo, question):
    publish(as_mo, "We publish your work.")
    of_ann = as_ann.get(as_ann.post("/p/clocks/claim/").url).context["held"]["again"]
    for again in (of_ann, "/p/clocks/leave/", ""):
        assert as_bo.post(CONSENT, {"again": again}).context["held"] == {}
    assert as_bo.post(CONSENT, {"agreed": "1", "again": of_ann}).url == "/?project=clocks"


def test_going_on_after_a_skip_asks_too(as_mo, as_ann, assignment, batch):
    make_question(batch, "q2")
    publish(as_mo, "We publish your work.")
    assert as_ann.post(f"/p/clocks/q/{assignment.question_id}/skip/").url == CONSENT
    assert as_ann.post(f"/p/clocks/q/{assignment.question_id}/resume/").url.startswith(CONSENT)
    assert Assignment.objects.get(pk=assignment.pk).state == "skipped"


def test_work_in_hand_is_gone_on_with(as_mo, as_ann, assignment):
    publish(as_mo, "We publish your work.")
    assert as_ann.get(f"/p/clocks/q/{assignment.question_id}/").status_code == 200


def test_no_caller_hands_out_a_question_without_it(ann, mo, assignment, batch):
    claiming.skip(assignment, "later")
    publish_consent(ann.project, "one", mo)
    other = make_question(batch, "q2")
    for hand_out in (
        lambda: claiming.claim(ann),
        lambda: claiming.take(ann, other),
        lambda: claiming.resume(Assignment.objects.get(pk=assignment.pk)),
    ):
        with pytest.raises(ConsentOwed):
            hand_out()
    assert set(Question.objects.filter(batch=batch).values_list("taken", flat=True)) == {0}


def test_a_script_is_led_there_by_a_header(as_cy, mo, project):
    publish_consent(project, "one", mo)
    assert as_cy.post("/p/clocks/claim/", headers={"HX-Request": "true"})["HX-Redirect"].startswith(CONSENT)


def test_each_version_is_agreed_to_anew_and_all_are_kept(as_mo, as_ann, ann, project):
    for number, text in enumerate(["one", "two", "two", "one"], 1):
        publish(as_mo, text)
        as_ann.post(CONSENT, {"agreed": str(min(number, 2) if number < 4 else 3)})
    assert [version.text for version in project.consent_versions.order_by("number")] == ["one", "two", "one"]
    assert list(ann.consents.order_by("version__number").values_list("version__number", flat=True)) == [1, 2, 3]


def test_a_version_that_was_replaced_meanwhile_is_not_agreed_to(as_mo, as_ann, ann, mo, project):
    publish_consent(project, "one", mo)
    publish_consent(project, "two", mo)
    assert as_ann.post(CONSENT, {"agreed": "1"}).status_code == 422
    assert not Consent.objects.exists()


def test_agreeing_twice_keeps_the_first_time(ann, mo, project):
    version = publish_consent(project, "one", mo)
    agree(ann, version)
    first = ann.consents.get().at
    agree(ann, version)
    assert ann.consents.get().at == first


def test_an_emptied_text_asks_for_nothing(ann, mo, project, question):
    publish_consent(project, "one", mo)
    publish_consent(project, "", mo)
    assert owed_by(ann) is None
    assert claiming.claim(ann) is not None


def test_a_project_without_a_text_keeps_none(mo, project):
    assert publish_consent(project, "", mo) is None
    assert not project.consent_versions.exists()


def test_the_settings_say_how_many_agreed(as_mo, ann, mo, project):
    agree(ann, publish_consent(project, "one", mo))
    assert "1 person agreed" in as_mo.get("/p/clocks/settings/").text


def test_owner_peer_and_stranger(as_mo, as_ann, as_dee, project):
    assert [publish(who, "x").status_code for who in (as_mo, as_ann, as_dee)] == [302, 404, 404]
    assert [who.get(CONSENT).status_code for who in (as_ann, as_dee)] == [200, 404]
