"""The crew: who does the work of a build."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sitegen.engine.pool import LocalWorkers, Workers
from sitegen.engine.workspace import Workspace
from sitegen.making.options import BuildOptions


@contextmanager
def crew(options: BuildOptions, space: Workspace) -> Iterator[Workers]:
    """The workers that the caller chose: processes of this machine, or those of a cluster.

    A cluster is sought when there is something to do; then NoWorkersError may be raised.
    """
    if options.cluster is None:
        yield LocalWorkers(options.jobs)
        return
    from sitegen.engine.cluster import ClusterWorkers

    shared = space.staged.parent
    folders = [shared, space.facts.parent] if space.lasting else [shared]
    workers = ClusterWorkers(options.cluster, folders, shared)
    try:
        yield workers
    finally:
        workers.close()
