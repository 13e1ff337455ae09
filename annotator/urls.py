"""The pages of people's work."""

from django.urls import path

from annotator.views import (
    adjudicating,
    adjudication,
    assigning,
    batches,
    cards,
    compared,
    consent,
    deleting,
    exports,
    guidelines,
    handing_in,
    history,
    home,
    imports,
    invites,
    jobs,
    leaving,
    members,
    notes,
    projects,
    questions,
    retrieve,
    sign_in,
    systems,
    workbench,
)

PROJECT = "p/<slug:slug>/"
QUESTION = f"{PROJECT}q/<int:pk>/"

urlpatterns = [
    # Home and signing in
    path("", home.home, name="home"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/link/<str:token>/", sign_in.sign_in_link, name="sign_in_link"),
    path("join/<str:token>/", invites.invite, name="invite"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("password/", sign_in.password_change, name="password_change"),
    # A project
    path("projects/new/", projects.project_new, name="project_new"),
    path(PROJECT, projects.project, name="project"),
    path(f"{PROJECT}settings/", projects.project_settings, name="project_settings"),
    path(f"{PROJECT}delete/", deleting.project_delete, name="project_delete"),
    path(f"{PROJECT}restore/", deleting.project_restore, name="project_restore"),
    # Batches
    path(f"{PROJECT}batches/new/", batches.batch_new, name="batch_new"),
    path(f"{PROJECT}batches/<int:pk>/", batches.batch, name="batch"),
    path(f"{PROJECT}batches/<int:pk>/ask-again/", batches.batch_ask_again, name="batch_ask_again"),
    path(f"{PROJECT}batches/<int:pk>/assign/", assigning.assign_file, name="assign_file"),
    path(f"{PROJECT}questions/assign/", assigning.assign, name="assign"),
    path(f"{PROJECT}questions/priority/", assigning.questions_prioritise, name="prioritise"),
    path(f"{PROJECT}assigned/<int:pk>/back/", assigning.assign_back, name="assign_back"),
    # Guidelines
    path(f"{PROJECT}guidelines/", guidelines.guidelines, name="guidelines"),
    path(f"{PROJECT}guidelines/drawer/", guidelines.guidelines_drawer, name="guidelines_drawer"),
    path(f"{PROJECT}guidelines/edit/", guidelines.guidelines_edit, name="guidelines_edit"),
    path(f"{PROJECT}guidelines/preview/", guidelines.guidelines_preview, name="guidelines_preview"),
    # Questions
    path(f"{PROJECT}questions/", questions.questions, name="questions"),
    path(f"{PROJECT}questions/<int:pk>/", questions.question, name="question"),
    path(f"{PROJECT}questions/<int:pk>/look/", questions.look, name="look"),
    path(f"{PROJECT}notes/<int:pk>/", notes.notes, name="notes"),
    path(f"{PROJECT}notes/<int:pk>/return/", notes.return_work, name="return_work"),
    # Members
    path(f"{PROJECT}members/", members.members, name="members"),
    path(f"{PROJECT}members/<int:pk>/", members.member, name="member"),
    path(f"{PROJECT}members/<int:pk>/link/", members.member_link, name="member_link"),
    path(f"{PROJECT}members/<int:pk>/remove/", leaving.member_remove, name="member_remove"),
    path(f"{PROJECT}members/<int:pk>/back/", leaving.member_back, name="member_back"),
    path(f"{PROJECT}members/<int:pk>/erase/", leaving.member_erase, name="member_erase"),
    path(f"{PROJECT}leave/", leaving.leave, name="leave"),
    path(f"{PROJECT}consent/", consent.consent, name="consent"),
    path(f"{PROJECT}consent/publish/", consent.consent_publish, name="consent_publish"),
    path(f"{PROJECT}members/file/", members.member_file, name="member_file"),
    path(f"{PROJECT}invites/", invites.invite_new, name="invite_new"),
    path(f"{PROJECT}invites/<int:pk>/revoke/", invites.invite_revoke, name="invite_revoke"),
    # Files in and out, and fragments
    path(f"{PROJECT}import/", imports.imports, name="imports"),
    path(f"{PROJECT}import/<int:pk>/", imports.import_, name="import"),
    path(f"{PROJECT}systems/", systems.systems, name="systems"),
    path(f"{PROJECT}export/", exports.exports, name="exports"),
    path(f"{PROJECT}export/file/", exports.export_file, name="export_file"),
    path(f"{PROJECT}retrieve/", retrieve.retrieve, name="retrieve"),
    # Jobs
    path(f"{PROJECT}jobs/<int:pk>/", jobs.job, name="job"),
    path(f"{PROJECT}jobs/<int:pk>/cancel/", jobs.job_cancel, name="job_cancel"),
    path(f"{PROJECT}jobs/<int:pk>/again/", jobs.job_again, name="job_again"),
    # Adjudication
    path(f"{PROJECT}adjudicate/", adjudication.adjudication, name="adjudication"),
    path(f"{PROJECT}adjudicate/next/", adjudicating.adjudicate_next, name="adjudicate_next"),
    path(f"{PROJECT}adjudicate/<int:pk>/", adjudicating.adjudicate, name="adjudicate"),
    path(f"{PROJECT}adjudicate/<int:pk>/open/", adjudicating.adjudicate_open, name="adjudicate_open"),
    path(f"{PROJECT}adjudicate/<int:pk>/leave/", adjudicating.adjudicate_leave, name="adjudicate_leave"),
    path(f"{QUESTION}gold/", compared.beside_gold, name="beside_gold"),
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
