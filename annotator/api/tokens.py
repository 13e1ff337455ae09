"""One’s own tokens: which there are, and revoking them. A token makes none: one that leaked would outlive itself."""

from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.actions.tokens import revoke
from annotator.api.access import Call
from annotator.api.paging import paged
from annotator.api.schema import PAGE, operation, page_of
from annotator.membership import TokenQuerySet
from annotator.models import Token


class TokenShape(serializers.ModelSerializer[Token]):
    """A token, by what it was made for; its secret was told when it was made, and never again."""

    project = serializers.CharField(source="project.slug", allow_null=True, default=None)
    this = serializers.SerializerMethodField(help_text="Whether it is the one that you call by.")

    class Meta:
        model = Token
        fields = ["id", "name", "scope", "project", "created", "expires", "used", "this"]

    def get_this(self, token: Token) -> bool:
        return bool(token.pk == self.context["this"])


def tokens_of(request: Call) -> TokenQuerySet:
    """Return the caller’s tokens, as far as the one by which they call reaches."""
    own = request.user.tokens.select_related("project")
    return own.filter(project=request.auth.project_id) if request.auth.project_id else own


class Tokens(APIView):
    @operation("list_tokens", page_of(TokenShape), asks=PAGE)
    def get(self, request: Call) -> Response:
        """List your tokens that are good; by a token for one project, those for that project alone."""
        found, context = tokens_of(request).usable(), {"this": request.auth.pk}
        return paged(request, found, ["pk"], lambda rows: TokenShape(rows, many=True, context=context).data)


class Revoke(APIView):
    @operation("revoke_token", None, status=204)
    def post(self, request: Call, pk: int) -> Response:
        """Let one of your tokens open nothing any more, be it the one that you call by."""
        revoke(get_object_or_404(tokens_of(request), pk=pk))
        return Response(status=204)
