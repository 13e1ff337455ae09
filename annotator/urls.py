"""The pages of people's work."""

from django.urls import path

from annotator.views import (
    cards,
    exports,
    guidelines,
    handing_in,
    history,
    home,
    imports,
    jobs,
    members,
    projects,
    questions,
    retrieve,
    sign_in,
    workbench,
)

PROJECT = "p/<slug:slug>/"
QUESTION = f"{PROJECT}q/<int:pk>/"

urlpatterns = [
    # Home and signing in
    path("", home.home, name="home"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/link/<str:token>/", sign_in.sign_in_link, name="sign_in_link"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("password/", sign_in.password_change, name="password_change"),
    # A project
    path("projects/new/", projects.project_new, name="project_new"),
    path(PROJECT, projects.project, name="project"),
    path(f"{PROJECT}settings/", projects.project_settings, name="project_settings"),
    path(f"{PROJECT}batches/", projects.batch_new, name="batch_new"),
    path(f"{PROJECT}batches/<int:pk>/", projects.batch, name="batch"),
    # Guidelines
    path(f"{PROJECT}guidelines/", guidelines.guidelines, name="guidelines"),
    path(f"{PROJECT}guidelines/drawer/", guidelines.guidelines_drawer, name="guidelines_drawer"),
    path(f"{PROJECT}guidelines/edit/", guidelines.guidelines_edit, name="guidelines_edit"),
    path(f"{PROJECT}guidelines/preview/", guidelines.guidelines_preview, name="guidelines_preview"),
    # Questions
    path(f"{PROJECT}questions/", questions.questions, name="questions"),
    path(f"{PROJECT}questions/<int:pk>/", questions.question, name="question"),
    path(f"{PROJECT}questions/<int:pk>/look/", questions.look, name="look"),
    # Members
    path(f"{PROJECT}members/", members.members, name="members"),
    path(f"{PROJECT}members/<int:pk>/", members.member, name="member"),
    path(f"{PROJECT}members/<int:pk>/link/", members.member_link, name="member_link"),
    # Files in and out, and fragments
    path(f"{PROJECT}import/", imports.imports, name="imports"),
    path(f"{PROJECT}import/<int:pk>/", imports.import_, name="import"),
    path(f"{PROJECT}export/", exports.exports, name="exports"),
    path(f"{PROJECT}export/file/", exports.export_file, name="export_file"),
    path(f"{PROJECT}retrieve/", retrieve.retrieve, name="retrieve"),
    # Jobs
    path(f"{PROJECT}jobs/<int:pk>/", jobs.job, name="job"),
    path(f"{PROJECT}jobs/<int:pk>/cancel/", jobs.job_cancel, name="job_cancel"),
    path(f"{PROJECT}jobs/<int:pk>/again/", jobs.job_again, name="job_again"),
    # The workbench
    path(QUESTION, workbench.workbench, name="workbench"),
    path(f"{QUESTION}c/", cards.card_add, name="card_add"),
    path(f"{QUESTION}c/<slug:uid>/", cards.card, name="card"),
    path(f"{QUESTION}c/<slug:uid>/remove/", cards.card_remove, name="card_remove"),
    path(f"{QUESTION}c/<slug:uid>/back/", cards.card_back, name="card_back"),
    path(f"{QUESTION}overall/", cards.overall, name="overall"),
    path(f"{QUESTION}mark/", cards.mark, name="mark"),
    path(f"{QUESTION}dismiss/", cards.dismiss, name="dismiss"),
    path(f"{QUESTION}undo/<int:number>/", cards.undo, name="undo"),
    path(f"{QUESTION}history/", history.history, name="history"),
    path(f"{QUESTION}history/<int:number>/", history.restore, name="restore"),
    # Claiming and handing in
    path("p/<slug:slug>/claim/", handing_in.claim, name="claim"),
    path(f"{QUESTION}skip/", handing_in.skip, name="skip"),
    path(f"{QUESTION}resume/", handing_in.resume, name="resume"),
    path(f"{QUESTION}reopen/", handing_in.reopen, name="reopen"),
    path(f"{QUESTION}previous/", handing_in.previous_question, name="previous"),
    path(f"{QUESTION}next/", handing_in.next_question, name="next"),
]
