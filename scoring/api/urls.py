"""The addresses of scoring in the API."""

from django.urls import path

from annotator.api.urls import PROJECT
from scoring.api import evaluations, proposals, releases

EVALUATION = f"{PROJECT}evaluations/<key:number>/"

urlpatterns = [
    path(f"{PROJECT}evaluations/", evaluations.Evaluations.as_view(), name="evaluations"),
    path(EVALUATION, evaluations.OneEvaluation.as_view(), name="evaluation"),
    path(f"{EVALUATION}questions/", evaluations.ByQuestion.as_view(), name="evaluation_questions"),
    path(f"{EVALUATION}go-on/", evaluations.GoOn.as_view(), name="evaluation_go_on"),
    path(f"{EVALUATION}stop/", evaluations.Stop.as_view(), name="evaluation_stop"),
    path(f"{EVALUATION}discard/", evaluations.Discard.as_view(), name="evaluation_discard"),
    path(f"{EVALUATION}questions/<key:place>/propose/", proposals.Propose.as_view(), name="propose"),
    path(f"{PROJECT}proposals/", proposals.Proposals.as_view(), name="proposals"),
    path(f"{PROJECT}proposals/<key:pk>/take/", proposals.Take.as_view(), name="proposal_take"),
    path(f"{PROJECT}proposals/<key:pk>/decline/", proposals.Decline.as_view(), name="proposal_decline"),
    path(f"{PROJECT}releases/", releases.Releases.as_view(), name="releases"),
    path(f"{PROJECT}releases/<str:tag>/file/", releases.File.as_view(), name="release_file"),
]
