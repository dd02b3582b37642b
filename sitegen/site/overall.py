"""Answers about all documents, found before anybody asks.

Processes that make pages each find out for themselves what they are asked for. What takes going
through all documents is better found once, before they are begun, and shared.
"""

from __future__ import annotations

from sitegen.site import catalogue, newest, questions
from sitegen.site.site import Site


def answer_about_all(site: Site) -> None:
    """Answer the questions about all documents that pages, feeds and the directory ask.

    What is left out here is only found later.
    """
    for path in site.columns:
        site.ask(questions.years_of, path)
        site.ask(questions.count_below, path)
        site.ask(questions.has_changes, path)
        site.ask(newest.news_below, path)
        site.ask(newest.last_below, path)
    site.ask(questions.log_months)
    site.ask(catalogue.count_rows)
