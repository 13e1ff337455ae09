"""The forms of the pages around the workbench."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.forms import BaseUserCreationForm
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from annotator.checks import letter_of
from annotator.exchange.fields import PLAIN
from annotator.exchange.tables import EXTRA, FIELDS
from annotator.models import Batch, Member, Project, User
from annotator.reading import LONGEST_TEXT
from annotator.record import Condition
from annotator.upload_limits import not_too_large
from retrieval.models import Corpus

if TYPE_CHECKING:
    ProjectModelForm = forms.ModelForm[Project]
    MemberModelForm = forms.ModelForm[Member]
    AccountForm = BaseUserCreationForm[User]
else:
    ProjectModelForm = MemberModelForm = forms.ModelForm
    AccountForm = BaseUserCreationForm

RESERVED_SLUGS = {"new"}


def offer(form: forms.BaseForm, name: str, rows: "QuerySet[Any]") -> None:
    """Let a field of a form choose among these rows."""
    choice = form.fields[name]
    if not isinstance(choice, forms.ModelChoiceField):
        raise TypeError(f"{name} does not choose among rows")
    choice.queryset = rows


class NewProjectForm(ProjectModelForm):
    """Name and address of a new project; the address is made from the name where it is left empty."""

    slug = forms.SlugField(
        label=_("Address"),
        max_length=50,
        required=False,
        help_text=_("Small letters, digits and hyphens, as in every link. Left empty, it is made from the name."),
    )

    class Meta:
        model = Project
        fields = ["name", "slug", "description", "language"]
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"language": _("The language of the questions, as a tag such as en or pt-BR.")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "slug" in self.errors or "name" in self.errors:
            return cleaned
        slug = cleaned["slug"] or slugify(cleaned["name"])[:50]
        if not slug:
            self.add_error("slug", _("Give an address: none can be made from this name."))
        elif slug in RESERVED_SLUGS or Project.objects.filter(slug=slug).exists():
            self.add_error("slug", _("“%(slug)s” is taken. Choose another address.") % {"slug": slug})
        return cleaned | {"slug": slug}


class UploadForm(forms.Form):
    """A file of questions, and the batch it goes into."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ".json,.jsonl,.ndjson,.csv,.tsv,.zip"}),
        validators=[not_too_large],
        allow_empty_file=True,
    )
    batch = forms.ModelChoiceField(
        label=_("Into the batch"), queryset=Batch.objects.none(), required=False, empty_label=_("a new batch")
    )
    new_batch = forms.CharField(label=_("Name of the new batch"), max_length=100, required=False)

    def __init__(self, project: Project, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        batches = project.batches.all()
        offer(self, "batch", batches)
        self.fields["batch"].initial = batches.last()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("batch") and not cleaned.get("new_batch") and "batch" not in self.errors:
            self.add_error("new_batch", _("Choose a batch, or name a new one."))
        return cleaned

    def batch_name(self) -> str:
        """Return the name of the batch that was named or chosen; a name that was typed says more than a choice left."""
        return str(self.cleaned_data["new_batch"] or self.cleaned_data["batch"].name)


class SystemFileForm(forms.Form):
    """A file of what a system says, whose it is, and as what it comes in."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ".json,.jsonl,.ndjson"}),
        validators=[not_too_large],
        allow_empty_file=True,
    )
    system = forms.CharField(label=_("System"), max_length=200)
    source = forms.ChoiceField(
        label=_("As"), choices=[("prediction", _("predictions, to be scored")), ("draft", _("drafts, for people"))]
    )
    batch = forms.ModelChoiceField(
        label=_("Questions of"),
        queryset=Batch.objects.none(),
        to_field_name="name",
        required=False,
        empty_label=_("all batches"),
    )

    def __init__(self, project: Project, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        offer(self, "batch", project.batches.all())


class LookForm(UploadForm):
    """Where a kept file is to go, and which field each column of a table is."""

    def __init__(self, project: Project, columns: Mapping[str, str], *args: Any, **named: Any) -> None:
        """Take the columns with the fields that they are taken for."""
        super().__init__(project, *args, **named)
        del self.fields["file"]
        self.columns = {f"column-{number}": column for number, column in enumerate(columns)}
        choices = [(field, PLAIN[field]) for field in FIELDS] + [(EXTRA, _("keep as extra"))]
        for name, column in self.columns.items():
            select = forms.Select(attrs={"form": "look"})
            self.fields[name] = forms.ChoiceField(
                label=column, choices=choices, initial=columns[column], required=False, widget=select
            )

    def mapping(self) -> dict[str, str]:
        """Return the field that was chosen for each column."""
        chosen = {column: self.cleaned_data[name] for name, column in self.columns.items()}
        return {column: field for column, field in chosen.items() if field}

    def selects(self) -> dict[str, forms.BoundField]:
        """Return the control of each column."""
        return {column: self[name] for name, column in self.columns.items()}


class RetrieveForm(forms.Form):
    """Which corpus to search, and how many fragments each list takes."""

    corpus = forms.ModelChoiceField(label=_("Corpus"), queryset=Corpus.objects.none(), empty_label=None)
    k = forms.IntegerField(label=_("Fragments per question"), min_value=1, max_value=1000, initial=20)

    def __init__(self, corpora: QuerySet[Corpus], *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        offer(self, "corpus", corpora)


class GuidelinesForm(forms.Form):
    """The guidelines' text, and the version it was written over."""

    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    text = forms.CharField(
        label=_("Text"),
        max_length=LONGEST_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "true"}),
        help_text=_("Markdown: # heading, - list, **bold**, *italic*, [link](https://…)."),
    )


