"""Every route for every role: who gets in, who is told nothing, and what each method answers.

A line gives the status per role of one method; ``in`` is a redirect to the sign-in page, and a form is empty
unless ``FORMS`` has one. To add a route, add its two lines; its arguments come from ``arguments`` by name.
"""

from collections.abc import Iterator
from datetime import timedelta
from http.cookies import SimpleCookie
from itertools import product
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from annotator.actions.inviting import make_invite
from annotator.actions.people import add_member, make_account, make_sign_in_link
from annotator.actions.tokens import make_token
from annotator.models import Assignment, Import, Job, Member, Project, Token
from retrieval.fragments import batched
from tests.annotator.hooks.hooked import make_logged
from tests.canary import CANARY, ask, evaluate_canary, release_canary, sample_canary, write_canary
from tests.config import routes as of_jobs
from tests.conftest import signed_in, with_cookies
from tests.scoring import routes as of_scoring

# Nobody signed in; Dee, a stranger; Vi looks on; Bo has not the question, Ann has; Cy adjudicates; Mo manages.
ROLES = ["nobody", "dee", "vi", "bo", "ann", "cy", "mo"]
TABLE = """
admin              GET   302  302  302  302  302  302  302
admin              POST  302  302  302  302  302  302  302
api                GET   200  200  200  200  200  200  200
api                POST  405  405  405  405  405  405  405
home               GET   in   200  200  200  200  200  200
home               POST  in   405  405  405  405  405  405
sign_in            GET   200  302  302  302  302  302  302
sign_in            POST  422  302  302  302  302  302  302
sign_in_link       GET   200  200  200  200  200  200  200
sign_in_link       POST  302  302  302  302  302  302  302
invite             GET   200  200  200  200  200  200  200
invite             POST  422  302  302  302  302  302  302
sign_out           GET   in   405  405  405  405  405  405
sign_out           POST  in   302  302  302  302  302  302
password_change    GET   in   200  200  200  200  200  200
password_change    POST  in   422  422  422  422  422  422
tokens             GET   in   200  200  200  200  200  200
tokens             POST  in   422  422  422  422  422  422
token_revoke       GET   in   405  405  405  405  405  405
token_revoke       POST  in   404  404  404  404  404  302
project_new        GET   in   403  403  403  403  403  200
project_new        POST  in   403  403  403  403  403  422
project            GET   in   404  404  404  404  404  200
project            POST  in   405  405  405  405  405  405
activity           GET   in   404  404  404  404  404  200
activity           POST  in   405  405  405  405  405  405
waiting            GET   in   404  404  404  404  404  200
waiting            POST  in   405  405  405  405  405  405
hours              GET   in   404  404  404  404  404  200
hours              POST  in   405  405  405  405  405  405
project_settings   GET   in   404  404  404  404  404  200
project_settings   POST  in   404  404  404  404  404  422
project_delete     GET   in   404  404  404  404  404  200
project_delete     POST  in   404  404  404  404  404  422
project_restore    GET   in   405  405  405  405  405  405
project_restore    POST  in   404  404  404  404  404  404
batch_new          GET   in   404  404  404  404  404  200
batch_new          POST  in   404  404  404  404  404  422
batch              GET   in   404  404  404  404  404  200
batch              POST  in   404  404  404  404  404  422
assign_file        GET   in   405  405  405  405  405  405
assign_file        POST  in   404  404  404  404  404  422
assign             GET   in   405  405  405  405  405  405
assign             POST  in   404  404  404  404  404  302
prioritise         GET   in   405  405  405  405  405  405
prioritise         POST  in   404  404  404  404  404  302
assign_back        GET   in   405  405  405  405  405  405
assign_back        POST  in   404  404  404  404  404  302
batch_ask_again    GET   in   405  405  405  405  405  405
batch_ask_again    POST  in   404  404  404  404  404  422
guidelines         GET   in   404  200  200  200  200  200
guidelines         POST  in   405  405  405  405  405  405
guidelines_drawer  GET   in   404  200  200  200  200  200
guidelines_drawer  POST  in   405  405  405  405  405  405
guidelines_edit    GET   in   404  404  404  404  404  200
guidelines_edit    POST  in   404  404  404  404  404  422
guidelines_preview GET   in   405  405  405  405  405  405
guidelines_preview POST  in   404  404  404  404  404  200
questions          GET   in   404  200  404  404  200  200
questions          POST  in   405  405  405  405  405  405
search             GET   in   404  200  404  404  200  200
search             POST  in   405  405  405  405  405  405
question           GET   in   404  200  404  404  200  200
question           POST  in   405  405  405  405  405  405
look               GET   in   405  405  405  405  405  405
look               POST  in   404  302  404  404  302  302
notes              GET   in   404  404  404  200  404  404
notes              POST  in   404  404  404  422  404  404
time_spent         GET   in   405  405  405  405  405  405
time_spent         POST  in   404  404  404  204  404  404
return_work        GET   in   405  405  405  405  405  405
return_work        POST  in   404  404  404  404  404  404
members            GET   in   404  404  404  404  404  200
members            POST  in   404  404  404  404  404  422
member             GET   in   405  405  405  405  405  405
member             POST  in   404  404  404  404  404  422
member_link        GET   in   405  405  405  405  405  405
member_link        POST  in   404  404  404  404  404  200
member_file        GET   in   405  405  405  405  405  405
member_file        POST  in   404  404  404  404  404  422
member_remove      GET   in   405  405  405  405  405  405
member_remove      POST  in   404  404  404  404  404  302
member_back        GET   in   405  405  405  405  405  405
member_back        POST  in   404  404  404  404  404  302
member_erase       GET   in   404  404  404  404  404  200
member_erase       POST  in   404  404  404  404  404  422
invite_new         GET   in   405  405  405  405  405  405
invite_new         POST  in   404  404  404  404  404  422
invite_revoke      GET   in   405  405  405  405  405  405
invite_revoke      POST  in   404  404  404  404  404  302
leave              GET   in   404  200  200  200  200  200
leave              POST  in   404  302  302  302  302  422
consent            GET   in   404  200  200  200  200  200
consent            POST  in   404  200  200  200  200  200
consent_publish    GET   in   405  405  405  405  405  405
consent_publish    POST  in   404  404  404  404  404  302
systems            GET   in   404  200  404  404  200  200
systems            POST  in   404  404  404  404  404  422
system             GET   in   404  200  404  404  200  200
system             POST  in   404  404  404  404  404  302
adjudication       GET   in   404  404  404  404  200  200
adjudication       POST  in   405  405  405  405  405  405
adjudicate_next    GET   in   405  405  405  405  405  405
adjudicate_next    POST  in   404  404  404  404  302  302
adjudicate         GET   in   404  404  404  404  302  302
adjudicate         POST  in   404  404  404  404  302  302
adjudicate_open    GET   in   405  405  405  405  405  405
adjudicate_open    POST  in   404  404  404  404  302  302
adjudicate_leave   GET   in   405  405  405  405  405  405
adjudicate_leave   POST  in   404  404  404  404  302  302
gold_history       GET   in   404  404  404  404  404  404
gold_history       POST  in   405  405  405  405  405  405
gold_restore       GET   in   405  405  405  405  405  405
gold_restore       POST  in   404  404  404  404  404  404
beside_gold        GET   in   404  404  404  404  404  404
beside_gold        POST  in   405  405  405  405  405  405
workbench          GET   in   404  404  404  200  404  404
workbench          POST  in   404  404  404  422  404  404
card_add           GET   in   405  405  405  405  405  405
card_add           POST  in   404  404  404  422  404  404
card               GET   in   405  405  405  405  405  405
card               POST  in   404  404  404  409  404  404
card_remove        GET   in   405  405  405  405  405  405
card_remove        POST  in   404  404  404  409  404  404
overall            GET   in   405  405  405  405  405  405
overall            POST  in   404  404  404  409  404  404
adopt              GET   in   405  405  405  405  405  405
adopt              POST  in   404  404  404  422  404  404
mark               GET   in   405  405  405  405  405  405
mark               POST  in   404  404  404  200  404  404
lookup             GET   in   404  404  404  200  404  404
lookup             POST  in   405  405  405  405  405  405
supplement         GET   in   405  405  405  405  405  405
supplement         POST  in   404  404  404  404  404  404
take_out           GET   in   405  405  405  405  405  405
take_out           POST  in   404  404  404  302  404  404
dismiss            GET   in   405  405  405  405  405  405
dismiss            POST  in   404  404  404  200  404  404
card_back          GET   in   405  405  405  405  405  405
card_back          POST  in   404  404  404  200  404  404
undo               GET   in   405  405  405  405  405  405
undo               POST  in   404  404  404  409  404  404
history            GET   in   404  404  404  200  404  404
history            POST  in   405  405  405  405  405  405
restore            GET   in   405  405  405  405  405  405
restore            POST  in   404  404  404  302  404  404
claim              GET   in   405  405  405  405  405  405
claim              POST  in   404  404  302  302  302  302
skip               GET   in   405  405  405  405  405  405
skip               POST  in   404  404  404  302  404  404
resume             GET   in   405  405  405  405  405  405
resume             POST  in   404  404  404  302  404  404
reopen             GET   in   405  405  405  405  405  405
reopen             POST  in   404  404  404  302  404  404
previous           GET   in   404  404  404  302  404  404
previous           POST  in   405  405  405  405  405  405
next               GET   in   404  404  404  302  404  404
next               POST  in   405  405  405  405  405  405
"""
# The word that is searched for finds the canary, and does not sing by itself.
FORMS = {"export_file": {"format": "full"}, "search": {"q": f"{CANARY[:-1]}*"}}
LINES = {
    (method, name): cells
    for name, method, *cells in map(str.split, filter(None, (TABLE + of_jobs.TABLE + of_scoring.TABLE).splitlines()))
}


