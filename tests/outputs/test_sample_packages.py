"""Every table of the sample site, in a data package that the reference validator accepts."""

from __future__ import annotations

from pathlib import Path

import frictionless
from handmade import entry, outputs, site, workshop

from sitegen.kinds.reading import read_document
from sitegen.making.frame import read_frame
from sitegen.outputs import downloads
from sitegen.site.cards import TableCard

ROOT = Path(__file__).parents[2]


def test_all_tables_of_the_sample_site_are_valid(tmp_path):
    frame, _ = read_frame(ROOT)
    kinds_of = {column.path: column.kind for column in frame.columns if column.kind}
    documents, entries = [], []
    for path in frame.documents:
        folder = path.rpartition("/")[0]
        while folder and folder not in kinds_of:
            folder = folder.rpartition("/")[0]
        document, _ = read_document(
            path,
            frame.tree.read(path),
            frame.kinds,
            lambda file: frame.tree.read(file) if file in frame.tree else None,
            default_kind=kinds_of.get(folder, "article"),
        )
        if document is not None and document.tables:
            cards = tuple(
                TableCard(t.kind.name, t.kind.title["zh"], len(t.rows)) for t in document.tables
            )
            documents.append(document)
            entries.append(entry(path, path, kind=document.kind, tables=cards))
    assert len(documents) > 20

    made = outputs(downloads, workshop(site(entries, kinds=frame.kinds), documents))
    for address, data in made.items():
        target = tmp_path / address
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    for package in sorted(tmp_path.rglob("datapackage.json")):
        report = frictionless.validate(str(package))
        assert report.valid, (package, report.flatten(["title", "fieldName", "message"]))
