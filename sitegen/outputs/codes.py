"""Problem codes of the outputs room: O1xx data files and files for machines."""

from __future__ import annotations

from sitegen.problems import N_, Severity, code

NO_BASE_URL = code(
    "O101",
    Severity.WARNING,
    N_("the site does not say its own address: sitemap.xml is not made, links in feeds are short"),
    N_("add a line such as base_url: https://xxgk.example.gov.cn/ to content/site.yaml"),
)
MARKUP_ACTIVE = code(
    "O102",
    Severity.ERROR,
    N_("a browser would run or fetch something in this file: {what}"),
    N_("save the picture again as plain SVG without scripts and links to elsewhere, or as PNG; "
       "offer data as CSV or XLSX"),
)  # fmt: skip
MARKUP_DAMAGED = code(
    "O103",
    Severity.ERROR,
    N_("this file is not what its name says: it cannot be read as XML ({reason})"),
    N_("save it again in UTF-8 with the program that made it, or offer it as PNG or PDF"),
)