def names(resolver: URLResolver) -> Iterator[str]:
    """Yield the name of every route; the administration is one, and so is the API, which has a table of its own."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            assert pattern.name, f"{pattern} has no name"
            yield pattern.name
        elif pattern.namespace:
            yield pattern.namespace
        else:
            yield from names(pattern)


def test_every_route_has_its_lines():
    routes = list(names(get_resolver()))
    assert len(routes) == len(set(routes))
    assert set(LINES) == {(method, name) for name in routes for method in ("GET", "POST")}


@pytest.fixture
def arguments(project: Project, assignment: Assignment, bo: Member, mo: Member) -> dict[str, Any]:
    """What the routes are called with: Ann’s question and card, Eve’s membership, a finished import, a waiting job."""
    now = timezone.now()
    write_canary(assignment)
    field = {"path": "properties[].condition", "becomes": "condition", "number": 1, "example": CANARY}
    imported = Import.objects.create(
        project=project,
        name="a.json",
        size=1,
        sha256="0" * 64,
        shape="condambigqa",
        state="done",
        report={"fields": [field]},
        created=now,
        by=mo,
    )
    job = Job.objects.create(project=project, verb="retrieve", arguments={"corpus": "wiki", "k": 5}, created=now, by=mo)
    site_job = Job.objects.create(verb="reindex", arguments={"corpus": "wiki"}, created=now)
    on_question = {"slug": project.slug, "pk": assignment.question_id}
    newcomer = add_member(project, make_account("eve"), Member.Role.VIEWER)
    sample = sample_canary(assignment)
    release_canary(assignment, "1.0.0", verdict="unambiguous")
    release_canary(assignment, "1.0.1", verdict="ambiguous")
    evaluation, systems, proposal = evaluate_canary(assignment)
    on_evaluation = {"slug": project.slug, "number": evaluation.number}
    hook = make_logged(project, 4001)
    make_token(mo.user, "a script", Token.Scope.READ, timedelta(days=1))
    return {
        "in_project": {"slug": project.slug},
        "token_revoke": {"pk": mo.user.tokens.get().pk},
        "on_question": on_question,
        "sign_in_link": {"token": make_sign_in_link(bo.user)},
        "invite": {"token": make_invite(mo, Member.Role.VIEWER, 1, timedelta(days=1))},
        "invite_revoke": {"slug": project.slug, "pk": project.invites.get().pk},
        "notes": {"slug": project.slug, "pk": assignment.annotation_id},
        "batch": {"slug": project.slug, "pk": project.batches.get().pk},
        "member": {"slug": project.slug, "pk": newcomer.pk},
        "import": {"slug": project.slug, "pk": imported.pk},
        "job": {"slug": project.slug, "pk": job.pk},
        "site_job": {"pk": site_job.pk},
        "hook": {"slug": project.slug, "pk": hook.pk},
        "delivery_again": {"slug": project.slug, "pk": hook.pk, "number": hook.deliveries.earliest("pk").pk},
        "corpus_reindex": {"slug": "clocks-corpus"},
        "card": on_question | {"uid": "card"},
        "assign_back": {"slug": project.slug, "pk": assignment.pk},
        "step": on_question | {"number": 1},
        "judge": {"slug": project.slug, "number": sample.evaluation.number},
        "rating": {"slug": project.slug, "number": sample.evaluation.number, "pk": sample.pk},
        "rate": {"slug": project.slug, "number": sample.evaluation.number, "pk": sample.pk, "place": 1},
        "release": {"slug": project.slug, "tag": "1.0.1"},
        "system": {"slug": project.slug, "pk": systems[0].pk},
        "evaluation": on_evaluation,
        "evaluation_compare": on_evaluation | {"a": systems[0].pk, "b": systems[1].pk},
        "evaluation_question": on_evaluation | {"place": 1},
        "proposal_take": {"slug": project.slug, "pk": proposal.pk},
        "release_diff": {"slug": project.slug, "tag": "1.0.1", "old": "1.0.0"},
    }


BARE = of_jobs.BARE | {"home", "sign_in", "sign_out", "password_change", "project_new", "tokens"}
NAMESPACES = {"admin": "admin:index", "api": "api:docs"}
OWN = {"sign_in_link", "invite", "invite_revoke", "notes", "batch", "assign_back", "member", "card"}
OWN |= {"system", "token_revoke"} | of_jobs.OWN | of_scoring.OWN
SAME_AS = (
    of_jobs.SAME_AS
    | of_scoring.SAME_AS
    | {
        "batch_ask_again": "batch",
        "assign_file": "batch",
        "member_link": "member",
        "member_remove": "member",
        "return_work": "notes",
        "time_spent": "notes",
        "member_back": "member",
        "member_erase": "member",
        "undo": "step",
        "restore": "step",
        "gold_restore": "step",
        "card_remove": "card",
        "card_back": "card",
    }
)
ON_QUESTION = {
    *("question", "look", "workbench", "card_add", "adopt", "overall", "mark", "lookup", "supplement"),
    *("take_out", "dismiss"),
    *("history", "skip", "resume", "reopen", "previous", "next"),
    *("adjudicate", "adjudicate_open", "adjudicate_leave", "beside_gold", "gold_history"),
}


def path_of(name: str, arguments: dict[str, Any]) -> str:
    """Return the route's path: with arguments of its own, else those of a question or of the project."""
    if name in BARE or name in NAMESPACES:
        return reverse(NAMESPACES.get(name, name))
    kind = name if name in OWN else SAME_AS.get(name, "on_question" if name in ON_QUESTION else "in_project")
    return reverse(name, kwargs=arguments[kind])


