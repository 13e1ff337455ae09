"""Making a project, and its settings."""

import pytest

from annotator.actions import claiming, looking
from annotator.models import Cursor, Project, User

pytestmark = pytest.mark.alike

NEW = {"name": "Old maps", "slug": "", "description": "Where is where", "language": "en"}


def test_whoever_makes_a_project_manages_it(as_mo):
    answer = as_mo.post("/projects/new/", NEW)
    assert answer.url == "/p/old-maps/"
    project = Project.objects.get(slug="old-maps")
    assert [(member.user.username, member.role) for member in project.members.all()] == [("mo", "manager")]
    assert project.batches.count() == 1
    assert "Four things to begin with" in as_mo.get("/p/old-maps/").text


@pytest.mark.database
def test_who_looked_may_claim_once_the_settings_say_so(as_mo, mo, question):
    looking.look(mo, question)
    assert claiming.claim(mo) is None
    assert "may still annotate the question" in as_mo.get("/p/clocks/settings/").text
    as_mo.post("/p/clocks/settings/", {"name": "Clocks", "language": "en", "lookers_may_annotate": "on"})
    mo.project.refresh_from_db()
    assert claiming.claim(mo).question == question


def test_other_settings_leave_the_claims_where_they_are(as_mo, mo, question):
    claiming.claim(mo)
    before = Cursor.objects.get(member=mo)
    as_mo.post("/p/clocks/settings/", {"name": "Clocks and more", "language": "en"})
    mo.project.refresh_from_db()
    after = Cursor.objects.get(member=mo)
    assert (mo.project.name, after.upto, after.changes) == ("Clocks and more", before.upto, before.changes)
    assert after.upto > after.offset


@pytest.mark.parametrize("wrong", [{"name": ""}, {"slug": "clocks"}, {"slug": "no spaces"}, {"name": "!?"}])
def test_a_bad_name_or_address_is_422_beside_its_field(as_mo, wrong):
    answer = as_mo.post("/projects/new/", NEW | wrong)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_an_address_that_is_taken_is_said_once(as_mo):
    answer = as_mo.post("/projects/new/", NEW | {"slug": "clocks"})
    assert "“clocks” is taken. Choose another address." in answer.text
    assert "already exists" not in answer.text


@pytest.mark.parametrize("tag", ["en", "pt-BR", "zh-Hans-CN"])
def test_a_language_tag_of_the_right_shape_is_taken(as_mo, tag):
    assert as_mo.post("/projects/new/", NEW | {"language": tag}).status_code == 302


@pytest.mark.parametrize("tag", ["e", "pt_BR", "en-", "the english", "日本"])
def test_what_is_no_language_tag_is_refused(as_mo, project, tag):
    expected = f"“{tag}” is no language tag; one such as en, pt-BR or zh-Hans is expected."
    for path in ("/projects/new/", "/p/clocks/settings/"):
        answer = as_mo.post(path, NEW | {"language": tag})
        assert answer.status_code == 422
        assert expected in answer.text


def test_only_managers_and_staff_make_projects(as_ann, as_dee, dee):
    assert as_ann.post("/projects/new/", NEW).status_code == 403
    assert as_dee.post("/projects/new/", NEW).status_code == 403
    User.objects.filter(pk=dee.pk).update(is_staff=True)
    assert as_dee.post("/projects/new/", NEW).status_code == 302


def test_settings_are_saved(as_mo, project):
    said = {"name": "Clocks", "language": "de", "licence": "CC0-1.0", "silenced_checks": ["near_duplicate"]}
    assert as_mo.post("/p/clocks/settings/", said).url == "/p/clocks/settings/"
    project.refresh_from_db()
    assert (project.language, project.licence, project.silenced_checks) == ("de", "CC0-1.0", ["near_duplicate"])


@pytest.mark.parametrize("wrong", [{"name": ""}, {"silenced_checks": ["empty_text"]}])
def test_settings_that_do_not_fit_are_422_and_change_nothing(as_mo, project, wrong):
    answer = as_mo.post("/p/clocks/settings/", {"name": "X", "language": "en"} | wrong)
    assert answer.status_code == 422
    assert Project.objects.get(pk=project.pk).name == "Clocks"


@pytest.mark.parametrize("page", ["", "settings/", "members/", "import/", "export/", "retrieve/"])
def test_only_managers_get_in(as_mo, as_ann, as_dee, page):
    path = f"/p/clocks/{page}"
    assert [who.get(path).status_code for who in (as_mo, as_ann, as_dee)] == [200, 404, 404]


@pytest.mark.parametrize("hours", ["0", "8761", "long"])
def test_a_lease_lasts_from_an_hour_to_a_year(as_mo, project, hours):
    answer = as_mo.post("/p/clocks/settings/", {"name": "X", "language": "en", "lease_hours": hours})
    assert answer.status_code == 422


@pytest.mark.database
def test_an_empty_lease_never_ends(as_mo, project):
    as_mo.post("/p/clocks/settings/", {"name": "X", "language": "en", "lease_hours": ""})
    project.refresh_from_db()
    assert project.lease_hours is None
