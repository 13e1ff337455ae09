"""The short files of a release: its card, with Hugging Face's metadata and a datasheet, its licence, how to cite it.

Written once, when the release is made, from what is known then. In English, whatever language its reader's pages have.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.cut import Cut, Part, counts_of, machine_share
from annotator.models import Batch, GuidelineVersion
from annotator.models.releases import CARD, CORPORA
from annotator.release_checks import Check, Is, fragment_ids
from retrieval.counting import how_many
from retrieval.fragments import LOOKUP_SIZE, batched
from retrieval.models import Corpus, Fragment
from scoring.release_terms import Source, citation, corpus_entry, known_as, licence_text, quoted

MOST_PAGES = 200
SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
MEASURES = (
    ("verdict_alpha", "Verdict, Krippendorff’s α"),
    ("verdict_percent", "Verdict, share that agree"),
    ("count_alpha", "Number of conditions, Krippendorff’s α, ordinal"),
    ("conditions_macro_0.4", "Conditions, F1 at similarity .40, mean of questions"),
    ("conditions_soft", "Conditions, soft F1"),
    ("answers", "Answers of paired conditions, mean similarity"),
    ("citations_alpha", "Citations, Krippendorff’s α over fragments"),
)
MOTIVATION = (
    "A question often has no single answer: it has one under each of several conditions. Systems that give one of them "
    "as if it were the only one mislead. Each question here has its conditions, the answers under each, and the "
    "fragments that support them, so that a system can be scored on all three."
)
FILES = """\
`gold.SPLIT.jsonl` holds a question to a line:

| field | what it is |
|---|---|
| `id`, `batch` | the question’s name: both together, since a question may be asked again in another batch |
| `split`, `question` | the split it stays in from release to release, and its text |
| `verdict` | `ambiguous`, `unambiguous` or `unanswerable`; null where gold came in by a file that gives none |
| `conditions` | each with `uid`, `text`, its `answers` (all of them required; `aliases` are other wordings of one) and `citations` |
| `citations` | `rank` counts in `fragments` from 1 (in `supplementary` where that is true; without `rank` its `title` and `text` stand there), `start` and `end` are code points of the fragment’s text, `quote` what stands there; `role` says what is supported: `condition`, `answer` or `both`; `answer` is the uid of the one answer it is for |
| `fragments`, `supplementary` | the digests of the fragments in the order shown to the annotators; `fragments.jsonl` has their texts under `sha256` |
| `annotations` | how many people’s work stands in `annotations.jsonl` |
| `adjudicator`, `guidelines`, `licence` | who finished gold, by pseudonym (null: it came in by a file); by which version of the guidelines; the terms |
| `drafted` | the conditions that began as a machine’s draft, and of which systems |

What is at its default is left out of conditions, answers and citations.

`annotations.jsonl` holds what each person had submitted before adjudication, by pseudonym, in the same form.
`fragments.jsonl` holds each fragment once: text, page, revision, digest and licence; `corpora.jsonl` says where they
are from. `SHA256SUMS` has the digest of every file: `sha256sum --check SHA256SUMS`."""  # noqa: E501


@dataclass(frozen=True, slots=True)
class Card:
    """All that the card tells: the cut, its checks, how far people agree, and where the texts are from."""

    cut: Cut
    tag: str
    checks: Sequence[Check]
    agreement: Mapping[str, Any]
    sources: Sequence[Source]
    pages: Sequence[tuple[str, str]]

    @property
    def title(self) -> str:
        return f"{self.cut.project.name} {self.tag}".strip()


def card_of(cut: Cut, tag: str, checks: Sequence[Check], agreement: Mapping[str, Any]) -> Card:
    """Return the card of a cut; a trial has no tag. A query per 900 fragments."""
    fragments: Counter[int] = Counter()
    pages: dict[tuple[str, str], int] = {}
    for some in batched(fragment_ids(cut), LOOKUP_SIZE):
        for fragment in Fragment.objects.filter(pk__in=some).only("corpus", "title", "url", "revision_id"):
            fragments[fragment.corpus_id] += 1
            pages[fragment.title, link_of(fragment)] = fragment.corpus_id
    in_corpus = Counter(pages.values())
    corpora = Corpus.objects.in_bulk(list(fragments))
    in_order = sorted(corpora.values(), key=lambda corpus: corpus.slug)
    sources = [Source(corpus, fragments[corpus.pk], in_corpus[corpus.pk]) for corpus in in_order]
    return Card(cut, tag, checks, agreement, sources, sorted(pages))


def link_of(fragment: Fragment) -> str:
    """Return a link to the revision that the fragment is from, where that is known, else to its page."""
    url = fragment.url or ""
    if fragment.revision_id and "wikipedia.org/wiki/" in url:
        return f"{url.split('/wiki/')[0]}/w/index.php?oldid={fragment.revision_id}"
    return url


def texts_of(card: Card) -> dict[str, str]:
    """Return the files that are written once, by name."""
    project = card.cut.project
    return {
        CARD: "\n".join(readme(card)) + "\n",
        "LICENSE": "\n".join(licence_text(project, card.title, card.sources)) + "\n",
        "CITATION.cff": "\n".join(citation(project, card.tag)) + "\n",
        CORPORA: "".join(json.dumps(corpus_entry(source), ensure_ascii=False) + "\n" for source in card.sources),
    }


# The card


def readme(card: Card) -> Iterator[str]:
    yield from metadata(card)
    yield from ("", f"# {card.title}", "")
    if not card.tag:
        yield from ("> **Not released.** A trial: these files have no tag, and what they hold may still change.", "")
    sections = (
        ("Motivation", motivation(card)),
        ("Composition", composition(card)),
        ("Files", [FILES]),
        ("Collection", collection(card)),
        ("Agreement between annotators", agreement(card)),
        ("Machine share", machines(card)),
        ("Limits", limits(card)),
        ("Contributors", contributors(card)),
        ("Licence and attribution", attribution(card)),
        ("Changes", changes(card)),
        ("How to cite", how_to_cite(card)),
    )
    for title, lines in sections:
        yield from (f"## {title}", "", *lines, "")


def metadata(card: Card) -> Iterator[str]:
    """Yield Hugging Face's metadata as YAML; a JSON string is a string of YAML, too."""
    project = card.cut.project
    known = known_as(project.licence)
    yield from ("---", "language:", f"- {quoted(project.language)}", f"license: {known[0] if known else 'other'}")
    if not known:
        yield f"license_name: {quoted(project.licence)}"
    yield from ("task_categories:", "- question-answering", "task_ids:", "- open-domain-qa")
    yield from (f"pretty_name: {quoted(card.title)}", "size_categories:", f"- {quoted(size_category(card))}")
    yield from ("tags:", "- ambiguous-questions", "- conditional-answers", "- retrieval-augmented-generation")
    yield from ("configs:", "- config_name: default", "  data_files:")
    for split in dict.fromkeys(card.cut.splits):
        yield from (f"  - split: {quoted(split)}", f"    path: {quoted(f'gold.{split}.jsonl')}")
    for name in ("fragments", "annotations"):
        yield from (f"- config_name: {name}", f"  data_files: {name}.jsonl")
    yield "---"


