"""Where there is nothing, the API says so as it says everything else."""

from typing import Any, Never

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.views import APIView


@extend_schema(exclude=True)
class Missing(APIView):
    def initial(self, *_args: Any, **_kwargs: Any) -> Never:
        """Answer every method alike, whoever asks."""
        raise NotFound(_("There is no such address; every address of the API ends with a slash."))
