"""The stages of a question (``QuestionQuerySet.staged``), as people read them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# In the order in which a bar shows them.
STAGES: dict[str, Promise] = {
    "gold": _("Gold"),
    "adjudicating": _("In adjudication"),
    "done": _("To adjudicate"),
    "partly": _("Partly annotated"),
    "in_progress": _("In progress"),
    "to_do": _("To do"),
    "no_list": _("No list"),
}
# What a list of questions can be filtered by.
FILTERS: dict[str, Promise] = STAGES | {"free": _("With a free place")}
