"""Where there is nothing, the API says so as it says everything else."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


@extend_schema(exclude=True)
class Missing(APIView):
    authentication_classes = []
    permission_classes = [AllowAny]

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        """Answer every method alike."""
        raise NotFound(_("There is no such address; every address of the API ends with a slash."))

    def get(self, request: Request, rest: str) -> Response:
        raise NotFound
