"""The addresses of scoring in the API."""

from django.urls import path

from annotator.api.urls import PROJECT
from scoring.api import agreement, evaluations, proposals, releases, samples, trials

EVALUATION = f"{PROJECT}evaluations/<key:number>/"
SAMPLE = f"{EVALUATION}samples/<key:pk>/"

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
    path(f"{EVALUATION}samples/", samples.Samples.as_view(), name="samples"),
    path(SAMPLE, samples.OneSample.as_view(), name="sample"),
    path(f"{SAMPLE}begin/", samples.Begin.as_view(), name="begin_rating"),
    path(f"{SAMPLE}pairs/", samples.Pairs.as_view(), name="pairs"),
    path(f"{SAMPLE}pairs/<key:place>/", samples.OnePair.as_view(), name="pair"),
    path(f"{PROJECT}agreement/", agreement.Agreement.as_view(), name="agreement"),
    path(f"{PROJECT}agreement/questions/", agreement.ByQuestion.as_view(), name="agreement_questions"),
    path(f"{PROJECT}releases/", releases.Releases.as_view(), name="releases"),
    path(f"{PROJECT}releases/trial/", trials.Trial.as_view(), name="release_trial"),
    path(f"{PROJECT}releases/<str:tag>/", releases.OneRelease.as_view(), name="release"),
    path(f"{PROJECT}releases/<str:tag>/since/<str:old>/", trials.Since.as_view(), name="release_since"),
    path(f"{PROJECT}releases/<str:tag>/file/", releases.File.as_view(), name="release_file"),
]
