"""How large an upload may be, and which is kept from the disk: what nobody sent who is known, and what is too large."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _


def not_too_large(upload: "File[Any]") -> None:
    """Raise ValidationError for a file of questions, predictions or people beyond the limit."""
    if upload.size > settings.IMPORT_UPLOAD_BYTES:
        raise ValidationError(_("It is larger than %s.") % filesizeformat(settings.IMPORT_UPLOAD_BYTES))


class Bounded(FileUploadHandler):
    """Stands before Django's own handlers, and hands on to them only what may be kept.

    Of a body beyond every limit nothing is kept; it is read to its end, because browsers show no answer before that,
    and its file then says how large it is, so that the form refuses it by its field.
    """

    too_large = 0

    def handle_raw_input(
        self,
        input_data: Any,  # noqa: ARG002 - Django's
        META: dict[str, str],  # noqa: ARG002, N803 - Django's
        content_length: int,
        boundary: str,  # noqa: ARG002 - Django's
        encoding: str | None = None,  # noqa: ARG002 - Django's
    ) -> None:
        largest = max(settings.IMPORT_UPLOAD_BYTES, settings.CORPUS_UPLOAD_BYTES)
        if content_length > largest + settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            self.too_large = content_length

    def new_file(self, *args: Any, **named: Any) -> None:
        """Take a file from who is signed in, or has a token; of all others the rest of the body is left unread."""
        user = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated:
            raise StopUpload(connection_reset=True)
        super().new_file(*args, **named)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:  # noqa: ARG002 - Django's
        return None if self.too_large else raw_data

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":  # noqa: ARG002 - Django's
        """Return an empty file of the size of the whole body where that is too large; else other handlers have it."""
        if not self.too_large:
            return None
        kind, name = self.content_type or "", self.file_name or ""
        return InMemoryUploadedFile(BytesIO(), self.field_name, name, kind, self.too_large, self.charset)
