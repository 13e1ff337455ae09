"""The pages of scoring."""

from django.urls import path

from annotator.urls import PROJECT
from scoring.views import agreement, cutting, judge, rating, releases

JUDGE = f"{PROJECT}evaluations/<int:number>/judge/"
urlpatterns = [
    path(f"{PROJECT}agreement/", agreement.agreement, name="agreement"),
    path(f"{PROJECT}release/", cutting.release_cut, name="release_cut"),
    path(f"{PROJECT}release/look/", cutting.release_look, name="release_look"),
    path(f"{PROJECT}release/trial/", cutting.release_trial, name="release_trial"),
    path(f"{PROJECT}releases/", releases.releases, name="releases"),
    path(f"{PROJECT}releases/<str:tag>/", releases.release, name="release"),
    path(f"{PROJECT}releases/<str:tag>/file/", releases.release_file, name="release_file"),
    path(f"{PROJECT}releases/<str:tag>/since/<str:old>/", releases.release_diff, name="release_diff"),
    path(JUDGE, judge.judge, name="judge"),
    path(f"{JUDGE}sample/", judge.sample_new, name="sample_new"),
    path(f"{JUDGE}<int:pk>/", rating.rating, name="rating"),
    path(f"{JUDGE}<int:pk>/<int:place>/", rating.rate_pair, name="rate"),
]
