"""Problem codes of the engine: B1xx reading and making, B2xx the output folder."""

from __future__ import annotations

from sitegen.problems import N_, Severity, code

READER_DIED = code(
    "B101",
    Severity.ERROR,
    N_("this file could not be read: the reading process ended unexpectedly"),
    N_("the file may be damaged or far too large; save it again, or leave it out and build again"),
)
TWO_PRODUCERS = code(
    "B102",
    Severity.ERROR,
    N_('two things would be published at the same address "{address}": {first} and {second}'),
    N_("give one of them another name or a slug"),
)
NOT_READ_BACK = code(
    "B104",
    Severity.ERROR,
    N_("what this build has just written cannot be read again; nothing was changed"),
    N_("look at the disk or, with a cluster, at the storage that its machines share"),
)
FOREIGN_FILE = code(
    "B201",
    Severity.ERROR,
    N_('"{file}" in the output folder was not written by sitegen, but the site needs this name'),
    N_("move the file away, or build into another folder with --output"),
)
OUTPUT_INSIDE = code(
    "B202",
    Severity.ERROR,
    N_('the output folder "{folder}" would overwrite the sources of the site'),
    N_("build into a folder of its own, such as build"),
)
BUSY = code(
    "B203",
    Severity.ERROR,
    N_("another build of this site is running"),
    N_("wait until it has ended, then build again"),
)
MAKER_DIED = code(
    "B103",
    Severity.ERROR,
    N_("a process that makes pages ended unexpectedly; nothing was written"),
    N_("there may be too little memory: build with --jobs 1"),
)
NO_DASK = code(
    "B301",
    Severity.ERROR,
    N_("a cluster can be used only where the package distributed is installed"),
    N_('install it beside sitegen: pip install "sitegen[cluster]"'),
)
NO_SCHEDULER = code(
    "B302",
    Severity.ERROR,
    N_("the scheduler of the cluster at {address} cannot be reached: {reason}"),
    N_("start it there, or look at the address, the firewall and, for tls://, the certificates"),
)
NO_WORKERS = code(
    "B303",
    Severity.ERROR,
    N_("the cluster at {address} has no workers"),
    N_("start one for each core of its machines: dask worker {address} --nthreads 1 --nworkers -1"),
)
WORKER_BLIND = code(
    "B304",
    Severity.ERROR,
    N_('this worker does not see the folder "{folder}" of this build, or may not write there'),
    N_("the site must be at the same path on all machines, on storage that they share"),
)
WORKER_UNLIKE = code(
    "B305",
    Severity.ERROR,
    N_("this worker runs another program than this machine: {difference}"),
    N_("install the same sitegen, libraries and Python on all machines, then start it again"),
)
CLUSTER_LOST = code(
    "B306",
    Severity.ERROR,
    N_("the connection to the cluster at {address} was lost; nothing was written"),
    N_("see whether its scheduler still runs, then build again"),
)
