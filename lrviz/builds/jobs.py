"""The same work on many things, in this process or in several."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import resource_tracker
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

_IMPORTED_ONCE = ["matplotlib.figure", "matplotlib.backends.backend_agg", "lrviz.outputs.fonts"]
"""What takes long to import, and all processes need."""


def results(work: Callable[[Task], Result], tasks: Sequence[Task], jobs: int) -> Iterator[Result]:
    """Yield the results of all tasks in their order, the work shared among so many processes.

    The first error ends it; tasks that have begun are finished.
    """
    jobs = min(jobs, len(tasks))
    if jobs <= 1:
        yield from map(work, tasks)
        return
    from concurrent.futures import ProcessPoolExecutor

    pool = ProcessPoolExecutor(jobs, _context(), _begin)
    try:
        with _no_interrupt():
            found = pool.map(work, tasks)
        yield from found
    finally:
        pool.shutdown(cancel_futures=True)


def _context() -> multiprocessing.context.BaseContext:
    """Return how processes are started: from one that has imported all that they need, if so."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_IMPORTED_ONCE)
    return context


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Let an interrupt wait until all processes are started, and be none of their business.

    Those pass on that it is blocked to the processes that they start. In this one that is not
    enough, since other threads, such as numpy's, take the interrupt and hand it on.
    """
    if threading.current_thread() is not threading.main_thread() or os.name != "posix":
        yield
        return
    waiting: list[int] = []
    resource_tracker.ensure_running()  # as it is started, it lets interrupts through
    before = signal.signal(signal.SIGINT, lambda number, _: waiting.append(number))
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
        signal.signal(signal.SIGINT, before)
    if waiting:
        raise KeyboardInterrupt


def _begin() -> None:
    """Prepare a new process: who is in the terminal interrupts the first one, and it ends this."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
