"""People from a table: usernames with roles, added all at once or not at all."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import IO

from django.core.exceptions import ValidationError
from django.db import transaction

from annotator.actions.people import held, joined, make_account, make_sign_in_link
from annotator.exchange.streaming import Unreadable, text_lines
from annotator.models import Member, Project, User
from retrieval.counting import how_many

COLUMNS = ("username", "role", "name")
MOST = 1000
Role = Member.Role
Problem = tuple[str, str, str]  # place, column, what is wrong


class Unfit(Exception):
    """The table has ``problems``; nothing was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = problems
        super().__init__("; ".join(": ".join(part for part in problem if part) for problem in problems))


@dataclass(frozen=True, slots=True)
class Person:
    """A row of the table, and the line that it stands on."""

    line: int
    username: str
    role: str
    name: str = ""


@dataclass(slots=True)
class Added:
    """Who came in: newcomers with the token that lets each in once, others with an account, and members already."""

    newcomers: list[tuple[User, str]] = field(default_factory=list)
    joined: int = 0
    unchanged: int = 0


def read_people(file: IO[bytes]) -> list[Person]:
    """Return the rows of a CSV file with the columns username, role and, if wanted, name. Raises Unfit.

    Without a header they stand in this order. A role may be spelt as the page has it.
    """
    reader = csv.reader((text for _number, text in text_lines(file)), strict=True)
    try:
        people = list(people_of((reader.line_num, cells) for cells in reader))
    except Unreadable as error:
        raise Unfit([(error.place, "", error.message)]) from None
    except csv.Error as error:
        raise Unfit([("", "", f"is no table: {error}")]) from None
    problems = list(problems_of(people))
    if problems:
        raise Unfit(problems)
    return people


def people_of(rows: Iterator[tuple[int, list[str]]]) -> Iterator[Person]:
    """Yield the people of numbered rows, of which the first may be the header. Raises Unreadable."""
    first = next(rows, (1, []))
    header = [column.strip().lower() for column in first[1]]
    if 1 < len(header) <= len(COLUMNS) and role_of(header[1]) in Role.values:
        header, rows = list(COLUMNS[: len(header)]), chain([first], rows)
    if not {"username", "role"} <= set(header) <= set(COLUMNS) or len(header) != len(set(header)):
        raise Unreadable("line 1", "is neither the header “username,role” or “username,role,name” nor a person")
    for line, cells in rows:
        if len(cells) not in (0, len(header)):
            raise Unreadable(f"line {line}", f"has {how_many(len(cells), 'column')} where the header has {len(header)}")
        if line > MOST + 1:
            raise Unreadable(f"line {line}", f"is one too many: a file may hold {MOST} people")
        if cells:
            said = dict(zip(header, map(str.strip, cells), strict=True))
            yield Person(line, said["username"], role_of(said["role"]), said.get("name", ""))


def role_of(said: str) -> str:
    """Return the role that is meant, by its name or as the page spells it; what is no role stays as it is."""
    spelt = {str(label).casefold(): value for value, label in Role.choices}
    return spelt.get(said.casefold(), said.lower() if said.lower() in Role.values else said)


def problems_of(people: Sequence[Person]) -> Iterator[Problem]:
    """Yield what is wrong, by line and column. One query."""
    if not people:
        yield "line 2", "", "is missing: the table names nobody"
    known = {name.lower(): name for name in User.objects.values_list("username", flat=True)}
    seen: dict[str, int] = {}
    for person in people:
        place = f"line {person.line}"
        near = known.get(person.username.lower(), person.username)
        if person.username.lower() in seen:
            yield place, "username", f"“{person.username}” stands at line {seen[person.username.lower()]} already"
        elif near != person.username:
            yield place, "username", f"there is no account “{person.username}”, but one “{near}”"
        else:
            yield from ((place, "username", message) for message in wrong_name(person.username))
        seen.setdefault(person.username.lower(), person.line)
        if person.role not in Role.values:
            yield place, "role", f"is “{person.role[:40]}”; one of {', '.join(Role.values)} is expected"
        if len(person.name) > 150:
            yield place, "name", "is longer than 150 characters"


def wrong_name(username: str) -> list[str]:
    """Return what speaks against a username."""
    try:
        User._meta.get_field("username").clean(username, None)
    except ValidationError as error:
        return error.messages
    return []


@transaction.atomic
def add_people(project: Project, people: Sequence[Person]) -> Added:
    """Make everybody a member, with an account where they have none; who is a member already stays as they are."""
    held(project.pk)
    added = Added()
    for person in people:
        user = User.objects.filter(username=person.username).first()
        if user and project.members.lasting().filter(user=user).exists():
            added.unchanged += 1
            continue
        if user is None:
            user = make_account(person.username, person.name)
            added.newcomers.append((user, make_sign_in_link(user)))
        else:
            added.joined += 1
        joined(project, user, Role(person.role))
    return added
