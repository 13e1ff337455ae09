"""The settings of a project as a form."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from annotator.actions.retrieving import corpora_for
from annotator.checks import Code
from annotator.forms import offer
from annotator.models import Project
from annotator.models.projects import LEAST_IDLE, LONGEST_LEASE, MOST_IDLE

if TYPE_CHECKING:
    ProjectModelForm = forms.ModelForm[Project]
else:
    ProjectModelForm = forms.ModelForm


class SettingsForm(ProjectModelForm):
    """What the project says of itself, who may annotate in it, and which warnings it does not want."""

    silenced_checks = forms.MultipleChoiceField(
        label=_("Warnings that nobody needs to see"),
        choices=[(code.value, code.label.capitalize()) for code in Code if not code.blocks],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    lease_hours = forms.IntegerField(
        label=_("Hours that a question stays with whoever does not touch it"),
        min_value=1,
        max_value=LONGEST_LEASE,
        required=False,
        help_text=_("Then somebody who asks gets it, where no other place is free; the work is kept. Empty: never."),
    )
    agreed_from = forms.FloatField(
        label=_("People agree on a row of an adjudication from this likeness on"),
        help_text=_("From 0 to 1, for conditions and answers alike; 0.4 is “the same condition”."),
        min_value=0,
        max_value=1,
        required=False,
        widget=forms.NumberInput(attrs={"step": "0.05"}),
    )

    reopening = forms.ChoiceField(
        label=_("Authors may take back what they submitted"), choices=Project.Reopening.choices, required=False
    )

    show_drafts = forms.ChoiceField(
        label=_("Annotators see what machines drafted"), choices=Project.ShowDrafts.choices, required=False
    )

    idle_seconds = forms.IntegerField(
        label=_("Seconds without a sign of life after which working time stops"),
        help_text=_("Keys, pointer, scrolling and selecting are signs of life. From 30 to 3,600; usually 180."),
        min_value=LEAST_IDLE,
        max_value=MOST_IDLE,
        required=False,
    )

    class Meta:
        model = Project
        about = ["name", "description", "language", "licence", "citation", "contact"]
        fields = [
            *(*about, "lease_hours", "lookers_may_annotate", "annotators_may_adjudicate", "agreed_from"),
            *("reopening", "show_drafts", "corpus", "idle_seconds", "silenced_checks"),
        ]
        widgets = {"description": forms.Textarea(attrs={"rows": 3}), "citation": forms.Textarea(attrs={"rows": 3})}
        labels = {
            "lookers_may_annotate": _("Whoever looked at what others wrote may still annotate the question"),
            "annotators_may_adjudicate": _("Whoever annotated a question may adjudicate it, too"),
            "corpus": _("Annotators look things up in this corpus"),
        }
        help_texts = {
            "licence": _("Under which the dataset is given away, such as CC BY-SA 4.0."),
            "citation": _("How a paper should cite the dataset; it goes into every export."),
            "contact": _("Whom people who found a mistake should write to."),
            "lookers_may_annotate": _("Unticked, it is closed to them, so that each annotation is one person’s own."),
            "annotators_may_adjudicate": _("Ticked, it is recorded in gold’s history, and shown to who adjudicates."),
            "corpus": _("Where a question’s list was retrieved from a corpus here, that one is searched instead."),
        }

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        offer(self, "corpus", corpora_for(self.instance))

    def clean_agreed_from(self) -> float:
        """Return what was given; left empty, it stays as it is."""
        given: float | None = self.cleaned_data["agreed_from"]
        return self.instance.agreed_from if given is None else given

    def clean_idle_seconds(self) -> int:
        """Return what was given; left empty, it stays as it is."""
        given: int | None = self.cleaned_data["idle_seconds"]
        return self.instance.idle_seconds if given is None else given