def size_category(card: Card) -> str:
    number = len(card.cut.questions)
    return next((name for most, name in SIZES if number < most), "n>1M")


def motivation(card: Card) -> Iterator[str]:
    """Yield what the project says of itself, and why such a data set is made."""
    if card.cut.project.description.strip():
        yield from (card.cut.project.description.strip(), "")
    yield MOTIVATION


def composition(card: Card) -> Iterator[str]:
    cut, counts = card.cut, counts_of(card.cut)
    names = ("question", "condition", "answer", "citation")
    yield ", ".join(how_many(counts[f"{name}s"], name) for name in names) + "."
    yield from ("", "| split | batches | questions | conditions | a question | annotated twice or more |")
    yield "|---|---|--:|--:|--:|--:|"
    yield from map(split_line, cut.parts)
    verdicts = Counter(size.verdict.value if size.verdict else "none given" for size in cut.sizes)
    yield from ("", "Verdicts: " + ", ".join(f"{name} {number:,}" for name, number in sorted(verdicts.items())) + ".")
    yield from ("", f"Splits {cut.splitting.words}. A question never changes its split from one release to the next.")


def split_line(part: Part) -> str:
    batches = ", ".join(map(plain, part.batches))
    counts = f"{part.questions:,} | {part.conditions:,} | {part.mean:.1f} | {part.twice:,}"
    return f"| {part.split} | {batches} | {counts} |"


def plain(text: str) -> str:
    """Return a text for a cell of a table."""
    return " ".join(text.replace("|", "\\|").split())


def collection(card: Card) -> Iterator[str]:
    batches = card.cut.batches
    yield (
        "Annotators read a frozen, ranked list of retrieved fragments and wrote conditions, answers and citations "
        "without seeing each other’s work. An adjudicator made gold of it, row by row."
    )
    yield from ("", "| batch | purpose | asked of | guidelines |", "|---|---|--:|--:|")
    for batch in batches:
        version = batch.guideline_version
        asked = "any number" if batch.overlap is None else f"{batch.overlap}{share_of(batch)}"
        yield f"| {plain(batch.name)} | {batch.purpose} | {asked} | {version.number if version else '–'} |"
    for version in guidelines_of(card):
        yield from ("", f"### Guidelines, version {version.number} ({version.created:%Y-%m-%d})", "")
        yield from (f"> {line}".rstrip() for line in version.text.splitlines())


def share_of(batch: Batch) -> str:
    return f" ({batch.share} % of the questions; the others of 1)" if batch.share < 100 else ""


def guidelines_of(card: Card) -> list[GuidelineVersion]:
    """Return the versions by which gold or the work under it was written."""
    said = [one.about for one in card.cut.questions]
    said += [part.about for one in card.cut.questions for part in one.work]
    used = {about["guidelines"] for about in said if about.get("guidelines")}
    return list(card.cut.project.guidelines.filter(number__in=used).order_by("number"))


