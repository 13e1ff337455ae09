"""The forms of batches: how one is asked, and what is asked in it."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from annotator.forms import offer
from annotator.models import Batch
from annotator.stages import FILTERS

if TYPE_CHECKING:
    BatchModelForm = forms.ModelForm[Batch]
else:
    BatchModelForm = forms.ModelForm

MOMENTS = ("opens", "closes")
MOST_BYTES = 5_000_000


class BatchForm(BatchModelForm):
    """What a batch is for, of how many people its questions are asked, in which order, and when."""

    overlap = forms.IntegerField(
        label=_("Annotations per question"),
        min_value=1,
        max_value=100,
        required=False,
        help_text=_("Empty: as many as there are people. A question never has fewer places than are taken already."),
    )
    share = forms.IntegerField(
        label=_("Percent of the questions that this many annotate"),
        min_value=0,
        max_value=100,
        initial=100,
        help_text=_("The others are annotated once. Which ones is drawn by the seed."),
    )
    cap = forms.IntegerField(
        label=_("Most questions that one person gets"), min_value=1, max_value=1_000_000, required=False
    )

    class Meta:
        model = Batch
        numbers = ["overlap", "share", "seed", "order", "cap"]
        fields = ["name", "purpose", *numbers, "guideline_version", "opens", "closes"]
        labels = {"guideline_version": _("Guidelines"), "order": _("Order")}
        help_texts = {"closes": _("From then on nobody begins a question; what is begun can be finished.")}
        widgets = {name: forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M") for name in MOMENTS}

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        offer(self, "guideline_version", self.instance.project.guidelines.all())
        newest = self.instance.project.guidelines.first()
        if newest and self.instance._state.adding:
            self.initial["guideline_version"] = newest.pk

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if self.instance.project.batches.filter(name=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is a batch of this name."))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        opens, closes = cleaned.get("opens"), cleaned.get("closes")
        if opens and closes and closes <= opens:
            self.add_error("closes", _("A batch closes after it opens."))
        return cleaned


class AskAgainForm(forms.Form):
    """Which questions of other batches are asked again in this one."""

    q = forms.CharField(label=_("Words, or an id"), max_length=200, required=False)
    stage = forms.ChoiceField(label=_("State"), choices=[("", _("any state")), *FILTERS.items()], required=False)
    batch = forms.ModelChoiceField(
        label=_("From the batch"), queryset=Batch.objects.none(), required=False, empty_label=_("every other batch")
    )
    sample = forms.IntegerField(
        label=_("As many as"),
        min_value=1,
        max_value=1_000_000,
        required=False,
        help_text=_("A random sample of that size. Empty: all of them."),
    )
    seed = forms.IntegerField(label=_("Seed"), min_value=0, max_value=2**31 - 1, initial=1)

    def __init__(self, batch: Batch, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        offer(self, "batch", batch.project.batches.exclude(pk=batch.pk))


class AssignFileForm(forms.Form):
    """A CSV that says who gets which question of a batch."""

    file = forms.FileField(
        label=_("CSV of external id and username"), widget=forms.FileInput(attrs={"accept": ".csv,text/csv"})
    )

    def clean_file(self) -> str:
        """Return the file's text."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is too large; a line per question is enough."))
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("The file is not in UTF-8.")) from error
