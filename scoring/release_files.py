"""The files of a release, written from what is frozen: the same bytes by page and command, and at any later time.

No file is ever held whole. ``README.md`` and the other short ones were written when the release was made; the rest is
made of steps of histories, and of fragments, which never change.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from io import RawIOBase
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from annotator import record
from annotator.codec import to_json
from annotator.models import Question
from annotator.released import Edition, Frozen, records_of
from retrieval.fragments import LOOKUP_SIZE, batched
from retrieval.models import Fragment, ListedFragment

CHUNK = 100
SUMS = "SHA256SUMS"
SOURCES = ("tags", "source_dataset", "source_id", "source_split")
# The first moment that a zip can name: the files have no clock time of their own.
NO_TIME = (1980, 1, 1, 0, 0, 0)
File = tuple[str, Iterable[bytes]]
Digests = list[str]


def files(edition: Edition) -> Iterator[File]:
    """Yield each file's name with its bytes, which must be taken before the next file; the digests come last."""
    sums: list[str] = []
    for name, pieces in contents(edition):
        yield name, summed(name, pieces, sums)
    yield SUMS, ["".join(sums).encode()]


def contents(edition: Edition) -> Iterator[File]:
    """Yield every file but the digests."""
    yield from ((name, [text.encode()]) for name, text in sorted(edition.texts.items()))
    for split in edition.splits:
        yield f"gold.{split}.jsonl", json_lines(gold_lines(edition, split))
    yield "fragments.jsonl", json_lines(fragment_lines(edition))
    yield "annotations.jsonl", json_lines(work_lines(edition))


def summed(name: str, pieces: Iterable[bytes], sums: list[str]) -> Iterator[bytes]:
    """Yield the pieces, and add the file's line to the digests."""
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
        yield piece
    sums.append(f"{digest.hexdigest()}  {name}\n")


def sizes_of(edition: Edition) -> tuple[dict[str, int], str]:
    """Return how many bytes each file has, and the digest of the release: that of the list of digests."""
    sizes, digest = {}, ""
    for name, pieces in files(edition):
        sizes[name] = 0
        for piece in pieces:
            sizes[name] += len(piece)
            digest = hashlib.sha256(piece).hexdigest() if name == SUMS else ""
    return sizes, digest


