"""The form by which a file goes into a corpus."""

from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from annotator.actions import corpus_files
from annotator.actions.retrieving import IMPORTED

ABOUT = ("name", "source", "snapshot_date", "licence", "attribution")
PARQUET = ".parquet"  # packed in a way that its reader cannot be stopped at, so only who runs the server brings it


class LoadForm(forms.Form):
    """A file, uploaded or one that lies on the server, the corpus it goes into, and what is said of that."""

    corpus = forms.SlugField(
        label=_("Corpus"),
        max_length=50,
        help_text=_("Its short name, such as enwiki; made if there is none. Into one that is there, more is loaded."),
    )
    file = forms.ChoiceField(label=_("File on the server"), required=False)
    upload = forms.FileField(label=_("Or a file of yours"), required=False, max_length=255)
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    source = forms.CharField(label=_("Source"), max_length=500, required=False)
    snapshot_date = forms.DateField(
        label=_("As of"), required=False, widget=forms.DateInput(attrs={"type": "date"}), input_formats=["%Y-%m-%d"]
    )
    licence = forms.CharField(label=_("Licence"), max_length=200, required=False)
    attribution = forms.CharField(label=_("Attribution"), required=False)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        file = self.fields["file"]
        if isinstance(file, forms.ChoiceField):
            file.choices = [("", "–"), *((name, name) for name in corpus_files.lying())]
        self.fields["upload"].help_text = _("JSON Lines, TSV or a Wikipedia dump, plain, .gz or .bz2; up to %s.") % (
            filesizeformat(settings.CORPUS_UPLOAD_BYTES)
        )

    def clean_corpus(self) -> str:
        slug = str(self.cleaned_data["corpus"])
        if slug.endswith(IMPORTED):
            raise forms.ValidationError(_("Names that end so are of what projects import."))
        return slug

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        if not upload:
            return None
        if upload.size > settings.CORPUS_UPLOAD_BYTES:
            most = filesizeformat(settings.CORPUS_UPLOAD_BYTES)
            raise forms.ValidationError(_("It is larger than %s; put it into the folder on the server.") % most)
        name = upload.name.lower()
        if name.endswith(PARQUET) or not corpus_files.is_readable(name):
            raise forms.ValidationError(
                _("Its name must end in .jsonl, .tsv, .json or .xml, or those and .gz or .bz2.")
            )
        return upload

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not {"file", "upload"} & set(self.errors) and bool(cleaned.get("file")) == bool(cleaned.get("upload")):
            self.add_error("file", _("Choose a file on the server, or one of yours."))
        return cleaned

    def about(self) -> dict[str, str]:
        """Return the fields of the corpus that were filled in, as a job keeps them."""
        return {field: str(self.cleaned_data[field]) for field in ABOUT if self.cleaned_data[field]}

    def described(self) -> list[forms.BoundField]:
        """Return the fields that describe the corpus."""
        return [self[field] for field in ABOUT]
