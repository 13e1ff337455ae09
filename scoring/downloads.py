"""The files of a release as a download."""

from django.http import StreamingHttpResponse

from annotator.released import Edition
from annotator.web.downloads import download
from scoring.release_files import zipped


def sent(edition: Edition) -> StreamingHttpResponse:
    """Return the files of an edition as a download."""
    return download(zipped(edition), f"{edition.name}.zip")
