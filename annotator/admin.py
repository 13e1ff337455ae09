"""The administration pages: people and projects can be mended by hand; work and its history can only be looked at."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import URLField
from django.http import HttpRequest

from annotator import models
from annotator.admin_bases import Long, NeverAdded, Work
from annotator.admin_queue import QueueAdmin
from annotator.admin_running import DeliveryAdmin, HookAdmin, JobAdmin, WorkerAdmin
from retrieval.admin import Admin, Inline, ReadOnly

admin.site.site_header = admin.site.site_title = "Proviso"
admin.site.register(models.User, DjangoUserAdmin)
admin.site.register(models.QuestionToAdjudicate, QueueAdmin)
admin.site.register(models.Worker, WorkerAdmin)
admin.site.register(models.Job, JobAdmin)
admin.site.register(models.Hook, HookAdmin)
admin.site.register(models.Delivery, DeliveryAdmin)


class GuidelineVersionInline(ReadOnly, Inline):
    model = models.GuidelineVersion
    fields = ["number", "created", "by"]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("by__user", "project").defer("text")


class BatchInline(ReadOnly, Inline):
    model = models.Batch
    fields = ["name", "position", "purpose", "overlap", "size"]
    extra = 0


@admin.register(models.Project)
class ProjectAdmin(NeverAdded, Admin):
    list_display = ["slug", "name", "language", "licence", "created"]
    search_fields = ["slug", "name"]
    # On its own page, changing it lets claims walk anew.
    readonly_fields = ["created", "lookers_may_annotate", "deleted"]
    inlines = [BatchInline, GuidelineVersionInline]


@admin.register(models.Batch)
class BatchAdmin(ReadOnly, Admin):
    list_display = ["name", "project", "position", "purpose", "overlap", "size"]
    list_filter = ["purpose"]
    list_select_related = ["project"]
    search_fields = ["name", "project__slug"]


@admin.register(models.GuidelineVersion)
class GuidelineVersionAdmin(ReadOnly, Admin):
    list_display = ["project", "number", "created", "by"]
    list_select_related = ["project", "by__user"]
    search_fields = ["project__slug", "text"]


@admin.register(models.Member)
class MemberAdmin(NeverAdded, Admin):
    list_display = ["pseudonym", "project", "user", "role", "submitted", "joined", "left"]
    list_filter = ["role"]
    list_select_related = ["project", "user"]
    search_fields = ["pseudonym", "user__username", "project__slug"]
    autocomplete_fields = ["user"]
    readonly_fields = ["project", "joined", "submitted", "left", "seen"]


@admin.register(models.SignInLink)
class SignInLinkAdmin(ReadOnly, Admin):
    list_display = ["user", "created", "expires", "used"]
    list_select_related = ["user"]
    search_fields = ["user__username"]
    exclude = ["digest"]


@admin.register(models.Token)
class TokenAdmin(ReadOnly, Admin):
    list_display = ["user", "name", "scope", "project", "created", "expires", "used", "revoked"]
    list_filter = ["scope"]
    list_select_related = ["user", "project"]
    search_fields = ["user__username"]
    exclude = ["digest"]


@admin.register(models.Invite)
class InviteAdmin(ReadOnly, Admin):
    list_display = ["project", "role", "used", "uses", "expires", "revoked", "by"]
    list_filter = ["role"]
    list_select_related = ["project", "by"]
    search_fields = ["project__slug"]
    exclude = ["digest"]


@admin.register(models.ConsentVersion)
class ConsentVersionAdmin(ReadOnly, Admin):
    list_display = ["project", "number", "created", "by"]
    list_select_related = ["project", "by"]
    search_fields = ["project__slug", "text"]


@admin.register(models.Consent)
class ConsentAdmin(ReadOnly, Admin):
    list_display = ["member", "version", "at"]
    list_select_related = ["member", "version"]
    search_fields = ["member__pseudonym"]


@admin.register(models.Question)
class QuestionAdmin(Long, ReadOnly, Admin):
    list_display = ["text", "external_id", "batch", "order", "taken", "overlap"]
    list_select_related = ["batch__project"]
    search_fields = ["text", "=external_id", "batch__project__slug"]


@admin.register(models.Assignment)
class AssignmentAdmin(Work):
    annotation, author = "", "member"
    list_display = ["question", "member", "state", "created"]
    list_filter = ["state"]
    list_select_related = ["question", "member"]
    search_fields = ["question__text", "member__pseudonym"]


@admin.register(models.Look)
class LookAdmin(Long, ReadOnly, Admin):
    list_display = ["question", "member", "at"]
    list_select_related = ["question", "member"]
    search_fields = ["question__text", "member__pseudonym"]


@admin.register(models.WorkDay)
class WorkDayAdmin(Long, ReadOnly, Admin):
    list_display = ["member", "batch", "day", "seconds"]
    list_select_related = ["member", "batch"]
    search_fields = ["member__pseudonym", "batch__name"]


@admin.register(models.Cursor)
class CursorAdmin(ReadOnly, Admin):
    list_display = ["member", "batch", "upto"]
    list_select_related = ["member", "batch"]
    search_fields = ["member__pseudonym", "batch__name"]


class ConditionInline(ReadOnly, Inline):
    model = models.Condition
    fields = ["order", "text", "version", "removed", "uid"]
    extra = 0


@admin.register(models.Annotation)
class AnnotationAdmin(Work):
    annotation = ""
    list_display = ["pk", "question", "source", "author", "system", "verdict", "saved", "submitted"]
    list_filter = ["source", "verdict"]
    list_select_related = ["question", "author", "system"]
    search_fields = ["question__text", "=question__external_id", "author__pseudonym"]
    inlines = [ConditionInline]


class AnswerInline(ReadOnly, Inline):
    model = models.Answer
    fields = ["order", "text", "aliases", "uid"]
    extra = 0


class CitationInline(ReadOnly, Inline):
    model = models.Citation
    fields = ["order", "role", "listed", "title", "quote", "uid"]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("listed")


@admin.register(models.Condition)
class ConditionAdmin(Work):
    list_display = ["text", "annotation", "order", "version", "removed"]
    list_filter = ["removed"]
    list_select_related = ["annotation"]
    search_fields = ["text", "=uid"]
    inlines = [AnswerInline, CitationInline]


@admin.register(models.Answer)
class AnswerAdmin(Work):
    annotation = "condition__annotation__"
    list_display = ["text", "condition", "order"]
    list_select_related = ["condition"]
    search_fields = ["text", "=uid"]


@admin.register(models.Citation)
class CitationAdmin(Work):
    annotation = "condition__annotation__"
    list_display = ["pk", "condition", "role", "listed", "title"]
    list_filter = ["role"]
    list_select_related = ["condition", "listed"]
    search_fields = ["title", "quote", "=uid"]


@admin.register(models.Mark)
class MarkAdmin(Work):
    list_display = ["annotation", "listed", "state"]
    list_filter = ["state"]
    list_select_related = ["annotation", "listed"]
    search_fields = ["annotation__question__text"]


@admin.register(models.Note)
class NoteAdmin(Work):
    list_display = ["text", "annotation", "condition", "author", "at"]
    list_select_related = ["annotation", "author"]
    search_fields = ["text", "author__pseudonym"]


@admin.register(models.Adoption)
class AdoptionAdmin(Work):
    list_display = ["annotation", "condition", "draft", "revision", "uid"]
    list_select_related = ["annotation", "draft"]
    search_fields = ["=condition", "=uid"]


@admin.register(models.Lookup)
class LookupAdmin(Work):
    list_display = ["query", "annotation", "hits", "engine", "at"]
    list_select_related = ["annotation"]
    search_fields = ["query"]


@admin.register(models.Supplement)
class SupplementAdmin(Work):
    list_display = ["listed", "annotation", "at"]
    list_select_related = ["annotation", "listed"]


@admin.register(models.SearchText)
class SearchTextAdmin(Work):
    annotation, author = "", "annotation__author"
    list_display = ["kind", "question", "annotation"]
    list_filter = ["kind"]
    list_select_related = ["question", "annotation"]
    search_fields = ["question__text"]


@admin.register(models.Revision)
class RevisionAdmin(Work):
    list_display = ["annotation", "number", "verb", "by", "at"]
    list_filter = ["verb"]
    list_select_related = ["annotation", "by"]
    search_fields = ["annotation__question__text", "by__pseudonym"]


class DecisionPartInline(ReadOnly, Inline):
    model = models.DecisionPart
    fields = ["annotation", "uid", "revision", "gave"]
    extra = 0


@admin.register(models.Decision)
class DecisionAdmin(Work):
    annotation = "gold__"
    list_display = ["gold", "kind", "condition", "reason", "since", "until"]
    list_filter = ["kind"]
    list_select_related = ["gold"]
    search_fields = ["gold__question__text", "=condition"]
    inlines = [DecisionPartInline]


@admin.register(models.DecisionPart)
class DecisionPartAdmin(Work):
    annotation = "decision__gold__"
    list_display = ["decision", "annotation", "uid", "revision"]
    list_select_related = ["decision", "annotation"]
    search_fields = ["=uid"]


@admin.register(models.Release)
class ReleaseAdmin(ReadOnly, Admin):
    exclude = ["withdrawn"]  # the reasons are words of gold
    list_display = ["tag", "project", "created", "by"]
    list_select_related = ["project", "by"]
    search_fields = ["tag", "project__slug"]


@admin.register(models.ReleasedQuestion)
class ReleasedQuestionAdmin(Work):
    annotation = "gold__annotation__"
    list_display = ["release", "place", "split", "question"]
    list_select_related = ["release", "question"]


@admin.register(models.ReleasedWork)
class ReleasedWorkAdmin(Work):
    annotation = "revision__annotation__"
    list_display = ["question", "revision"]
    list_select_related = ["question", "revision"]


@admin.register(models.System)
class SystemAdmin(ReadOnly, Admin):
    list_display = ["name", "project", "family", "model", "made_on"]
    list_select_related = ["project"]
    search_fields = ["name", "family", "model"]
    formfield_overrides = {URLField: {"assume_scheme": "https"}}


@admin.register(models.Import)
class ImportAdmin(ReadOnly, Admin):
    list_display = ["name", "project", "batch", "shape", "state", "created", "by"]
    list_filter = ["state", "shape"]
    list_select_related = ["project", "batch", "by"]
    search_fields = ["name", "=sha256", "project__slug"]
    # It quotes the file, which may hold gold of questions that who reads this may still claim.
    exclude = ["report"]
