"""A site whose Elasticsearch is away: work goes on with the frozen lists, what searches says so, and it recovers."""

import subprocess
import sys

from django.urls import reverse

from annotator import jobs
from annotator.models import Job
from retrieval.loading import rebuild_index
from tests.config.test_serve import free_port
from tests.conftest import make_question


def run_again(job: Job) -> Job:
    jobs.again(job)
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def test_the_workbench_works_on_searching_says_so_and_goes_on_when_the_engine_is_back(
    on_elasticsearch, settings, assignment, batch, corpus, fragments, mo, as_ann, as_mo
):
    late, there = make_question(batch, "late", "Who won EuroBasket?", retrieval=None), settings.ELASTICSEARCH_URL
    rebuild_index(corpus)
    settings.ELASTICSEARCH_URL = f"http://127.0.0.1:{free_port()}"
    assert "Spain’s men won" in as_ann.get(reverse("workbench", args=["clocks", assignment.question_id])).text
    job = run_again(jobs.start("retrieve", batch.project, mo, corpus="wiki", k=5))
    assert job.state == Job.State.WAITING
    assert "cannot be reached: see that it runs" in as_mo.get(reverse("job", args=["clocks", job.pk])).text
    settings.ELASTICSEARCH_URL = there
    assert run_again(job).state == Job.State.DONE
    late.refresh_from_db()
    assert (late.retrieval.engine, late.retrieval.listed.first().fragment) == ("elasticsearch", fragments[2])


def test_who_searches_in_the_process_loads_no_client():
    asked = "import django, sys; django.setup(); import retrieval.loading; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.split()
    assert "retrieval.engines.embedded" in loaded
    assert not {"elasticsearch", "elastic_transport"} & set(loaded)
