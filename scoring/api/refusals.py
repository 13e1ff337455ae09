"""What a refusal of scoring’s verbs is to a program."""

from annotator.actions.queued import NotNow
from annotator.api.bodies import Body
from annotator.reading import BadInput
from scoring.forms import named


def refused(refusal: Exception, body: type[Body]) -> BadInput | NotNow:
    """Return a refusal under the field of the body that it names; one that names none is of what stands."""
    told = named(refusal)
    return BadInput([told]) if told.path in body().fields else NotNow(str(refusal))
