"""What a ``full`` export says of releases, checked: of anything else no page and no file could be made.

The names of files come from here, so a name that leads elsewhere must not come in.
"""

import re
from typing import Any

from annotator.codec import annotation_from_json
from annotator.exchange.streaming import MOST_BYTES
from annotator.models.releases import CARD, CORPORA, SPLIT, TAG, TEXTS
from annotator.reading import BadInput, Node
from annotator.released import corpora_in

NAMES = ("source_dataset", "source_id", "source_split", "licence", "adjudicator")
NUMBERS = ("listed", "supplementary", "guidelines")


def check_release(node: Node) -> None:
    """Complain of a release's tag, its texts, and what it withdrew."""
    check_name(node, "tag", TAG)
    texts = Node(node.value["texts"], node.at("texts"), node.problems)
    for name in sorted({CARD, CORPORA, *texts.value}):
        if name in TEXTS:
            texts.string(name, longest=MOST_BYTES)
        else:
            texts.complain(name[:100], f"is no file of a release; {', '.join(TEXTS)} are")
    check_corpora(texts)
    for gone in node.nodes("withdrawn"):
        for name in ("batch", "id", "reason"):
            gone.string(name)


def check_corpora(texts: Node) -> None:
    text = texts.value.get(CORPORA)
    try:
        corpora: list[Any] = corpora_in(text) if isinstance(text, str) else []
    except ValueError:
        corpora = [None]
    for corpus in corpora:
        if not isinstance(corpus, dict) or not all(isinstance(corpus.get(name), str) for name in ("slug", "licence")):
            texts.complain(CORPORA, "does not name a corpus and its licence in each line")
            return


def check_question(node: Node) -> None:
    """Complain of a question's split, and of what is said of it."""
    check_name(node, "split", SPLIT)
    about = Node(node.value["about"], node.at("about"), node.problems)
    for name in ("id", "batch", "question"):
        about.string(name, blank=False)
    for name in NAMES:
        about.string(name, "")
    for name in NUMBERS:
        about.integer(name, 0)
    about.strings("tags")
    drafted = about.node("drafted", None) or Node({})
    for uid in drafted.value:
        drafted.strings(uid)


def check_work(node: Node) -> None:
    """Complain of what is said of somebody's work."""
    about = Node(node.value["about"], node.at("about"), node.problems)
    about.string("annotator", blank=False)
    about.integer("guidelines", 0)


def check_name(node: Node, key: str, pattern: re.Pattern[str]) -> None:
    if not pattern.match(node.string(key)):
        node.complain(key, "holds other characters than the name of a file may, or too many")


def check_step(node: Node, key: str, said: object) -> None:
    """Complain of a step of a history that does not say a whole annotation."""
    try:
        annotation_from_json(said)
    except BadInput as error:
        node.complain(key, f"names a step that says no annotation: {error}")
