"""Problem codes of writing content: N1xx starting a site."""

from __future__ import annotations

from sitegen.problems import N_, Severity, code

NOT_A_FOLDER = code(
    "N101",
    Severity.ERROR,
    N_('"{folder}" is a file, not a folder'),
    N_("name a new folder, or an empty one"),
)
FOLDER_NOT_EMPTY = code(
    "N102",
    Severity.ERROR,
    N_('"{folder}" already has something in it'),
    N_("name a new folder, or an empty one"),
)
