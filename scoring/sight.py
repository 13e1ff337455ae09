"""What an evaluation shows to whom. Its figures tell of gold: each question's of that, and those of a few of each."""

from annotator.models import Question, User
from scoring.models import Evaluation

FEW = 5
"""On fewer questions the figures of all of them together say what gold is on each, or nearly so."""


def places_seen(evaluation: Evaluation, user: User) -> set[int]:
    """Return the places of the questions on which the user sees what others wrote. One query."""
    seen = Question.objects.not_blind_for(user).values("pk")
    return set(evaluation.questions.filter(question__in=seen).values_list("place", flat=True))


def shows_board(evaluation: Evaluation, user: User) -> bool:
    """Return whether the user may read the board of a finished evaluation. One query at most."""
    number: int = evaluation.board["questions"]["all"]
    return number >= FEW or len(places_seen(evaluation, user)) == number
