"""The pages of people's work."""

from django.urls import path

from annotator.views import cards, handing_in, history, workbench

QUESTION = "p/<slug:slug>/q/<int:pk>/"

urlpatterns = [
    # The workbench
    path(QUESTION, workbench.workbench, name="workbench"),
    path(f"{QUESTION}c/", cards.card_add, name="card_add"),
    path(f"{QUESTION}c/<slug:uid>/", cards.card, name="card"),
    path(f"{QUESTION}c/<slug:uid>/remove/", cards.card_remove, name="card_remove"),
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
    path(f"{QUESTION}<slug:way>/", handing_in.step, name="step"),
]
