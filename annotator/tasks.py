"""What Celery runs: a message names a row, which says the rest."""

from celery import shared_task

from annotator import delivering, jobs


@shared_task
def run_job(pk: int) -> None:
    """Run the job, unless another worker has it."""
    jobs.run(pk)


@shared_task
def deliver(pk: int) -> None:
    """Send the delivery, unless another worker has it."""
    delivering.attempt(pk)
