"""The administration of what runs by itself, only to look at: workers, jobs, hooks and what they were sent."""

from retrieval.admin import Admin, ReadOnly


class WorkerAdmin(ReadOnly, Admin):
    list_display = ["name", "started", "seen"]
    search_fields = ["name"]


class JobAdmin(ReadOnly, Admin):
    # How much a job goes through, and what it wrote, may tell of work that the reader annotates blind.
    exclude = ["done", "total", "result"]
    list_display = ["pk", "verb", "project", "state", "heartbeat", "created"]
    list_filter = ["state", "verb"]
    list_select_related = ["project"]
    search_fields = ["verb", "project__slug", "error"]


class HookAdmin(ReadOnly, Admin):
    # An address may hold a key in its path, and is for the project’s managers alone.
    exclude = ["secret", "url"]
    list_display = ["pk", "project", "on", "stopped", "failures", "created"]
    list_select_related = ["project"]
    search_fields = ["project__slug"]


class DeliveryAdmin(ReadOnly, Admin):
    list_display = ["uid", "hook", "event", "state", "tries", "code", "created"]
    list_filter = ["state", "event"]
    list_select_related = ["hook"]
    search_fields = ["=uid"]
    show_full_result_count = False
    list_per_page = 50
