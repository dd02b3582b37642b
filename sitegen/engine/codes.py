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
