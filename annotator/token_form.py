"""What is asked before a token is made."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from annotator.forms import offer
from annotator.models import Project, Token, User

DAYS = [(30, _("30 days")), (90, _("90 days")), (365, _("a year"))]


class TokenForm(forms.Form):
    """What a token is called, what it may do, where, and for how long."""

    name = forms.CharField(
        label=_("What it is for"), max_length=100, help_text=_("Such as the machine or script that will hold it.")
    )
    scope = forms.ChoiceField(label=_("It may"), choices=Token.Scope.choices)
    project = forms.ModelChoiceField(
        label=_("Where"), queryset=Project.objects.none(), required=False, empty_label=_("all your projects")
    )
    days = forms.TypedChoiceField(label=_("It lasts"), choices=DAYS, coerce=int, initial=90)

    def __init__(self, user: User, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.tokens = user.tokens.usable()
        offer(self, "project", Project.objects.visible_to(user))

    def clean_name(self) -> str:
        """Return the name, by which its owner knows which one to revoke: no two that are good have the same."""
        name = str(self.cleaned_data["name"])
        if self.tokens.filter(name=name).exists():
            raise forms.ValidationError(_("You have a token of this name: revoke it first, or choose another name."))
        return name

    def lasts(self) -> timedelta:
        return timedelta(days=self.cleaned_data["days"])
