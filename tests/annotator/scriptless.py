"""The workbench without script: what a browser would post from the HTML of its one form."""

from collections import defaultdict
from html.parser import HTMLParser

from annotator import record, rows
from annotator.models import Annotation

Attributes = list[tuple[str, str | None]]


class Form(HTMLParser):
    """Collects the values of the controls that stand in ``#annotation`` and are not disabled."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = defaultdict(list)
        self.inside = self.enabled = False
        self.text: tuple[str | None, str] | None = None  # the textarea that is open, and what it holds
        self.select, self.options = "", list[tuple[bool, str]]()

    def handle_starttag(self, tag: str, attributes: Attributes) -> None:
        found = dict(attributes)
        if tag == "form":
            self.inside = self.enabled = found.get("id") == "annotation"
        if tag == "fieldset" and "disabled" in found:
            self.enabled = False
        if tag == "textarea":
            self.text = found.get("name"), ""
        if tag == "select":
            self.select, self.options = found["name"] or "", []
        if tag == "option":
            self.options.append(("selected" in found, found.get("value") or ""))
        if tag == "input" and (found.get("type") != "radio" or "checked" in found):
            self.add(found.get("name"), found.get("value") or "")

    def handle_data(self, data: str) -> None:
        if self.text:
            self.text = self.text[0], self.text[1] + data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        if tag == "textarea" and self.text:
            self.add(self.text[0], self.text[1].removeprefix("\n"))
            self.text = None
        if tag == "select":
            self.add(self.select, max(self.options, key=lambda option: option[0])[1])

    def add(self, name: str | None, value: str) -> None:
        if self.inside and self.enabled and name:
            self.values[name].append(value)


def form(page) -> dict[str, list[str]]:
    """Return what a browser would post from the page's form."""
    parser = Form()
    parser.feed(page.content.decode())
    del parser.values["csrfmiddlewaretoken"]
    return dict(parser.values)


def press(client, url: str, do: str, **more: object):
    """Post the page's form with a button, and return the page that follows."""
    return client.post(url, form(client.get(url)) | {"do": do} | more, follow=True)


def stored(assignment) -> record.Annotation:
    return rows.annotation_record(Annotation.objects.with_conditions().get(pk=assignment.annotation_id))