def answer(role: str, cookies: SimpleCookie, method: str, name: str, path: str) -> str:
    """Return the status that a role gets; whatever it changed is taken back."""
    response, unseen = ask(with_cookies(cookies), method, path, FORMS.get(name, {}))
    assert unseen or role == "ann", f"{role} sees what Ann has written at {path}"
    gone_to_sign_in = response.status_code == 302 and response["Location"].startswith(reverse("sign_in"))
    return "in" if gone_to_sign_in and role == "nobody" else str(response.status_code)


@pytest.fixture
def session(arguments: dict[str, Any], request: pytest.FixtureRequest) -> dict[str, SimpleCookie]:
    """The cookies of each role."""
    people = {role: None if role == "nobody" else request.getfixturevalue(role) for role in ROLES}
    accounts = {role: one.user if isinstance(one, Member) else one for role, one in people.items()}
    return {role: signed_in(account).cookies for role, account in accounts.items()}


@pytest.mark.parametrize("names", list(batched(dict.fromkeys(name for _method, name in LINES), 8)), ids=" ".join)
def test_everybody_gets_what_they_may(names, arguments, session):
    for name, method in product(names, ("GET", "POST")):
        path = path_of(name, arguments)
        found = {role: answer(role, session[role], method, name, path) for role in ROLES}
        assert found == dict(zip(ROLES, LINES[method, name], strict=True)), f"{method} {name}"


def test_the_canary_sings_for_its_author(arguments, ann):
    assert CANARY in signed_in(ann.user).get(path_of("workbench", arguments)).content.decode()
