"""Records for property tests: any text that can be stored, any number of parts, citations into a list of five."""

from hypothesis import strategies as st

from annotator import record

# Everything that may be stored: no NUL, no half of a surrogate pair.
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
uids = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_", min_size=1, max_size=32)
extras = st.dictionaries(
    texts, st.none() | st.booleans() | st.integers(-(2**31), 2**31) | texts | st.lists(texts), max_size=2
)

answers = st.builds(record.Answer, uid=uids, text=texts, aliases=st.lists(texts, max_size=3).map(tuple), extra=extras)


@st.composite
def citations(draw: st.DrawFn, known: list[str]) -> record.Citation:
    """A listed or unanchored citation, perhaps for one of the ``known`` answers."""
    rank = draw(st.none() | st.integers(1, 5))
    return record.Citation(
        uid=draw(uids),
        role=draw(st.sampled_from(record.Role)),
        rank=rank,
        answer=draw(st.none() | st.sampled_from(known)) if known else None,
        title=draw(st.none() | texts),
        text=draw(texts if rank is None else st.none() | texts),
        extra=draw(extras),
    )


@st.composite
def conditions(draw: st.DrawFn) -> record.Condition:
    parts = draw(st.lists(answers, max_size=3, unique_by=lambda part: part.uid))
    cited = draw(st.lists(citations([part.uid for part in parts]), max_size=3, unique_by=lambda part: part.uid))
    return record.Condition(draw(uids), draw(texts), tuple(parts), tuple(cited), draw(extras))


annotations = st.builds(
    record.Annotation,
    verdict=st.none() | st.sampled_from(record.Verdict),
    reason=texts,
    note=texts,
    conditions=st.lists(conditions(), max_size=4, unique_by=lambda part: part.uid).map(tuple),
    extra=extras,
)
