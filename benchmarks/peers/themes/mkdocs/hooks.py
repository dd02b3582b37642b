"""What MkDocs does not make by itself: lists of columns and tags, cut into pages, and feeds.

Written after the build, from the pages that MkDocs has read, with its own template environment.
"""

import json
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).parent
SIZE = 20
COLUMNS = json.loads((HERE / "data/columns.json").read_text(encoding="utf-8"))
FORMS = json.loads((HERE / "data/forms.json").read_text(encoding="utf-8"))
BY_PATH = {column["path"]: column for column in COLUMNS}
_seen = {}


def on_env(env, config, files):
    env.globals.update(columns=COLUMNS, forms=FORMS, by_path=BY_PATH)
    _seen.update(env=env, pages=[file.page for file in files.documentation_pages()])


def on_post_build(config):
    site = Path(config["site_dir"])
    items = [
        {
            "address": f"/{page.url}",
            "title": page.meta["title"],
            "day": page.meta["date"].isoformat(),
            "summary": page.meta["summary"],
            "column": page.meta["category"],
            "tags": page.meta["tags"],
        }
        for page in _seen["pages"]
    ]
    items.sort(key=lambda item: item["day"], reverse=True)
    columns, tags = defaultdict(list), defaultdict(list)
    for item in items:
        columns[item["column"]].append(item)
        for tag in item["tags"]:
            tags[tag].append(item)
    for path, own in columns.items():
        _lists(site, own, BY_PATH[path]["name"], f"{path}/index", BY_PATH[path])
    for tag, own in tags.items():
        _lists(site, own, tag, f"tags/{tag}", None)
    _lists(site, items[:SIZE], "最新信息", "index", None)
    links = [{"address": f"/tags/{tag}.html", "name": tag} for tag in sorted(tags)]
    _write(site, "tags.html", "links.html", heading="关键词", links=links)
    for column in COLUMNS:
        path, below = column["path"], column["below"]
        own = [item for item in items if f"{item['column']}/".startswith(f"{path}/")]
        _feed(site, f"{path}/feed.xml", column["name"], own)
        if below:
            links = [{"address": f"/{b['path']}/index.html", "name": b["name"]} for b in below]
            values = {"heading": column["name"], "here": column, "links": links}
            _write(site, f"{path}/index.html", "links.html", **values)
    _feed(site, "feed.xml", config["site_name"], items)


def _lists(site, items, heading, name, here):
    count = max(-(-len(items) // SIZE), 1)

    def at(number):
        return f"{name}.html" if number == 1 else f"{name}-{number}.html"

    for number in range(1, count + 1):
        _write(
            site,
            at(number),
            "list.html",
            heading=heading,
            here=here,
            items=items[(number - 1) * SIZE : number * SIZE],
            number=number,
            count=count,
            previous=f"/{at(number - 1)}" if number > 1 else "",
            next=f"/{at(number + 1)}" if number < count else "",
        )


def _feed(site, name, heading, items):
    _write(site, name, "atom.html", heading=heading, address=f"/{name}", items=items[:SIZE])


def _write(site, name, template, **values):
    target = site / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(_seen["env"].get_template(template).render(values), encoding="utf-8")
