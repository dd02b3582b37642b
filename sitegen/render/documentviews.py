"""The pages of documents: the text itself, what stands in its place when it is gone, and what leads
to it from an old address."""

from __future__ import annotations

from dataclasses import replace

from sitegen.kinds.kind import Field, Kind
from sitegen.render.documents import Banner, change_view, day_of, document_view, spot_of
from sitegen.render.frames import article_tags
from sitegen.render.lists import TombstoneView, column_banner
from sitegen.render.page import Facts, Page, PageViews
from sitegen.render.places import Link
from sitegen.site.site import Entry, Redirect


class DocumentViews(PageViews):
    """The pages of documents."""

    def document(self, path: str, facts: Facts) -> Page:
        """The page of a document, or what stands in its place when it is no longer shown."""
        entry = self.site.entries[path]
        if entry.state != "published":
            return self._tombstone(entry)
        kind = self.site.kinds.kinds.get(entry.card.kind) or Kind(entry.card.kind, {"zh": ""})
        spot = spot_of(self.site, self.words, entry)
        column = self.site.columns.get(entry.column)
        tags = article_tags(entry, self.frames.absolute(entry.address))

        def inner() -> dict[str, object]:
            view = document_view(
                entry, facts.document(path), facts.body(path), kind, self._common(), spot
            )
            unpublished = self._unpublished(entry)
            if unpublished is not None:
                view.banner = unpublished
            elif view.banner is None and column is not None:
                view.banner = column_banner(column, spot)
            return {"document": view}

        return self._page(
            kind.template, spot, "document", entry.card.title, column=column, tags=tags,
            address=entry.address, last=self.words("Text"), inner=inner,
        )  # fmt: skip

    def _unpublished(self, entry: Entry) -> Banner | None:
        """What stands above a page that only a preview with drafts shows."""
        words, day = self.words, entry.card.published_on
        if entry.card.draft:
            return Banner(words("This is a draft. It is not published."), "draft")
        if day is not None and day > self.site.as_of:
            text = words("This is scheduled for {date}. It is not published yet.")
            return Banner(text.format(date=words.date(day)), "draft")
        return None

    def _tombstone(self, entry: Entry) -> Page:
        words, card = self.words, entry.card
        spot = spot_of(self.site, words, entry)
        change = next((each for each in entry.changes if each.act == "撤下"), None)
        if entry.state == "withdrawn":
            day = change.on if change else None
            dated, plain = (
                words("This information was withdrawn on {date}."),
                words("This information has been withdrawn."),
            )
        else:
            day = card.public_until
            dated, plain = (
                words("The publication period of this information ended on {date}."),
                words("The publication period of this information has ended."),
            )
        text = dated.format(date=words.date(day)) if day else plain
        view = TombstoneView(
            title=card.title,
            state=entry.state,
            banner=Banner(text, entry.state),
            reason=change.note if change and entry.state == "withdrawn" else "",
            index_no=card.index_no,
            doc_no=card.doc_no,
            issuer=card.issuer,
            day=day_of(card.published_on, words),
            history=tuple(change_view(each, spot) for each in entry.changes if not each.minor),
        )
        return self._page(
            "tombstone.html", spot, "tombstone", card.title,
            column=self.site.columns.get(entry.column), address=entry.address,
            last=words("Text"), index=False, inner=lambda: {"tombstone": view},
        )  # fmt: skip

    def redirect(self, redirect: Redirect) -> Page:
        """The page at an old address."""
        spot = self._spot(redirect.address)
        heading = self.words("This page has moved")
        target = Link(redirect.title or redirect.target, spot.href(redirect.target))
        site, page, problems = self.frames.page(spot, "redirect", heading, index=False)
        page = replace(page, canonical=self.frames.absolute(redirect.target))
        frame: dict[str, object] = {"site": site, "page": page}
        return Page("redirect.html", frame, lambda: {"target": target}, problems)

    def _common(self) -> dict[str, Field]:
        return self.site.once(
            ("common-fields",), lambda: {each.name: each for each in self.site.kinds.common}
        )
