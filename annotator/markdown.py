"""Markdown of guidelines to HTML: raw HTML is shown as text, pictures are left out, links tell nobody their origin."""

from collections.abc import Sequence
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

# A picture would be fetched from another host.
READER = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def opened_link(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, _env: Any) -> str:
    tokens[index].attrSet("rel", "noopener noreferrer")
    return renderer.renderToken(tokens, index, options, {})


def lowered_heading(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, _env: Any) -> str:
    """The page has its own h1, and the panel its h2."""
    token = tokens[index]
    token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"
    return renderer.renderToken(tokens, index, options, {})


def aligned_cell(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, _env: Any) -> str:
    """A cell's place is a class: the policy refuses a style of its own."""
    if tokens[index].attrs.pop("style", "") == "text-align:right":
        tokens[index].attrSet("class", "num")
    return renderer.renderToken(tokens, index, options, {})


READER.add_render_rule("th_open", aligned_cell)
READER.add_render_rule("td_open", aligned_cell)
READER.add_render_rule("link_open", opened_link)
READER.add_render_rule("heading_open", lowered_heading)
READER.add_render_rule("heading_close", lowered_heading)


def render_markdown(text: str) -> SafeString:
    """Return the HTML of ``text``, safe to show."""
    html: str = READER.render(text)
    return mark_safe(html)  # noqa: S308 - raw HTML is off, and every text escaped
