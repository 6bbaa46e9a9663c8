"""`kneadwork worker`: does background jobs and fires what is due each day."""

from __future__ import annotations

import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument(
        "--alone", action="store_true", help="the worker of this data directory: also take up jobs that the queue lost"
    )
    parser.add_argument("--until-idle", action="store_true", help="end when nothing waits (for scripts)")


def load_jobs() -> None:
    """Load every module that registers a kind of job."""
    from kneadwork.exchange import background, reading_calendars, reading_cards  # noqa: F401
    from kneadwork.planning import turning, walk_jobs  # noqa: F401


def run(args: argparse.Namespace) -> None:
    """Work until stopped."""
    from apscheduler.schedulers.background import BackgroundScheduler
    from django_tasks_db.management.commands.db_worker import Worker

    from kneadwork.common import jobs
    from kneadwork.exchange import background, reading_calendars, reading_cards
    from kneadwork.planning import rules, turning

    load_jobs()
    jobs.recover(at_start=args.alone)
    rules.follow()
    turning.turn_all()
    background.put_away_stale()
    reading_cards.forget_let_go()
    reading_calendars.ask_due()
    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_job(jobs.recover, "interval", seconds=30, max_instances=1, coalesce=True)
    scheduler.add_job(turning.turn_all, "interval", minutes=5, max_instances=1, coalesce=True)
    scheduler.add_job(background.put_away_stale, "interval", hours=6, max_instances=1, coalesce=True)
    scheduler.add_job(reading_cards.forget_let_go, "interval", hours=6, max_instances=1, coalesce=True)
    scheduler.add_job(reading_calendars.ask_due, "interval", minutes=5, max_instances=1, coalesce=True)
    scheduler.start()
    worker = Worker(
        queue_names=["default"], interval=0.3, batch=args.until_idle, backend_name="default", startup_delay=False,
        max_tasks=None, worker_id=_name(), excluded_queue_names=[],
    )  # fmt: skip
    worker.configure_signals()
    try:
        worker.run()
    finally:
        scheduler.shutdown(wait=False)


def _name() -> str:
    import os
    import socket

    return f"{socket.gethostname()}-{os.getpid()}"[:60]
