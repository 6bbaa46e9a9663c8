"""The one task in the queue: do a job."""

from django_tasks import task

from kneadwork.common import jobs


@task()
def run_job(practice_id: int, job_id: int) -> None:
    """Do the job with this id."""
    jobs.run(practice_id, job_id)
