"""Problem codes of the outputs room: O1xx data files and files for machines."""

from __future__ import annotations

from sitegen.problems import N_, Severity, code

NO_BASE_URL = code(
    "O101",
    Severity.WARNING,
    N_("the site does not say its own address: sitemap.xml is not made, links in feeds are short"),
    N_("add a line such as base_url: https://xxgk.example.gov.cn/ to content/site.yaml"),
)
