"""What Celery runs: a message names a row, which says the rest."""

from celery import shared_task

from annotator import jobs, senders


@shared_task
def run_job(pk: int) -> None:
    """Run the job, unless another worker has it."""
    jobs.run(pk)


@shared_task
def deliver(pk: int) -> None:
    """Send the delivery beside what else the worker does, unless another has it."""
    senders.begin(pk)
