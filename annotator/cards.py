"""A condition card as a form: posted fields → a change → the condition after it.

Every field's name ends in the uid of its card, answer or citation, so that one card and the whole page are read alike.
The citations of a card are never posted as a list: a card says which one to add, to drop, or to give another role. A
list on screen that is a moment old can therefore not bring back what was removed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.http import QueryDict

from annotator import record
from annotator.codec import LONGEST_LIST, UID
from annotator.reading import BadInput, Problem, flaw, whole_number


@dataclass(frozen=True, slots=True)
class Citable:
    """A fragment that may be cited: its place in the list, or in the supplementary one, and its text."""

    supplementary: bool
    rank: int
    text: str


Texts = Mapping[str, Citable]
"""What a citation may name, by its number on the page: 3 in the list, S471 among those that were added."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a person did to one card; ``roles`` maps a citation's uid to its role and, perhaps, its one answer."""

    text: str
    answers: tuple[record.Answer, ...]
    cite: record.Citation | None = None
    uncite: frozenset[str] = frozenset()
    roles: Mapping[str, tuple[record.Role, str | None]] = field(default_factory=dict)

    def applied_to(self, stored: record.Condition) -> record.Condition:
        """Return the stored condition with this change. Raises BadInput where it would hold too many citations."""
        kept = [self._with_role(part) for part in stored.citations if part.uid not in self.uncite]
        known = {answer.uid for answer in self.answers}
        wanted = cited(kept, self.cite) if self.cite else kept
        citations = [part if part.answer in known else replace(part, answer=None) for part in wanted]
        if len(citations) > LONGEST_LIST:
            raise BadInput([Problem(f"cite.{stored.uid}", f"A condition holds at most {LONGEST_LIST} citations.")])
        extras = {answer.uid: answer.extra for answer in stored.answers}
        answers = tuple(replace(part, extra=extras.get(part.uid, part.extra)) for part in self.answers)
        return replace(stored, text=self.text, answers=answers, citations=tuple(citations))

    def _with_role(self, citation: record.Citation) -> record.Citation:
        role, answer = self.roles.get(citation.uid, (citation.role, citation.answer))
        return replace(citation, role=role, answer=answer)


def cited(citations: list[record.Citation], new: record.Citation) -> list[record.Citation]:
    """Return the citations with ``new``; citing the same place again only gives it the new role."""
    place = (new.supplementary, new.rank, new.start, new.end)
    for index, part in enumerate(citations):
        if (part.supplementary, part.rank, part.start, part.end) == place:
            return [*citations[:index], replace(part, role=new.role, answer=new.answer), *citations[index + 1 :]]
    return [*citations, new]


def read_change(post: QueryDict, uid: str, texts: Texts) -> Change:
    """Return what the posted fields say of card ``uid``. Raises BadInput with the field's name."""
    problems: list[Problem] = []
    uncite = frozenset(post.getlist(f"uncite.{uid}"))
    change = replace(typed(post, uid, problems), cite=read_cite(post, uid, texts, problems), uncite=uncite)
    if problems:
        raise BadInput(problems)
    return change


def typed(post: QueryDict, uid: str, problems: list[Problem]) -> Change:
    """Return what was typed and chosen in card ``uid``, be it storable or not: its citations neither come nor go."""
    return Change(
        text=read_text(post, f"text.{uid}", problems),
        answers=read_answers(post, uid, problems),
        roles=read_roles(post, problems),
    )


def read_text(post: QueryDict, name: str, problems: list[Problem]) -> str:
    """Return a posted text to the letter, line ends as the browser shows them."""
    text = post.get(name, "").replace("\r\n", "\n")
    if found := flaw(text):
        problems.append(Problem(name, found))
    return text


def read_answers(post: QueryDict, uid: str, problems: list[Problem]) -> tuple[record.Answer, ...]:
    """Return the posted answers of a card in order, less the one to remove; blank wordings do not count."""
    dropped = post.getlist(f"drop.{uid}")
    uids = [answer for answer in dict.fromkeys(post.getlist(f"answers.{uid}")) if answer not in dropped]
    if post.get(f"more.{uid}"):
        uids.append(record.new_uid())
    if len(uids) > LONGEST_LIST:
        problems.append(Problem(f"answers.{uid}", f"A condition has at most {LONGEST_LIST} answers."))
    if not all(UID.match(answer) for answer in uids):
        problems.append(Problem(f"answers.{uid}", "The form names an answer by what is no id."))
    return tuple(
        record.Answer(answer, read_text(post, f"answer.{answer}", problems), read_aliases(post, answer, problems))
        for answer in uids
    )


def read_aliases(post: QueryDict, answer: str, problems: list[Problem]) -> tuple[str, ...]:
    """Return the other wordings posted for an answer, blank ones left out."""
    wordings = tuple(text for text in post.getlist(f"alias.{answer}") if text.strip())
    problems += [Problem(f"alias.{answer}", found) for found in map(flaw, wordings) if found]
    if len(wordings) > LONGEST_LIST:
        problems.append(Problem(f"alias.{answer}", f"An answer has at most {LONGEST_LIST} other wordings."))
    return wordings


def read_cite(post: QueryDict, uid: str, texts: Texts, problems: list[Problem]) -> record.Citation | None:
    """Return the citation to add, its span checked against the fragment's text."""
    number = post.get(f"cite.{uid}", "").strip()
    if not number:
        return None
    named = texts.get(plain(number))
    if named is None:
        problems.append(Problem(f"cite.{uid}", f"There is no fragment {number[:20]} in this list."))
        return None
    role, answer = role_of(post.get(f"citefor.{uid}", record.Role.BOTH), f"citefor.{uid}", problems)
    new = record.Citation(record.new_uid(), role, named.rank, named.supplementary, answer)
    return with_span(new, post, uid, named.text, problems)


def plain(number: str) -> str:
    """Return a fragment's number as the page writes it: without zeros before it, with a capital S."""
    added = "S" if number[:1] in ("s", "S") else ""
    return f"{added}{whole_number(number[len(added) :])}"


def with_span(
    citation: record.Citation, post: QueryDict, uid: str, text: str, problems: list[Problem]
) -> record.Citation:
    """Return the citation with the posted span, where there is one and the fragment holds the quote there."""
    start, end, quote = (post.get(f"{name}.{uid}", "") for name in ("start", "end", "quote"))
    if not quote:
        return citation
    first, last = whole_number(start), whole_number(end)
    if first is None or last is None or not first < last or text[first:last] != quote:
        problems.append(Problem(f"quote.{uid}", "The selected words do not stand at that place in the fragment."))
        return citation
    return replace(citation, start=first, end=last, quote=quote)


def read_roles(post: QueryDict, problems: list[Problem]) -> dict[str, tuple[record.Role, str | None]]:
    """Return the roles posted for stored citations, by the citation's uid."""
    names = [name for name in post if name.startswith("role.")]
    return {name.removeprefix("role."): role_of(post.get(name, ""), name, problems) for name in names}


def role_of(value: str, name: str, problems: list[Problem]) -> tuple[record.Role, str | None]:
    """Return the role, and the one answer that ``answer:UID`` names."""
    role, _colon, answer = value.partition(":")
    try:
        return record.Role(role), answer or None
    except ValueError:
        problems.append(Problem(name, f"“{value[:40]}” is no role"))
        return record.Role.BOTH, None
