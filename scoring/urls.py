"""The pages of scoring."""

from django.urls import path

from annotator.urls import PROJECT
from scoring.views import (
    agreement,
    compare,
    cutting,
    drill,
    evaluation,
    evaluations,
    judge,
    proposals,
    rating,
    releases,
)

EVALUATION = f"{PROJECT}evaluations/<int:number>/"
JUDGE = f"{EVALUATION}judge/"
urlpatterns = [
    path(f"{PROJECT}agreement/", agreement.agreement, name="agreement"),
    # Releases
    path(f"{PROJECT}release/", cutting.release_cut, name="release_cut"),
    path(f"{PROJECT}release/look/", cutting.release_look, name="release_look"),
    path(f"{PROJECT}release/trial/", cutting.release_trial, name="release_trial"),
    path(f"{PROJECT}releases/", releases.releases, name="releases"),
    path(f"{PROJECT}releases/<str:tag>/", releases.release, name="release"),
    path(f"{PROJECT}releases/<str:tag>/file/", releases.release_file, name="release_file"),
    path(f"{PROJECT}releases/<str:tag>/since/<str:old>/", releases.release_diff, name="release_diff"),
    # Evaluations
    path(f"{PROJECT}evaluations/", evaluations.evaluations, name="evaluations"),
    path(EVALUATION, evaluation.evaluation, name="evaluation"),
    path(f"{EVALUATION}go-on/", evaluation.evaluation_go_on, name="evaluation_go_on"),
    path(f"{EVALUATION}stop/", evaluation.evaluation_stop, name="evaluation_stop"),
    path(f"{EVALUATION}count/", evaluation.evaluation_count, name="evaluation_count"),
    path(f"{EVALUATION}discard/", evaluation.evaluation_discard, name="evaluation_discard"),
    path(f"{EVALUATION}file/", evaluation.evaluation_file, name="evaluation_file"),
    path(f"{EVALUATION}board/", evaluation.evaluation_board, name="evaluation_board"),
    path(f"{EVALUATION}compare/<int:a>/<int:b>/", compare.evaluation_compare, name="evaluation_compare"),
    path(f"{EVALUATION}questions/", drill.evaluation_questions, name="evaluation_questions"),
    path(f"{EVALUATION}question/<int:place>/", drill.evaluation_question, name="evaluation_question"),
    path(f"{EVALUATION}question/<int:place>/propose/", proposals.propose, name="propose"),
    # The judge of an evaluation
    path(JUDGE, judge.judge, name="judge"),
    path(f"{JUDGE}sample/", judge.sample_new, name="sample_new"),
    path(f"{JUDGE}<int:pk>/", rating.rating, name="rating"),
    path(f"{JUDGE}<int:pk>/<int:place>/", rating.rate_pair, name="rate"),
    # What should be in gold
    path(f"{PROJECT}proposals/", proposals.proposals, name="proposals"),
    path(f"{PROJECT}proposals/<int:pk>/take/", proposals.proposal_take, name="proposal_take"),
    path(f"{PROJECT}proposals/<int:pk>/decline/", proposals.proposal_decline, name="proposal_decline"),
]