def json_lines(values: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    for value in values:
        yield json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def lines_in(edition: Edition) -> int:
    """Return how many lines the files have, those apart that were written once."""
    fragments: int = sum(corpus["fragments"] for corpus in edition.corpora)
    return fragments + sum(1 + len(one.work) for one in edition.questions)


# Lines


def gold_lines(edition: Edition, split: str) -> Iterator[dict[str, Any]]:
    """Yield the records of a split, fragments named by their digests in the order of their ranks."""
    for some in batched((one for one in edition.questions if one.split == split), CHUNK):
        lists = lists_of(some)
        records = records_of([one.gold for one in some])
        for one, (_step, whole) in zip(some, records, strict=True):
            yield gold_line(edition, one, whole) | lists[one.question]


def gold_line(edition: Edition, one: Frozen, whole: record.Annotation) -> dict[str, Any]:
    about = one.about
    return {
        "id": about["id"],
        "batch": about["batch"],
        "split": one.split,
        "question": one.text,
        "verdict": whole.verdict,
        "conditions": conditions_of(whole),
        "licence": about.get("licence") or edition.licence,
        "guidelines": about.get("guidelines"),
        "adjudicator": about.get("adjudicator"),
        "annotations": len(one.work),
        "drafted": [{"condition": uid, "systems": names} for uid, names in sorted(about.get("drafted", {}).items())],
        **{name: about.get(name, [] if name == "tags" else "") for name in SOURCES},
    }


def conditions_of(whole: record.Annotation) -> list[Any]:
    """Return the conditions in JSON, less what a file brought besides and no rule reads."""
    return [to_json(bare_condition(condition)) for condition in whole.conditions]


def bare_condition(condition: record.Condition) -> record.Condition:
    return replace(
        condition,
        answers=tuple(replace(answer, extra={}) for answer in condition.answers),
        citations=tuple(replace(citation, extra={}) for citation in condition.citations),
        extra={},
    )


def lists_of(questions: Sequence[Frozen]) -> dict[int, dict[str, list[str]]]:
    """Return the digests of the fragments in the questions' lists, as long as the lists were. Two queries."""
    found: dict[int, dict[str, list[str]]] = {one.question: {"fragments": [], "supplementary": []} for one in questions}
    names = (("fragments", "retrieval", "listed"), ("supplementary", "supplementary", "supplementary"))
    for key, relation, length in names:
        most = {one.question: one.about.get(length, 0) for one in questions}
        lists = dict(Question.objects.filter(pk__in=most).order_by().values_list("pk", relation))
        lines: dict[int, list[str]] = {}
        listed = ListedFragment.objects.filter(retrieval__in=filter(None, lists.values())).order_by("rank")
        for retrieval, sha256 in listed.values_list("retrieval", "fragment__sha256"):
            lines.setdefault(retrieval, []).append(sha256)
        for pk, retrieval in lists.items():
            found[pk][key] = lines.get(retrieval, [])[: most[pk]]
    return found


def fragment_lines(edition: Edition) -> Iterator[dict[str, Any]]:
    """Yield each fragment once, in the order in which the questions' lists first name them."""
    licences = {corpus["slug"]: corpus["licence"] for corpus in edition.corpora}
    seen: set[bytes] = set()
    for some in batched(edition.questions, CHUNK):
        lists = lists_of(some)
        wanted: dict[str, None] = {}
        for one in some:
            own = lists[one.question]
            wanted.update(dict.fromkeys([*own["fragments"], *own["supplementary"]]))
        fresh = [sha256 for sha256 in wanted if bytes.fromhex(sha256) not in seen]
        seen.update(map(bytes.fromhex, fresh))
        rows = fragments_by_digest(some, fresh)
        yield from (fragment_line(rows[sha256], licences) for sha256 in fresh)


def fragments_by_digest(questions: Sequence[Frozen], digests: Sequence[str]) -> dict[str, Fragment]:
    """Return the fragments of the questions' lists that have these digests. Two queries, and one per 900 digests."""
    own = Question.objects.filter(pk__in=[one.question for one in questions]).order_by()
    kept = [pk for pair in own.values_list("retrieval", "supplementary") for pk in pair if pk]
    found: dict[str, Fragment] = {}
    for some in batched(digests, LOOKUP_SIZE - CHUNK * 2):
        listed = Fragment.objects.filter(sha256__in=some, listings__retrieval__in=kept).select_related("corpus")
        found.update({fragment.sha256: fragment for fragment in listed.order_by("-pk")})
    return found


def fragment_line(fragment: Fragment, licences: Mapping[str, str]) -> dict[str, Any]:
    return {
        "sha256": fragment.sha256,
        "title": fragment.title,
        "text": fragment.text,
        "page_id": fragment.page_id,
        "revision_id": fragment.revision_id,
        "url": fragment.url,
        "section": fragment.section,
        "offset": fragment.offset,
        "source_id": fragment.source_id,
        "corpus": fragment.corpus.slug,
        "licence": licences.get(fragment.corpus.slug, ""),
    }


def work_lines(edition: Edition) -> Iterator[dict[str, Any]]:
    """Yield what each person had submitted, by pseudonym, before anybody adjudicated it."""
    for some in batched(edition.questions, CHUNK):
        records = dict(records_of([part.revision for one in some for part in one.work]))
        for one in some:
            yield from (work_line(one, part.about, records[part.revision]) for part in one.work)


def work_line(one: Frozen, about: Mapping[str, Any], whole: record.Annotation) -> dict[str, Any]:
    return {
        "id": one.about["id"],
        "batch": one.about["batch"],
        "split": one.split,
        "annotator": about["annotator"],
        "guidelines": about.get("guidelines"),
        "verdict": whole.verdict,
        "reason": whole.reason,
        "conditions": conditions_of(whole),
    }


# Where they go


class Pipe(RawIOBase):
    """What a zip is written into and taken out of, piece by piece."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self.pieces.append(bytes(piece))
        return len(self.pieces[-1])

    def taken(self) -> bytes:
        taken, self.pieces = b"".join(self.pieces), []
        return taken


def zipped(edition: Edition) -> Iterator[bytes]:
    """Yield a zip of the files in a folder of the release's name, never all of it at once."""
    pipe = Pipe()
    with ZipFile(pipe, "w") as archive:
        for name, pieces in files(edition):
            entry = ZipInfo(f"{edition.name}/{name}", NO_TIME)
            entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, 3, 0o644 << 16
            with archive.open(entry, "w", force_zip64=True) as inside:
                for piece in pieces:
                    inside.write(piece)
                    yield pipe.taken()
    yield pipe.taken()


def write_folder(edition: Edition, folder: Path) -> None:
    """Write the files into a new or empty folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, pieces in files(edition):
        with (folder / name).open("wb") as file:
            file.writelines(pieces)
