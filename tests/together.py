"""Several requests at the very same moment, each in a thread and on a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection


def at_once(*doings: Callable[[], Any]) -> list:
    """What each gave back, begun together; an exception is what it gave back where one was raised."""
    gate, answers = threading.Barrier(len(doings)), [None] * len(doings)

    def run(number: int) -> None:
        try:
            gate.wait(timeout=30)
            answers[number] = doings[number]()
        except Exception as fault:
            answers[number] = fault
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(doings))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return answers
