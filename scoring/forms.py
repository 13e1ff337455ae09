"""What is asked before systems are scored."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from annotator.actions.queued import Refused
from annotator.models import Project, ReleasedQuestion
from annotator.reading import Problem
from scoring import measures
from scoring.evaluating import Wanted, predicting
from scoring.judging import judge_names
from scoring.measures import figures

SAYS = {"system": "systems", "batch": "batches"}
"""The fields that a verb names otherwise than the form."""


def named(refusal: Exception) -> Problem:
    """Return what a refusal says, under the field that it is about as forms and programs name it."""
    told = Problem.told_by(str(refusal))
    return Problem(SAYS.get(told.path, told.path), told.message)


class EvaluationForm(forms.Form):
    """Which systems are scored, by which judge, against which gold, and which figure ranks them."""

    systems = forms.MultipleChoiceField(label=_("Systems"), widget=forms.CheckboxSelectMultiple)
    primary = forms.ChoiceField(
        label=_("Primary figure"),
        initial=measures.PRIMARY,
        help_text=_(
            "Chosen before any score is seen, because of many figures one always looks good by chance. "
            "Only this one ranks systems; all others are exploratory."
        ),
    )
    judge = forms.ChoiceField(
        label=_("Judge"), help_text=_("What says how alike two texts are; docs/judges.md says which can be had.")
    )
    release = forms.ChoiceField(
        label=_("Gold"), required=False, help_text=_("A release never changes, so others can score against the same.")
    )
    splits = forms.MultipleChoiceField(
        label=_("Splits of the release"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all of them."),
    )
    batches = forms.MultipleChoiceField(
        label=_("Batches"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all of them."),
    )

    def __init__(self, project: Project, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project = project
        names = [system.name for system in predicting(project)]
        self.choose("systems", names)
        self.initial["systems"] = names
        self.choose("judge", judge_names())
        self.choose("batches", list(project.batches.order_by("position", "pk").values_list("name", flat=True)))
        self.choose("splits", splits_of(project))
        ranked = [(name, f"{one.label}: {one.says}") for name, one in figures().items() if one.ranked]
        self.fields["primary"].choices = ranked  # type: ignore[attr-defined]
        tags = [
            (tag, _("release %(tag)s") % {"tag": tag})
            for tag in project.releases.order_by("-pk").values_list("tag", flat=True)
        ]
        self.fields["release"].choices = [("", _("as it is now")), *tags]  # type: ignore[attr-defined]

    def choose(self, name: str, values: list[str]) -> None:
        """Offer these values; a question with one answer is not asked."""
        self.fields[name].choices = [(value, value) for value in values]  # type: ignore[attr-defined]
        if len(values) < 2 and not self.fields[name].required:
            del self.fields[name]

    def wanted(self) -> Wanted:
        """Return what was asked for."""
        said = self.cleaned_data
        return Wanted(
            systems=said["systems"],
            judge=said["judge"],
            primary=said["primary"],
            release=said["release"],
            batches=said.get("batches", ()),
            splits=said.get("splits", ()),
        )

    def refuse(self, refusal: Refused) -> None:
        """Show a refusal beside the field that it names, or above all of them."""
        told = named(refusal)
        known = told.path in self.fields
        self.add_error(told.path if known else None, told.message if known else str(refusal))


def splits_of(project: Project) -> list[str]:
    """Return the names of all splits of the project's releases."""
    own = ReleasedQuestion.objects.filter(release__project=project).exclude(split="")
    return list(own.order_by("split").values_list("split", flat=True).distinct())
