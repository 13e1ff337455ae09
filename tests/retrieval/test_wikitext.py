"""Wikitext as running text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.synthetic_dumps import articles
from retrieval.corpora.wikitext import ALWAYS_NAMED, sections


def plain(wikitext: str) -> str:
    """Return the text of all sections."""
    return "\n".join(section.text for section in sections(wikitext))


@pytest.mark.parametrize(
    ("wikitext", "expected"),
    [
        ("'''Spain''' ''won'' it.", "Spain won it."),
        (
            "[[Spain]] beat the [[Netherlands|Dutch]] in [[:Category:Finals]].",
            "Spain beat the Dutch in Category:Finals.",
        ),
        ("[http://a.example The site], [http://b.example] http://c.example", "The site, http://c.example"),
        ("A {{convert|5|km|{{nested}}}} walk ({{lang|es|x}}; {{IPA|y}}).", "A walk."),
        ("Won<ref name=a>See [[x]] {{cite}}</ref> in 2010.<ref name=a /><!-- sic -->", "Won in 2010."),
        ("[[File:A.jpg|thumb|A [[cup]]]]Text[[Category:Cups]]", "Text"),
        ('Before\n{| class="x"\n|-\n| cell || {{n}}\n|}\nafter', "Before\nafter"),
        ("* one\n** [[two]]\n# three\n; term : meaning", "one\ntwo\nthree\nterm meaning"),
        ("5&nbsp;km &amp; more &ndash; H<sub>2</sub>O", "5 km & more – H2O"),
        ("E = <math>mc^2</math> is <nowiki>[[raw]]</nowiki>", "E = is raw"),
        ("one<br>two<br />three <blockquote>four</blockquote>", "one\ntwo\nthree\nfour"),
        ("__NOTOC__ <gallery>\nFile:A.jpg|x\n</gallery> text", "text"),
        ("西班牙（{{lang|es|x}}）是[[国家]]。", "西班牙是国家。"),
    ],
)
def test_what_a_reader_reads_is_kept_and_nothing_else(wikitext, expected):
    assert plain(wikitext) == expected


def test_sections_carry_the_headings_above_them_and_empty_ones_are_left_out():
    wikitext = "Lead.\n== A ==\n=== ''B'' ===\nIn b.\n==C==\n{{Reflist}}\n====D====\nIn d.\n== E ==\nIn e."
    assert list(sections(wikitext)) == [("", "Lead."), ("A › B", "In b."), ("C › D", "In d."), ("E", "In e.")]


def test_namespaces_are_known_by_the_names_that_the_wiki_gives_them():
    unread = ALWAYS_NAMED | {"datei", "kategorie"}
    assert list(sections("[[Datei:A.jpg|x]]Text[[Kategorie:B]]", unread)) == [("", "Text")]


def test_markup_that_is_never_closed_leaves_no_rest():
    text = plain("Before.\n{{Infobox\n| name = x\nAfter.<ref>never\n[[half a link\n{| class=x\n| cell\n")
    assert text == "Before.\nAfter.never\nhalf a link"


@pytest.mark.parametrize("article", [one for one in articles(60) if not one.kind], ids=lambda one: one.title)
def test_pages_made_up_with_every_wart_read_as_they_were_meant(article):
    assert list(sections(article.wikitext(), ALWAYS_NAMED | {"bild", "kategorie"})) == article.plain()


@pytest.mark.parametrize("opened", ["{{a|", "[[a|", "<ref>a", "{|\n|a", "[http://a ", "<div>", "<!--", "{{{a|", "''[["])
def test_a_page_that_leaves_thousands_of_things_open_takes_no_longer_than_others(opened):
    start = time.process_time()
    text = plain("Lead.\n== A ==\n" + opened * 20_000 + "\n== B ==\nEnd.")
    assert time.process_time() - start < 5
    assert text.startswith("Lead.")
    assert text.endswith("End.")


@given(st.lists(st.sampled_from("{{ }} [[ ]] | == = ''' <ref> </ref> {| |} |- * # a b. <!-- --> &amp; \n".split(" "))))
def test_whatever_stands_in_a_page_can_be_read(pieces):
    for section in sections("".join(pieces)):
        assert section.text == section.text.strip() != ""
        assert "\0" not in section.text
