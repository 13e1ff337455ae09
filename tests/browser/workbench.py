"""The workbench as a person uses it: what one clicks, types and waits for."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, Route, expect

from annotator import record
from annotator.models import Assignment

SELECT = """([rank, start, end]) => {
  const text = document.querySelector(`#fragment-${rank} .prose`).firstChild, range = new Range();
  range.setStart(text, start);
  range.setEnd(text, end);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""
HIGHLIGHTED = "() => [...CSS.highlights].map(([name, ranges]) => [name, ...[...ranges].map(String)])"


def condition(uid: str, text: str, *answers: str, cites: tuple[int, ...] = ()) -> record.Condition:
    """Return a condition with answers ``UID-1`` …, each citation for both."""
    return record.Condition(
        uid=uid,
        text=text,
        answers=tuple(record.Answer(uid=f"{uid}-{number}", text=part) for number, part in enumerate(answers, 1)),
        citations=tuple(record.Citation(uid=f"{uid}-c{rank}", role=record.Role.BOTH, rank=rank) for rank in cites),
    )


FOOTBALL = condition("foot", "in men’s football", "2010", cites=(1,))
BASKETBALL = condition("basket", "in men’s basketball", "2006", "2019", cites=(3,))


class Workbench:
    """One open workbench in one window."""

    def __init__(self, page: Page, assignment: Assignment) -> None:
        self.page = page
        self.assignment = assignment
        self.url = f"/p/{assignment.question.batch.project.slug}/q/{assignment.question_id}/"
        self.keys = page.keyboard

    def open(self) -> "Workbench":
        self.page.goto(self.url)
        return self.ready()

    def ready(self) -> "Workbench":
        self.page.locator("#annotation[data-ready]").wait_for(state="attached")
        return self

    def reload(self) -> "Workbench":
        self.page.reload()
        return self.ready()

    def another_window(self) -> "Workbench":
        """Open the same question in a second window of the same browser."""
        return Workbench(self.page.context.new_page(), self.assignment).open()

    # Parts

    @property
    def state(self) -> Locator:
        return self.page.locator("#save-state")

    @property
    def toast(self) -> Locator:
        return self.page.locator("#toast")

    @property
    def cards(self) -> Locator:
        return self.page.locator("#conditions > .condition")

    def card(self, letter: str) -> Locator:
        return self.page.locator(f"#conditions > [data-letter='{letter}']")

    def text(self, letter: str) -> Locator:
        return self.page.get_by_role("textbox", name=f"Text of condition {letter}")

    def answer(self, letter: str, number: int = 1) -> Locator:
        return self.page.get_by_role("textbox", name=f"Answer {number} under condition {letter}", exact=True)

    def chips(self, letter: str) -> Locator:
        return self.card(letter).locator(".chip")

    def fragment(self, rank: int) -> Locator:
        return self.page.locator(f"#fragment-{rank}")

    def square(self, rank: int) -> Locator:
        return self.page.locator(f"#coverage [data-rank='{rank}']")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name)

    def verdict(self, name: str) -> Locator:
        return self.page.locator("#verdict label", has=self.page.locator(f"[value={name}]"))

    # What one does

    def unfold(self, letter: str) -> None:
        self.card(letter).locator("summary").click()

    def turn_to_answer(self) -> None:
        """On a phone, turn to the tab that holds the answer."""
        tab = self.page.get_by_role("button", name="Answer ·")
        if tab.is_visible():
            tab.click()

    def type(self, text: str) -> None:
        self.keys.type(text)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.keys.press(key)

    def select(self, rank: int, words: str) -> None:
        """Select words in a fragment; positions are the browser's, in UTF-16 units."""
        text = self.fragment(rank).locator(".prose").inner_text()
        start = len(text[: text.index(words)].encode("utf-16-le")) // 2
        self.page.evaluate(SELECT, [rank, start, start + len(words.encode("utf-16-le")) // 2])

    def highlights(self) -> list[list[str]]:
        """Return the names of the highlights, each with the texts that it covers."""
        return sorted(self.page.evaluate(HIGHLIGHTED))

    def saved(self) -> None:
        """Wait until everything is acknowledged."""
        expect(self.state).to_contain_text("Saved")

    # The network between

    def intercept(self, do: Callable[[Route], None], times: int | None = None) -> None:
        """Hand every save to ``do`` instead of the server."""
        self.page.route(f"**{self.url}*/**", do, times=times)

    def reconnect(self) -> None:
        self.page.unroute_all(behavior="ignoreErrors")
