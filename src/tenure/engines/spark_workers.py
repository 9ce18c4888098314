"""Whether anybody works for a standalone master of Spark: without a worker a job would wait for ever, and nobody would say so."""

from __future__ import annotations

from contextlib import suppress
from threading import Event, Thread
from typing import TYPE_CHECKING

from py4j.protocol import Py4JError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LOST_S, _LOOK_S = 60, 2


class Workers(Thread):
    """Watches a session, and ends its jobs where for a minute no worker has been there that could do them."""

    def __init__(self, session: SparkSession) -> None:
        super().__init__(name="tenure-spark-workers", daemon=True)
        self._context = session.sparkContext
        self._ended = Event()
        self.are_lost = False

    def run(self) -> None:
        """Until `end`, or until the session has ended."""
        idle = 0.0
        with suppress(Py4JError, OSError, AttributeError):  # what a session says that has ended
            while not self._ended.wait(_LOOK_S):
                idle = idle + _LOOK_S if self._is_idle() else 0.0
                if idle >= LOST_S:
                    self.are_lost = True
                    self._context.cancelAllJobs()

    def end(self) -> None:
        """Watches no longer."""
        self._ended.set()

    def _is_idle(self) -> bool:
        """Whether a job waits and nobody is there to do it. The driver itself counts as one that has memory."""
        waits = bool(self._context.statusTracker().getActiveJobsIds())
        java = self._context._jsc.sc()  # noqa: SLF001 - Spark's Python does not tell who works
        return waits and java.getExecutorMemoryStatus().size() <= 1
