"""The pages of people's work."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