class NewMemberForm(forms.Form):
    """A person to be added by the name of their account."""

    username = forms.CharField(
        label=_("Username"),
        max_length=150,
        validators=[get_user_model().username_validator],
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Member.Role.choices, initial=Member.Role.ANNOTATOR)


class MemberForm(MemberModelForm):
    """A member's role, and the pseudonym under which their work is exported."""

    class Meta:
        model = Member
        fields = ["role", "pseudonym"]

    def clean_pseudonym(self) -> str:
        pseudonym: str = self.cleaned_data["pseudonym"]
        others = Member.objects.filter(project=self.instance.project).exclude(pk=self.instance.pk)
        if others.filter(pseudonym=pseudonym).exists():
            raise forms.ValidationError(_("Somebody else here has this pseudonym."))
        return pseudonym


class InviteForm(forms.Form):
    """Whom a link lets in: in which role, how many, and for how long."""

    role = forms.ChoiceField(label=_("Role"), choices=Member.Role.choices, initial=Member.Role.ANNOTATOR)
    uses = forms.IntegerField(label=_("For how many people"), min_value=1, max_value=1000, initial=1)
    days = forms.IntegerField(label=_("For how many days"), min_value=1, max_value=365, initial=7)


class PeopleFileForm(forms.Form):
    """A table of people to be added at once."""

    file = forms.FileField(
        label=_("Table"),
        widget=forms.FileInput(attrs={"accept": ".csv"}),
        validators=[not_too_large],
        allow_empty_file=True,
        help_text=_("CSV with the columns username, role and, if wanted, name; a header may stand above them."),
    )


class JoiningForm(AccountForm):
    """The account that a person makes who joins by an invite."""

    class Meta:
        model = User
        fields = ["username"]


class ConsentForm(forms.Form):
    """What the members are asked to agree to."""

    text = forms.CharField(
        label=_("Consent"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "Shown to whoever joins, and before their next question to those who are here. Empty asks nothing."
        ),
    )


class TypedForm(forms.Form):
    """A name to be typed, so that nobody does by a slip what cannot be undone."""

    typed = forms.CharField(
        label=_("Type it"), widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )

    def __init__(self, expected: str, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.expected = expected
        self.fields["typed"].label = _("Type “%(name)s”") % {"name": expected}

    def clean_typed(self) -> str:
        typed: str = self.cleaned_data["typed"]
        if typed != self.expected.strip():
            raise forms.ValidationError(_("That is not “%(name)s”.") % {"name": self.expected})
        return typed


class NoteForm(forms.Form):
    """What somebody says of an annotation, or of one of its conditions."""

    condition = forms.ChoiceField(label=_("About"), required=False)
    text = forms.CharField(
        label=_("What you say"), max_length=LONGEST_TEXT, strip=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, conditions: Iterable[Condition], *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        choice = self.fields["condition"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101 - declared so above
        named_by = [(card.uid, f"{letter_of(place)} {card.text[:60]}") for place, card in enumerate(conditions)]
        choice.choices = [("", _("the whole")), *named_by]

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\r\n", "\n")
        if not text.strip():
            raise forms.ValidationError(_("Say something."))
        return text
