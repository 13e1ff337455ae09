"""The addresses of people’s work in the API."""

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from annotator.api import (
    adjudication,
    batches,
    beside,
    consent,
    corpora,
    files,
    gold,
    guidelines,
    history,
    hooks,
    jobs,
    lookups,
    members,
    notes,
    progress,
    projects,
    questions,
    search,
    site_jobs,
    systems,
    tokens,
    work,
)


class Key(IntConverter):
    """A key that every database holds."""

    regex = "[1-9][0-9]{0,17}"


register_converter(Key, "key")
PROJECT = "projects/<slug:slug>/"
QUESTION = f"{PROJECT}questions/<key:pk>/"
BATCH = f"{PROJECT}batches/<key:pk>/"
MEMBER = f"{PROJECT}members/<key:pk>/"
HOOK = f"{PROJECT}hooks/<key:pk>/"
WORK = f"{PROJECT}work/<key:pk>/"

urlpatterns = [
    path("tokens/", tokens.Tokens.as_view(), name="tokens"),
    path("tokens/<key:pk>/revoke/", tokens.Revoke.as_view(), name="token_revoke"),
    # Corpora, and the jobs of the installation
    path("corpora/", corpora.Corpora.as_view(), name="corpora"),
    path("corpora/<slug:corpus>/", corpora.OneCorpus.as_view(), name="corpus"),
    path("corpora/<slug:corpus>/reindex/", corpora.Reindex.as_view(), name="reindex"),
    path("corpus-files/", corpora.Files.as_view(), name="corpus_files"),
    path("jobs/", site_jobs.Jobs.as_view(), name="site_jobs"),
    path("jobs/<key:pk>/", site_jobs.OneJob.as_view(), name="site_job"),
    path("jobs/<key:pk>/cancel/", site_jobs.Cancel.as_view(), name="site_job_cancel"),
    path("jobs/<key:pk>/again/", site_jobs.Again.as_view(), name="site_job_again"),
    # Projects
    path("projects/", projects.Projects.as_view(), name="projects"),
    path(PROJECT, projects.Project.as_view(), name="project"),
    path(f"{PROJECT}settings/", projects.Settings.as_view(), name="settings"),
    path(f"{PROJECT}delete/", projects.Delete.as_view(), name="delete"),
    path(f"{PROJECT}restore/", projects.Restore.as_view(), name="restore"),
    path(f"{PROJECT}progress/", progress.Progress.as_view(), name="progress"),
    path(f"{PROJECT}hours/", progress.Hours.as_view(), name="hours"),
    # Batches, and who gets which of their questions
    path(f"{PROJECT}batches/", batches.Batches.as_view(), name="batches"),
    path(BATCH, batches.OneBatch.as_view(), name="batch"),
    path(f"{BATCH}ask-again/", batches.Again.as_view(), name="ask_again"),
    path(f"{PROJECT}assign/", batches.Assign.as_view(), name="assign"),
    path(f"{PROJECT}assigned/", batches.Assigned.as_view(), name="assigned"),
    path(f"{PROJECT}assigned/<key:pk>/back/", batches.TakeBack.as_view(), name="take_back"),
    path(f"{PROJECT}prioritise/", batches.Prioritise.as_view(), name="prioritise"),
    # Guidelines
    path(f"{PROJECT}guidelines/", guidelines.Guidelines.as_view(), name="guidelines"),
    path(f"{PROJECT}guidelines/newest/", guidelines.Newest.as_view(), name="newest_guidelines"),
    path(f"{PROJECT}guidelines/<key:number>/", guidelines.OneVersion.as_view(), name="guideline_version"),
    # Members
    path(f"{PROJECT}members/", members.Members.as_view(), name="members"),
    path(f"{PROJECT}members/file/", members.People.as_view(), name="people"),
    path(MEMBER, members.OneMember.as_view(), name="member"),
    path(f"{PROJECT}leave/", members.Leave.as_view(), name="leave_project"),
    path(f"{MEMBER}link/", members.SignInLink.as_view(), name="member_link"),
    path(f"{MEMBER}remove/", members.Remove.as_view(), name="member_remove"),
    path(f"{MEMBER}back/", members.BringBack.as_view(), name="member_back"),
    path(f"{MEMBER}erase/", members.Erase.as_view(), name="member_erase"),
    path(f"{PROJECT}invites/", members.Invites.as_view(), name="invites"),
    path(f"{PROJECT}invites/<key:pk>/revoke/", members.Revoke.as_view(), name="invite_revoke"),
    # Questions and what was written on them
    path(f"{PROJECT}questions/", questions.Questions.as_view(), name="questions"),
    path(f"{PROJECT}search/", search.Search.as_view(), name="search"),
    path(QUESTION, questions.OneQuestion.as_view(), name="question"),
    path(f"{QUESTION}retrieval/", questions.Retrieval.as_view(), name="retrieval"),
    path(f"{QUESTION}supplements/", lookups.OfQuestion.as_view(), name="supplements_of_question"),
    path(f"{QUESTION}look/", questions.Look.as_view(), name="look"),
    path(f"{QUESTION}annotations/", questions.OnQuestion.as_view(), name="on_question"),
    path(f"{PROJECT}annotations/", questions.Annotations.as_view(), name="annotations"),
    path(f"{PROJECT}annotations/<key:pk>/return/", questions.Return.as_view(), name="return"),
    path(f"{PROJECT}annotations/<key:pk>/notes/", notes.Notes.as_view(), name="notes"),
    # One's own work
    path(f"{PROJECT}claim/", work.Claim.as_view(), name="claim"),
    path(f"{PROJECT}work/", work.Slots.as_view(), name="slots"),
    path(WORK, work.OwnWork.as_view(), name="work"),
    path(f"{WORK}conditions/<slug:uid>/", work.OneCondition.as_view(), name="condition"),
    path(f"{WORK}submit/", work.Submit.as_view(), name="submit"),
    path(f"{WORK}reopen/", work.Reopen.as_view(), name="reopen"),
    path(f"{WORK}skip/", work.Skip.as_view(), name="skip"),
    path(f"{WORK}resume/", work.Resume.as_view(), name="resume"),
    path(f"{WORK}look-up/", lookups.Lookup.as_view(), name="look_up"),
    path(f"{WORK}supplements/", lookups.Supplements.as_view(), name="supplements"),
    path(f"{WORK}supplements/<key:rank>/", lookups.OneSupplement.as_view(), name="supplement"),
    path(f"{WORK}history/", history.Steps.as_view(), name="steps"),
    path(f"{WORK}history/<key:number>/", history.OneStep.as_view(), name="step"),
    path(f"{WORK}history/<key:number>/undo/", history.Undo.as_view(), name="undo"),
    path(f"{WORK}history/<key:number>/restore/", history.Restore.as_view(), name="restore_step"),
    path(f"{WORK}drafts/", beside.Drafts.as_view(), name="drafts"),
    path(f"{WORK}adopt/", beside.Adopt.as_view(), name="adopt"),
    path(f"{WORK}marks/", beside.Marks.as_view(), name="marks"),
    path(f"{WORK}dismiss/", beside.Dismiss.as_view(), name="dismiss"),
    path(f"{PROJECT}consent/", consent.Asked.as_view(), name="consent"),
    path(f"{PROJECT}consent/agree/", consent.Agree.as_view(), name="agree"),
    # Adjudication
    path(f"{PROJECT}adjudicate/", adjudication.Next.as_view(), name="adjudicate_next"),
    path(f"{QUESTION}adjudicate/", adjudication.Open.as_view(), name="adjudicate"),
    path(f"{QUESTION}desk/", adjudication.InHand.as_view(), name="desk"),
    path(f"{QUESTION}leave/", adjudication.Leave.as_view(), name="leave"),
    path(f"{QUESTION}desk/drafts/", gold.Drafts.as_view(), name="desk_drafts"),
    path(f"{QUESTION}gold/history/", gold.Steps.as_view(), name="gold_steps"),
    path(f"{QUESTION}gold/history/<key:number>/", gold.OneStep.as_view(), name="gold_step"),
    path(f"{QUESTION}gold/history/<key:number>/restore/", gold.Restore.as_view(), name="restore_gold_step"),
    # Systems, files and jobs
    path(f"{PROJECT}systems/", systems.Systems.as_view(), name="systems"),
    path(f"{PROJECT}systems/<key:pk>/", systems.OneSystem.as_view(), name="system"),
    path(f"{PROJECT}predictions/", systems.Predictions.as_view(), name="predictions"),
    path(f"{PROJECT}imports/", files.Imports.as_view(), name="imports"),
    path(f"{PROJECT}imports/<key:pk>/", files.OneImport.as_view(), name="import"),
    path(f"{PROJECT}export/", files.Exports.as_view(), name="export"),
    path(f"{PROJECT}corpora/", corpora.OfProject.as_view(), name="project_corpora"),
    path(f"{PROJECT}retrieve/", jobs.Retrieve.as_view(), name="retrieve"),
    path(f"{PROJECT}jobs/", jobs.Jobs.as_view(), name="jobs"),
    path(f"{PROJECT}jobs/<key:pk>/", jobs.OneJob.as_view(), name="job"),
    path(f"{PROJECT}jobs/<key:pk>/file/", jobs.File.as_view(), name="job_file"),
    path(f"{PROJECT}jobs/<key:pk>/cancel/", jobs.Cancel.as_view(), name="job_cancel"),
    path(f"{PROJECT}jobs/<key:pk>/again/", jobs.Again.as_view(), name="job_again"),
    # Hooks
    path(f"{PROJECT}hooks/", hooks.Hooks.as_view(), name="hooks"),
    path(HOOK, hooks.OneHook.as_view(), name="hook"),
    path(f"{HOOK}secret/", hooks.Secret.as_view(), name="hook_secret"),
    path(f"{HOOK}test/", hooks.Test.as_view(), name="hook_test"),
    path(f"{HOOK}deliveries/", hooks.Deliveries.as_view(), name="deliveries"),
    path(f"{HOOK}deliveries/<key:number>/again/", hooks.Again.as_view(), name="delivery_again"),
]
