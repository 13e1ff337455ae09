"""What a system says of itself, as a form."""

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from annotator.models import System

if TYPE_CHECKING:
    SystemModelForm = forms.ModelForm[System]
else:
    SystemModelForm = forms.ModelForm


class SystemForm(SystemModelForm):
    """What others need to know to read a system's scores, or to run it again."""

    link = forms.URLField(
        label=_("Link"), max_length=500, required=False, assume_scheme="https", help_text=_("A paper, or its code.")
    )

    class Meta:
        model = System
        fields = ["description", "model", "family", "retrieval", "prompt", "seed", "made_on", "link", "cites"]
        widgets = {
            "prompt": forms.Textarea(attrs={"rows": 6}),
            "retrieval": forms.Textarea(attrs={"rows": 2}),
            "made_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        labels = {"made_on": _("Date of the run"), "cites": _("It cites fragments")}
        help_texts = {
            "description": _("The line under its name on a leaderboard."),
            "family": _("Runs of one model share it."),
            "retrieval": _("Where its fragments were from, in words."),
            "cites": _("Unticked, its citation figures are n/a, and it is not ranked by them."),
        }
