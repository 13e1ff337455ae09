"""The pages of scoring."""

from django.urls import path

from scoring.views import agreement

urlpatterns = [
    path("p/<slug:slug>/agreement/", agreement.agreement, name="agreement"),
]
