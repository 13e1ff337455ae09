"""The steps of adjudication by name, each with what it takes: the page’s form and a program say them alike.

A decision that arrives twice is made once: it is known by its id, who sends it and what it says.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any, TypeVar

from annotator import record, rows
from annotator.actions import adjudicating
from annotator.actions.history import Conflict, NotOpen, Verb
from annotator.actions.saving import Save
from annotator.actions.taking_up import Taken
from annotator.codec import to_json
from annotator.decisions import Union, What
from annotator.desk import Desk
from annotator.door import check_fit
from annotator.models import Annotation, Revision
from annotator.reading import BadInput, Problem
from annotator.supplement_numbers import numbers_in, ranked

Made = TypeVar("Made")
Said = Mapping[str, Any]
Decide = Callable[[Desk, Save, Said], Any]
VERBS: Mapping[str, Decide] = {
    "adopt": lambda desk, save, said: adjudicating.adopt(
        desk, save, said["row"], said["annotation"], What(said["what"])
    ),
    "merge": lambda desk, save, said: adjudicating.merge(desk, save, said["row"], Union(said["union"])),
    "accept": lambda desk, save, said: adjudicating.accept(desk, save, said["row"]),
    "accept_agreed": lambda desk, save, said: adjudicating.accept_agreed(desk, save, said["rows"]),
    "reject": lambda desk, save, said: adjudicating.reject(desk, save, said["row"], said["reason"]),
    "confirm": lambda desk, save, said: adjudicating.confirm(desk, save, said["row"]),
    "reopen_row": lambda desk, save, said: adjudicating.reopen_row(desk, save, said["row"]),
    "split": lambda desk, save, said: adjudicating.split(
        desk, save, said["row"], (said["annotation"], said["condition"])
    ),
    "join": lambda desk, save, said: adjudicating.join(desk, save, said["row"], said["other"]),
    "say": lambda desk, save, said: adjudicating.say(
        desk, save, record.Verdict(said["verdict"]) if said["verdict"] else None, said["reason"], said["note"]
    ),
    "new": lambda desk, save, _: adjudicating.write_new(desk, save),
    "rewrite": lambda desk, save, said: rewrite(desk, save, said["row"], said["gold"]),
    "undo": lambda desk, save, _: adjudicating.undo(desk, save),
    "promote": lambda desk, save, said: adjudicating.promote(as_read(desk, said), save),
    "finish": lambda desk, save, said: adjudicating.finish(as_read(desk, said), save),
    "reopen": lambda desk, save, _: adjudicating.reopen(desk, save),
}
# What each takes that no other value stands in for; every other takes nothing, or what may be left out.
NEEDS: Mapping[str, Sequence[str]] = {
    "adopt": ["row", "annotation"],
    "merge": ["row"],
    "accept": ["row"],
    "accept_agreed": ["rows"],
    "reject": ["row"],
    "confirm": ["row"],
    "reopen_row": ["row"],
    "split": ["row", "annotation", "condition"],
    "join": ["row", "other"],
    "rewrite": ["row", "gold"],
    "promote": ["work"],
    "finish": ["work"],
}
OF_WORK = {do for do, needed in NEEDS.items() if "work" in needed}  # these name the work that was read
HALF = 18  # of the digits that the column of a save’s id holds


def decide(desk: Desk, save: Save, do: str, said: Said) -> Any:
    """Do what is named, unless this save did it before; return the step then seen, if any. Raises Conflict."""
    return once(desk, save, do, said, lambda own: VERBS[do](desk, own, said))


def once(desk: Desk, save: Save, do: str, said: Said, act: Callable[[Save], Made]) -> Made | int:
    """Do ``act``, which ``do`` and ``said`` name, unless this save did it before; return the step then seen, if any.

    Raises Conflict, also where another decision, or another’s, came under the id of the save.
    """
    own = replace(save, id=digest(save.id) + digest([do, said]) if save.id else None)
    if known := arrived(desk.gold, own):
        return known.number
    try:
        return act(own)
    except (Conflict, NotOpen, Taken):
        if known := arrived(desk.gold, own):  # it was under way, and this one waited for it
            return known.number
        raise


def digest(what: Any) -> str:
    text = json.dumps(what, default=to_json, sort_keys=True)
    return sha256(text.encode()).hexdigest()[:HALF]


def arrived(gold: Annotation | None, save: Save) -> Revision | None:
    """Return the step that an earlier arrival of the save made. Raises Conflict where its id is that of another."""
    if gold is None or save.id is None:
        return None
    known = gold.revisions.filter(save_id__startswith=save.id[:HALF]).first()
    if known and (known.save_id, known.by_id) != (save.id, save.by.pk):
        raise Conflict
    return known


def finished(desk: Desk, save: Save, do: str, said: Said) -> bool:
    """Return whether what is named made it gold already: by the member, of this work, after the step that they name.

    One query.
    """
    if do not in OF_WORK or desk.gold is None or desk.work != said["work"]:
        return False
    last = desk.gold.revisions.filter(number=desk.gold.revisions_made, number__gt=save.version)
    return last.filter(verb=Verb.SUBMIT, by=save.by).exists()


def rewrite(desk: Desk, save: Save, key: str, wanted: record.Condition) -> int:
    """Let the row’s gold condition be ``wanted``, whole, which names fragments by the numbers that pages show.

    Raises BadInput where it does not fit the lists or the row.
    """
    row, gold = adjudicating.found(desk, key), desk.gold
    if gold is None or (row.gold and row.gold.uid != wanted.uid):
        raise BadInput([Problem("gold.uid", "is not that of the row’s gold condition")])
    try:
        wanted = ranked(wanted, numbers_in(desk.question.supplementary_id))
        check_fit(gold, replace(desk.said.record, conditions=(wanted,)), rows.lines_of(desk.question))
    except BadInput as bad:
        raise bad.under("gold", within="conditions[0]") from bad
    return adjudicating.rewrite(desk, save, key, lambda _before: wanted, wanted.uid)


def as_read(desk: Desk, said: Said) -> Desk:
    """Return the desk, on which people's work must be what was read. Raises Conflict."""
    if said["work"] != desk.work:
        raise Conflict
    return desk