def agreement(card: Card) -> Iterator[str]:
    number = card.agreement.get("questions", 0)
    if not number:
        yield "No question of this release was annotated by two people."
        return
    yield f"On {how_many(number, 'question')} that several people annotated, on what each submitted first:"
    yield from ("", "| measure | value | 95 % interval | n | by chance |", "|---|--:|---|--:|--:|")
    for name, said in MEASURES:
        yield figure_line(said, card.agreement["figures"][name], card.agreement["chance"].get(name))


def figure_line(said: str, figure: Mapping[str, Any], chance: Mapping[str, Any] | None) -> str:
    floor = f"{chance['value']:.2f} (n {chance['n']:,})" if chance and chance["value"] is not None else "–"
    if figure["value"] is None:
        return f"| {said} | n/a | {figure['reason']} | {figure['n']:,} | {floor} |"
    low, high = figure["low"], figure["high"]
    interval = f"{low:.2f} to {high:.2f}" if low is not None else "–"
    return f"| {said} | {figure['value']:.2f} | {interval} | {figure['n']:,} | {floor} |"


def machines(card: Card) -> Iterator[str]:
    found = machine_share(card.cut)
    if not found.drafted:
        yield "No condition of gold began as a machine’s draft."
        return
    share = f"{found.drafted:,} of {how_many(found.conditions, 'condition')} ({found.percent:.0f} %)"
    yield f"{share} began as a machine’s draft:"
    yield ""
    for system, number in sorted(found.systems.items()):
        yield f"- {plain(system)}: {number:,}"
    yield from ("", "They are marked in the data. Scores of these systems are to be read with that in mind.")


def limits(card: Card) -> Iterator[str]:
    read = [check for check in card.checks if check.state is Is.WARNING]
    for check in read:
        yield f"- {plain(check.headline)} {plain(check.detail)}".rstrip()
    yield "- What the listed fragments do not say could not be cited: there may be answers that nobody could give."
    yield "- The fragments are those of one time; what they say may have changed since."


def contributors(card: Card) -> Iterator[str]:
    annotators = sorted({part.about["annotator"] for one in card.cut.questions for part in one.work})
    adjudicators = sorted({one.about["adjudicator"] for one in card.cut.questions if one.about.get("adjudicator")})
    yield f"Annotated by {listed(annotators) or 'nobody here: gold came in by a file'}."
    if adjudicators:
        yield f"Adjudicated by {listed(adjudicators)}."
    yield "People are named by pseudonyms, which stay the same from release to release."


def listed(names: Sequence[str]) -> str:
    first, last = [plain(name) for name in names[:-1]], [plain(name) for name in names[-1:]]
    return f"{', '.join(first)} and {last[0]}" if first else "".join(last)


def attribution(card: Card) -> Iterator[str]:
    yield f"Annotations: {plain(card.cut.project.licence) or 'no licence named yet'}. Fragments:"
    yield from ("", "| corpus | source | as of | licence | fragments | pages |", "|---|---|---|---|--:|--:|")
    for source in card.sources:
        corpus = source.corpus
        cells = (corpus.name, corpus.source or "–", str(corpus.snapshot_date or "–"), corpus.licence or "not stated")
        yield f"| {' | '.join(map(plain, cells))} | {source.fragments:,} | {source.pages:,} |"
    said = (source.corpus.attribution.strip() for source in card.sources)
    yield from (f"\n{text}" for text in said if text)
    linked = [(title, link) for title, link in card.pages if link]
    if linked:
        yield from ("", "| page | revision |", "|---|---|")
        yield from (f"| {plain(title)} | <{link}> |" for title, link in linked[:MOST_PAGES])
    if len(linked) > MOST_PAGES:
        left = len(linked) - MOST_PAGES
        yield from ("", f"And {left:,} more; `fragments.jsonl` has page and revision of each fragment.")


def changes(card: Card) -> Iterator[str]:
    cut = card.cut
    if cut.before is None:
        yield "The first release."
        return
    old, new = ({one.question: one.gold for one in questions} for questions in (cut.was, cut.questions))
    added, gone = len(new.keys() - old.keys()), len(old.keys() - new.keys())
    anew = sum(old[pk] != gold for pk, gold in new.items() if pk in old)
    yield f"Since {cut.before.tag}: {added:,} added, {anew:,} finished anew, {gone:,} withdrawn."
    # Without their reasons: those are words of gold, and the card is shown to people who have not looked at it.
    for one in cut.withdrawn:
        yield f"- withdrawn: {plain(one['batch'])}/{plain(one['id'])}"


def how_to_cite(card: Card) -> Iterator[str]:
    project = card.cut.project
    if project.citation.strip():
        yield from (project.citation.strip(), "")
    release = f", release {card.tag}" if card.tag else ""
    number = how_many(counts_of(card.cut)["questions"], "question")
    yield f"{project.name}{release}. {number} with conditions, answers and citations."
    if project.contact.strip():
        yield from ("", f"Contact: {project.contact.strip()}")
