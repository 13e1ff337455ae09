"""Two systems beside each other, question by question."""
from django.http import HttpResponse
def evaluation_compare(request, slug: str, number: int, a: int, b: int) -> HttpResponse:
    return HttpResponse("")
