"""The judges by their names."""

from annotator.actions.queued import Refused
from annotator.similarity import Idf
from retrieval.progress import Progress, silent
from scoring.judges import Judge, judges


def judge_named(name: str, idf: Idf, progress: Progress = silent) -> Judge:  # noqa: ARG001
    """Return a judge, made with how rare words are. Raises Refused where there is none of this name."""
    known = judges()
    if name not in known:
        raise Refused(f"judge: “{name}” is none of {', '.join(known)}")
    return known[name](idf)
