"""Guidelines: every save a version, nobody's overwritten, and nothing in them that the browser would run."""

import pytest

from annotator.actions.guidelines import save_guidelines
from annotator.markdown import render_markdown
from annotator.models import GuidelineVersion

EDIT = "/p/clocks/guidelines/edit/"


def versions(project) -> list[tuple[int, str]]:
    return list(project.guidelines.order_by("number").values_list("number", "text"))


def test_a_save_is_the_next_version_and_the_batches_read_it(as_mo, project):
    assert as_mo.post(EDIT, {"base": 1, "text": "# New\r\n\r\n- a"}).url == "/p/clocks/guidelines/"
    assert versions(project) == [(1, "# Guidelines"), (2, "# New\n\n- a")]
    assert project.batches.get().guideline_version.number == 2
    assert project.guidelines.first().by.user.username == "mo"


def test_the_same_text_again_is_no_version(as_mo, project):
    as_mo.post(EDIT, {"base": 1, "text": "# Guidelines"})
    assert len(versions(project)) == 1


def test_whoever_saves_second_gets_409_with_both_texts(as_mo, project):
    save_guidelines(project, "theirs", 1)
    answer = as_mo.post(EDIT, {"base": 1, "text": "mine"})
    assert answer.status_code == 409
    assert "theirs" in answer.text
    assert "mine" in answer.text
    assert 'name="base" value="2"' in answer.text
    assert len(versions(project)) == 2


def test_empty_guidelines_are_422(as_mo, project):
    assert as_mo.post(EDIT, {"base": 1, "text": ""}).status_code == 422
    assert len(versions(project)) == 1


def test_every_version_can_be_read_by_every_member(as_mo, as_ann, as_vi, as_dee, project):
    save_guidelines(project, "second", 1)
    path = "/p/clocks/guidelines/"
    assert [who.get(path).status_code for who in (as_mo, as_ann, as_vi, as_dee)] == [200, 200, 200, 404]
    assert "second" in as_ann.get(path).text
    assert "<h2>Guidelines</h2>" in as_ann.get(path, {"version": 1}).text
    assert as_ann.get(path, {"version": 9}).status_code == 404


def test_the_drawer_is_a_part_without_the_page(as_ann, project):
    answer = as_ann.get("/p/clocks/guidelines/drawer/")
    assert "<h2>Guidelines</h2>" in answer.text
    assert "<html" not in answer.text


def test_a_project_without_guidelines_says_so(as_ann, project):
    project.batches.update(guideline_version=None)
    GuidelineVersion.objects.filter(project=project).delete()
    assert "No guidelines yet" in as_ann.get("/p/clocks/guidelines/").text
    assert "no guidelines yet" in as_ann.get("/p/clocks/guidelines/drawer/").text


def test_the_preview_stores_nothing(as_mo, project):
    answer = as_mo.post("/p/clocks/guidelines/preview/", {"text": "**bold**"})
    assert "<strong>bold</strong>" in answer.text
    assert len(versions(project)) == 1


def test_annotators_and_strangers_write_nothing(as_ann, as_dee, project):
    for who in (as_ann, as_dee):
        assert who.post(EDIT, {"base": 1, "text": "x"}).status_code == 404
        assert who.post("/p/clocks/guidelines/preview/", {"text": "x"}).status_code == 404


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![](https://other.example/pixel.png)",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        '<a href="x" style="color:red">',
    ],
)
def test_nothing_dangerous_is_rendered(text):
    html = render_markdown(text)
    assert not any(tag in html for tag in ("<script", "<img", 'href="javascript:', 'href="data:', '<a href="x"'))


def test_links_open_without_telling_where_from_and_headings_fit_below_the_page():
    html = render_markdown("# One\n\n[here](https://example.org)")
    assert "<h2>One</h2>" in html
    assert 'rel="noopener noreferrer"' in html


def test_an_aligned_column_of_a_table_is_a_class_since_no_style_is_allowed():
    html = render_markdown("| a | b |\n|--:|:--|\n| 1 | 2 |")
    assert '<td class="num">1</td>' in html
    assert "style=" not in html
