"""What to draw for people to rate."""

from django import forms
from django.utils.translation import gettext_lazy as _

from annotator.reading import LARGEST_NUMBER
from scoring.judges import Kind


class SampleForm(forms.Form):
    """A sample of pairs: of conditions or of answers, how many, and by which seed."""

    kind = forms.ChoiceField(
        label=_("Pairs of"),
        choices=[(Kind.CONDITION.value, _("conditions")), (Kind.ANSWER.value, _("answers"))],
    )
    size = forms.IntegerField(label=_("Pairs"), min_value=10, max_value=500, initial=40)
    seed = forms.IntegerField(label=_("Seed"), min_value=0, max_value=LARGEST_NUMBER, initial=1)
