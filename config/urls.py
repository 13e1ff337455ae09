"""Every URL of the site."""

from django.contrib import admin
from django.urls import include, path

from annotator.api import urls as of_annotator
from annotator.api.description import Schema, docs
from annotator.api.missing import Missing
from config import views
from scoring.api import urls as of_scoring

API = [
    path("", docs, name="docs"),
    path("schema/", Schema.as_view(), name="schema"),
    *of_annotator.urlpatterns,
    *of_scoring.urlpatterns,
    path("<path:rest>", Missing.as_view(), name="missing"),
]
urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", include((API, "api"))),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("status/", views.status, name="status"),
    path("", include("annotator.urls")),
    path("", include("scoring.urls")),
]
