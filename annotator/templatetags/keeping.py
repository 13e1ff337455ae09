"""A part of a template that is kept in the process under all that it shows."""

from hashlib import sha256

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString

from annotator.views.kept import kept

register = template.Library()


class KeptNode(Node):
    """What stands between the tags, rendered once for the same values."""

    def __init__(self, shown: NodeList, name: str, values: list[FilterExpression]) -> None:
        self.shown, self.name, self.values = shown, name, values

    def render(self, context: Context) -> SafeString:
        values = [value.resolve(context) for value in self.values]
        said = sha256(repr(values).encode()).digest()  # what a row says is as long as its HTML
        return kept.html((self.name, said), lambda: self.shown.render(context))


@register.tag("kept")
def kept_tag(parser: Parser, token: Token) -> KeptNode:
    """Keep a part under its name: ``{% kept NAME VALUE … %}``; the values must say everything that it follows from."""
    _tag, name, *values = token.split_contents()
    shown = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(shown, name, [parser.compile_filter(value) for value in values])
