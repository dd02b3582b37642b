"""The same site gives the same bytes in any time zone, locale and hash seed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_PROGRAM = """
import datetime, hashlib, sys
from decimal import Decimal
sys.path.insert(0, sys.argv[1])
from handmade import attachment, change, entry, outputs, with_table, workshop
from sitegen.kinds.kind import Field
from sitegen.outputs import archive, catalogue, downloads, feeds, meta

fields = [Field("no", {"zh": "文书号"}), Field("fee", {"zh": "金额"}, type="number", unit="元"),
          Field("on", {"zh": "日期"}, type="date"),
          Field("k", {"zh": "类别"}, type="enum", labels={"1": {"zh": "普通"}})]
row = ["a", Decimal("12.50"), datetime.date(2026, 3, 1), "1"]
shop, one = with_table(fields, [row] * 3, keywords=("甲", "乙"),
    attachments=(attachment("f.pdf", b"pdf", "附表.pdf"),),
    changes=(change("2026-05-01", "修订", "x"),), others=[entry("xxgk/b.md", "乙")])
shop = workshop(shop.site, [shop.facts.document(one.path)], files={"f.pdf": b"pdf"})
for module in (archive, catalogue, downloads, feeds, meta):
    for address, data in outputs(module, shop).items():
        print(address, hashlib.sha256(data).hexdigest())
"""


def _digests(**environment: str) -> str:
    here = Path(__file__).parent
    run = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(here)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(here.parent.parent), **environment},
        capture_output=True,
        check=True,
        text=True,
    )
    return run.stdout


def test_the_environment_changes_nothing():
    one = _digests(TZ="Asia/Shanghai", LC_ALL="C.UTF-8", PYTHONHASHSEED="1")
    other = _digests(TZ="America/New_York", LC_ALL="C", PYTHONHASHSEED="2")
    assert len(one.splitlines()) > 15
    assert one == other
