"""Files as downloads, under their names."""

from collections.abc import Iterable

from django.http import FileResponse, Http404, StreamingHttpResponse

from annotator.actions import looking
from annotator.actions.exporting import Plan
from annotator.actions.kept_files import kept_file
from annotator.actions.looking import StillOpen
from annotator.models import Job, Member

TYPES = {".json": "application/json", ".jsonl": "application/x-ndjson", ".csv": "text/csv", ".zip": "application/zip"}


def sent(member: Member, plan: Plan) -> StreamingHttpResponse:
    """Return the planned file as a download for the member, who has taken it out."""
    return download(looking.taken_out(member, plan), plan.filename)


def download(pieces: Iterable[bytes], filename: str) -> StreamingHttpResponse:
    """Return bytes as a file to be saved under a name."""
    response = StreamingHttpResponse(pieces, content_type=type_of(filename))
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def kept_sent(job: Job) -> FileResponse:
    """Return the file that a job has kept for whoever asks, or raise Http404. Raises StillOpen."""
    kept = kept_file(job)
    if kept is None or job.by is None or kept.until is None:
        raise Http404
    if number := looking.open_though_seen(job.by):
        raise StillOpen(number)
    return FileResponse(kept.path.open("rb"), as_attachment=True, filename=kept.name, content_type=type_of(kept.name))


def type_of(filename: str) -> str:
    return TYPES.get(filename[filename.rindex(".") :], "application/octet-stream")
