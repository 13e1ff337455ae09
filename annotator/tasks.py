"""What Celery runs: a message names a job, the row says the rest."""

from celery import shared_task

from annotator import jobs


@shared_task
def run_job(pk: int) -> None:
    """Run the job, unless another worker has it."""
    jobs.run(pk)
