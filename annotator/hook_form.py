"""What is asked of a hook."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from annotator.models import Event
from annotator.models.hooks import LONGEST_URL
from annotator.outgoing import BadAddress, check_address


def check_hook_url(url: str) -> None:
    """Raise ValidationError where nothing can be sent to an address."""
    try:
        check_address(url, private=settings.WEBHOOKS_ALLOW_PRIVATE)
    except BadAddress as bad:
        raise ValidationError(f"The address {bad}.") from bad


class HookForm(forms.Form):
    """Where to, and of what."""

    url = forms.CharField(
        label=_("Address"),
        max_length=LONGEST_URL,
        validators=[check_hook_url],
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
        help_text=_("Where each message is sent by POST, such as https://lab.example/proviso."),
    )
    events = forms.MultipleChoiceField(
        label=_("Tell it when"), choices=Event.choices, widget=forms.CheckboxSelectMultiple
    )

    def chosen(self) -> list[Event]:
        return [Event(name) for name in self.cleaned_data["events"]]
