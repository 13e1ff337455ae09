"""The forms of the pages as bodies: what no program could send is seen when the body is made, and named."""

import pytest
from django import forms

from annotator.api.forms import body_of
from annotator.models import Member, User


class OddForm(forms.Form):
    """Asks for what programs have no name for."""

    person = forms.ModelChoiceField(User.objects.none())
    people = forms.ModelMultipleChoiceField(Member.objects.none())
    length = forms.DurationField()


@pytest.mark.parametrize("name", ["person", "people", "length"])
def test_a_field_that_no_program_can_send_is_named(name):
    form = type("OneForm", (forms.Form,), {name: OddForm.base_fields[name]})
    with pytest.raises(TypeError, match=name):
        body_of(form, "Odd.")
