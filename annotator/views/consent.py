"""What a project asks its members to agree to: reading it, agreeing, and asking for something else."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from annotator.actions.consenting import agree, asked_by, owed_by, publish_consent
from annotator.forms import ConsentForm
from annotator.models import Member
from annotator.views.consented import held_up
from annotator.views.handing_in import queue_url
from annotator.views.projects import settings_page
from annotator.views.request import Request, number_in, wanted_page


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: Request, slug: str) -> HttpResponse:
    """Show what the project asks, and take the person's agreement to the version that they read."""
    member = get_object_or_404(Member.objects.of(request.user).select_related("project"), project__slug=slug)
    owed = owed_by(member)
    if request.method == "POST" and owed and number_in(request.POST, "agreed") == owed.number:
        agree(member, owed)
        messages.success(request, _("Thank you. You can go on."))
        if held := held_up(request):
            return redirect(held["path"], preserve_request=True)
        return redirect(wanted_page(request, queue_url(slug)))
    asked = owed or asked_by(member.project)
    page = {
        "member": member,
        "project": member.project,
        "consent": asked,
        "owed": owed,
        "agreed": member.consents.filter(version=asked).first(),
        "next": wanted_page(request, ""),
        "held": held_up(request),
        "unsigned": bool(request.method == "POST" and owed),
    }
    return render(request, "annotator/consent.html", page, status=422 if page["unsigned"] else 200)


@require_POST
def consent_publish(request: Request, slug: str) -> HttpResponse:
    """Ask for another text from now on."""
    manager = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    form = ConsentForm(request.POST, auto_id="consent_%s")
    if not form.is_valid():
        return settings_page(request, manager, consent_form=form)
    publish_consent(manager.project, form.cleaned_data["text"].replace("\r\n", "\n"), manager)
    messages.success(request, _("Saved. Who has not agreed to it yet is asked before their next question."))
    return redirect("project_settings", slug)
