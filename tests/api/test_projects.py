"""Projects through the API: making one, its settings by the rules of the page, and deleting it by its name."""

import pytest

from annotator.models import Cursor, Project
from tests.api.calls import CLOCKS, calling, send

PROJECTS = "/api/projects/"
SETTINGS = f"{CLOCKS}settings/"
MAPS = {"name": "Old maps", "description": "Where is where", "language": "de"}


def test_a_project_is_made_and_its_maker_manages_it(mo):
    made = send(calling(mo), "POST", PROJECTS, MAPS)
    told = made.json()
    assert (made.status_code, told["slug"], told["role"], told["language"]) == (201, "old-maps", "manager", "de")
    project = Project.objects.get(slug="old-maps")
    assert (project.description, project.batches.count()) == ("Where is where", 1)
    assert calling(mo).get(f"{PROJECTS}old-maps/").json() == told


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "!?"}, "slug"),
        ({"slug": "clocks"}, "slug"),
        ({"slug": "no spaces"}, "slug"),
        ({"language": "no tag"}, "language"),
        ({"owner": "mo"}, "owner"),
    ],
)
def test_what_the_page_refuses_is_refused_by_its_field(mo, said, field):
    answer = send(calling(mo), "POST", PROJECTS, MAPS | said)
    assert (answer.status_code, [one["field"] for one in answer.json()["errors"]]) == (422, [field])
    assert Project.objects.count() == 2


def test_a_token_for_one_project_makes_no_other(mo, project):
    answer = send(calling(mo, "write", project), "POST", PROJECTS, MAPS)
    assert (answer.status_code, answer.json()["detail"]) == (403, "This token is for one project.")


def test_only_what_is_said_of_the_settings_is_changed(mo, question):
    before = calling(mo).get(SETTINGS).json()
    said = {"lease_hours": None, "reopening": "never", "corpus": "clocks-corpus", "silenced_checks": []}
    after = send(calling(mo), "PATCH", SETTINGS, said)
    assert (after.status_code, after.json()) == (200, before | said)
    assert send(calling(mo), "PATCH", SETTINGS, {"corpus": None}).json() == before | said | {"corpus": None}
    assert Project.objects.get(slug="clocks").lease_hours is None


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": ""}, "name"),
        ({"lease_hours": 0}, "lease_hours"),
        ({"agreed_from": 1.5}, "agreed_from"),
        ({"reopening": ""}, "reopening"),
        ({"corpus": "noise-imported"}, "corpus"),
        ({"silenced_checks": ["x"]}, "silenced_checks[0]"),
        ({"slug": "other"}, "slug"),
    ],
)
def test_settings_that_cannot_be_are_named_and_nothing_is_changed(mo, said, field):
    before = calling(mo).get(SETTINGS).json()
    answer = send(calling(mo), "PATCH", SETTINGS, {"licence": "CC0"} | said)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert calling(mo).get(SETTINGS).json() == before


def test_claims_begin_anew_where_lookers_may_annotate(mo, ann, question):
    from annotator.actions import claiming

    claiming.claim(ann)
    before = Cursor.objects.get(member=ann).changes
    send(calling(mo), "PATCH", SETTINGS, {"lookers_may_annotate": True})
    assert Cursor.objects.get(member=ann).changes == before + 1


def test_a_project_is_deleted_by_its_name_and_comes_back_as_it_was(mo, ann, project):
    client = calling(mo)
    slip = send(client, "POST", f"{CLOCKS}delete/", {"typed": "clock"})
    assert (slip.status_code, slip.json()["errors"][0]["field"]) == (422, "typed")
    assert send(client, "POST", f"{CLOCKS}delete/", {"typed": "Clocks"}).status_code == 204
    assert [calling(who).get(CLOCKS).status_code for who in (mo, ann)] == [404, 404]
    assert calling(ann).post(f"{CLOCKS}restore/").status_code == 404
    assert [client.post(f"{CLOCKS}restore/").json()["slug"] for _ in range(2)] == ["clocks"] * 2
    assert calling(ann).get(CLOCKS).status_code == 200


def test_the_permission_trio(mo, cy, dee, project):
    answers = [send(calling(who), "PATCH", SETTINGS, {"licence": "CC0"}).status_code for who in (mo, cy, dee)]
    assert answers == [200, 404, 404]
