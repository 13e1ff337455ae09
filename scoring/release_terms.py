"""The terms of a release: its licence, how to cite it, and what its fragments are taken from."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.models import Project
from retrieval.models import Corpus

# What Hugging Face and CITATION.cff call the licences that data sets have, by the letters of what a project calls them.
LICENCES = {
    "ccbysa40": ("cc-by-sa-4.0", "CC-BY-SA-4.0", "https://creativecommons.org/licenses/by-sa/4.0/legalcode"),
    "ccby40": ("cc-by-4.0", "CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/legalcode"),
    "ccbysa30": ("cc-by-sa-3.0", "CC-BY-SA-3.0", "https://creativecommons.org/licenses/by-sa/3.0/legalcode"),
    "ccbync40": ("cc-by-nc-4.0", "CC-BY-NC-4.0", "https://creativecommons.org/licenses/by-nc/4.0/legalcode"),
    "ccbyncsa40": ("cc-by-nc-sa-4.0", "CC-BY-NC-SA-4.0", "https://creativecommons.org/licenses/by-nc-sa/4.0/legalcode"),
    "cc010": ("cc0-1.0", "CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/legalcode"),
    "cc0": ("cc0-1.0", "CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/legalcode"),
    "mit": ("mit", "MIT", "https://opensource.org/license/mit"),
    "apache20": ("apache-2.0", "Apache-2.0", "https://www.apache.org/licenses/LICENSE-2.0"),
}


@dataclass(frozen=True, slots=True)
class Source:
    """A corpus as it is described now, with how many of its fragments and pages the release holds."""

    corpus: Corpus
    fragments: int
    pages: int


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def letters_of(licence: str) -> str:
    """Return the letters and digits of a licence's name, by which it is known."""
    name = licence.lower().replace("creative commons", "cc").replace("attribution", "by").replace("sharealike", "sa")
    return "".join(filter(str.isalnum, name))


def known_as(licence: str) -> tuple[str, str, str] | None:
    """Return what Hugging Face calls a licence, its SPDX identifier and where its text stands; None if not known."""
    return LICENCES.get(letters_of(licence))


def corpus_entry(source: Source) -> dict[str, Any]:
    corpus = source.corpus
    day = corpus.snapshot_date
    return {
        "slug": corpus.slug,
        "name": corpus.name,
        "source": corpus.source,
        "snapshot_date": day.isoformat() if day else None,
        "licence": corpus.licence,
        "attribution": corpus.attribution,
        "fragments": source.fragments,
        "pages": source.pages,
    }


def licence_text(project: Project, title: str, sources: Sequence[Source]) -> Iterator[str]:
    """Yield LICENSE."""
    known = known_as(project.licence)
    named = project.licence or "(no licence named yet)"
    yield f"{title}: questions, conditions, answers and citations are under {named}."
    if known:
        yield from (f"SPDX-License-Identifier: {known[1]}", f"The terms: {known[2]}")
    yield from (
        "",
        "The texts of the fragments, and the words quoted from them, are under their source’s licence:",
    )
    for source in sources:
        corpus = source.corpus
        yield f"- {corpus.name} ({corpus.source or 'source not stated'}): {corpus.licence or 'licence not stated'}"


def citation(project: Project, tag: str) -> Iterator[str]:
    """Yield CITATION.cff, version 1.2.0."""
    known = known_as(project.licence)
    yield from ("cff-version: 1.2.0", 'message: "If you use this data set, please cite it as below."', "type: dataset")
    makers = f"Annotators and adjudicators of {project.name}"
    yield from (f"title: {quoted(project.name)}", "authors:", f"- name: {quoted(makers)}")
    yield f"version: {quoted(tag or 'not released')}"
    if known:
        yield f"license: {known[1]}"
    if project.description.strip():
        yield f"abstract: {quoted(project.description.strip())}"
