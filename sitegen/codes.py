"""Problem codes of the spine: C0xx what is not a site at all."""

from __future__ import annotations

from sitegen.problems import N_, Severity, code

NO_CONTENT = code(
    "C001",
    Severity.ERROR,
    N_('"{folder}" is not a site: it has no folder content'),
    N_("go to the site's folder, name it with -C, or start a site with: sitegen init FOLDER"),
)
NO_SITE_FILE = code(
    "C002",
    Severity.ERROR,
    N_("the site has no site.yaml"),
    N_("write content/site.yaml with at least the line name: …"),
)
