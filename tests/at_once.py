"""Several things at the same instant, in real threads; a fault in one fails the test."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any


def beside(*jobs: Callable[[], Any]) -> None:
    start, faults = threading.Barrier(len(jobs)), []

    def run(job: Callable[[], Any]) -> None:
        start.wait()
        try:
            job()
        except BaseException as fault:  # noqa: BLE001 - a thread's fault must fail the test
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
