"""The site's URLs, and the bare views that it is measured against."""

from django.urls import include, path

from bench import bare

urlpatterns = [
    path("bare/open/<int:pk>/", bare.bare_open),
    path("bare/claim/<int:pk>/", bare.bare_claim),
    path("bare/submit/<int:pk>/", bare.bare_submit),
    path("bare/save/<int:pk>/<slug:uid>/", bare.bare_save),
    path("", include("config.urls")),
]
