"""A project’s hooks: the list, and one with what it was sent. Its secret is shown when it is drawn, and never again."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from annotator.actions import hooks as verbs
from annotator.actions.queued import Refused
from annotator.delivering import of_late, unattended
from annotator.hook_form import HookForm
from annotator.models import Hook, Member
from annotator.views.request import Request, number_in

PAGE = 50


def hook_of(request: Request, slug: str, pk: int) -> tuple[Member, Hook]:
    """Return the hook and the manager who asks for it."""
    member = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    return member, get_object_or_404(member.project.hooks.select_related("project"), pk=pk)


@never_cache
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def hooks(request: Request, slug: str) -> HttpResponse:
    """List the hooks; a POST adds one, and shows it with its secret."""
    member = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    form = HookForm(request.POST if request.method == "POST" else None, initial={"events": ["submitted"]})
    if form.is_valid():
        try:
            made = verbs.add_hook(member.project, form.cleaned_data["url"], form.chosen())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return hook_page(request, member, made, secret=made.secret)
    lately = of_late(member.project)
    listed = [(hook, lately[hook.pk]) for hook in member.project.hooks.all()]
    page = {"member": member, "project": member.project, "form": form, "hooks": listed}
    return render(request, "annotator/hooks.html", page, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hook(request: Request, slug: str, pk: int) -> HttpResponse:
    """Show a hook and what it was sent; a POST changes its address or its events."""
    member, hook = hook_of(request, slug, pk)
    if request.method != "POST":
        return hook_page(request, member, hook)
    form = HookForm(request.POST)
    if form.is_valid():
        verbs.change_hook(hook, url=form.cleaned_data["url"], events=form.chosen())
        messages.success(request, _("The hook is changed."))
        return redirect("hook", slug, pk)
    return hook_page(request, member, hook, form=form)


@sensitive_variables()
def hook_page(request: Request, member: Member, hook: Hook, **more: Any) -> HttpResponse:
    """Answer with the page of a hook; ``more`` is a fresh secret, or a form with errors."""
    failed, before = request.GET.get("what") == "failed", number_in(request.GET, "before")
    found = hook.deliveries.missed() if failed else hook.deliveries.all()
    shown = list((found.filter(pk__lt=before) if before else found)[: PAGE + 1])
    asked = {"what": "failed"} if failed else {}
    page = {
        "member": member,
        "project": member.project,
        "hook": hook,
        "form": HookForm(initial={"url": hook.url, "events": hook.events}),
        "secret": "",
        "failed": failed,
        "deliveries": shown[:PAGE],
        "more": urlencode({**asked, "before": shown[PAGE - 1].pk}) if len(shown) > PAGE else "",
        "unattended": unattended(hook),
    }
    wrong = "form" in more
    return render(request, "annotator/hook.html", page | more, status=422 if wrong else 200)


@never_cache
@sensitive_variables()
@require_POST
def hook_secret(request: Request, slug: str, pk: int) -> HttpResponse:
    """Draw a fresh secret and show it."""
    member, hook = hook_of(request, slug, pk)
    return hook_page(request, member, hook, secret=verbs.draw_secret(hook))


@require_POST
def hook_switch(request: Request, slug: str, pk: int) -> HttpResponse:
    """Switch a hook on or off."""
    _member, hook = hook_of(request, slug, pk)
    on = request.POST.get("on") == "on"
    verbs.switch(hook, on=on)
    messages.success(request, _("The hook is on.") if on else _("The hook is off."))
    return redirect("hook", slug, pk)


@require_POST
def hook_test(request: Request, slug: str, pk: int) -> HttpResponse:
    """Send a test."""
    _member, hook = hook_of(request, slug, pk)
    return done(request, hook, lambda: verbs.send_test(hook), _("A test is on its way; load the page again to see."))


@require_POST
def hook_remove(request: Request, slug: str, pk: int) -> HttpResponse:
    """Remove a hook and what it was sent."""
    _member, hook = hook_of(request, slug, pk)
    hook.delete()
    messages.success(request, _("The hook is removed."))
    return redirect("hooks", slug)


@require_POST
def delivery_again(request: Request, slug: str, pk: int, number: int) -> HttpResponse:
    """Send something again."""
    _member, hook = hook_of(request, slug, pk)
    delivery = get_object_or_404(hook.deliveries.select_related("hook"), pk=number)
    return done(request, hook, lambda: verbs.send_again(delivery), _("It is on its way again."))


def done(request: Request, hook: Hook, verb: Callable[[], None], said: str) -> HttpResponse:
    """Do something with a hook, and lead back to its page with what came of it."""
    try:
        verb()
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return redirect("hook", hook.project.slug, hook.pk)
