"""Whatever stops a publisher, every host goes on serving one whole release, old or new.

What is left behind by one that was stopped is repaired by the next. Load, several hosts and full
disks are in `test_reliability_load` and `test_reliability_hosts`.
"""

from __future__ import annotations

import os
import signal
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from publishedsite import (
    KILLED,
    PublishedSite,
    faults,
    killed,
    left_over,
    make_published,
    verified,
    version_of,
)

from sitegen.publish import delivering, publishing
from sitegen.publish.place import Place

STEPS: list[tuple[object, str, int]] = [
    (publishing, "build", 0),
    (publishing, "sign", 0),
    (Place, "begin", 0),
    (delivering, "assemble", 0),
    (delivering, "write_dated", 3),
    (Place, "check", 0),
    (Place, "arrive", 0),
    (Place, "switch", 0),
    (Place, "settle", 0),
    (Place, "clean", 1),
]
"""Functions before whose call (the first is 0) the publisher is killed: every step of the
procedure that changes anything, in its order."""

TOOLS = [("ln", 0), ("sha256sum", 0), ("mv", 1), ("ln", 1), ("mv", 2), ("mv", 3), ("rm", 4)]
"""Programs of the host, each before its so-manieth call: there the host itself is stopped. (In the
upload, the comparison, when it arrives, before and in the switch, after it, while tidying.)"""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PublishedSite]:
    """A site with two releases, the older of which the next one ends.

    After all that was done to it, an outsider finds it whole: signatures and chain included.
    """
    site = make_published(tmp_path_factory.mktemp("published"))
    site.edit()
    assert site.publish().status == 0
    yield site
    assert verified(site, _base(site)) == []


@pytest.fixture
def site(published: PublishedSite) -> PublishedSite:
    """The same, with a new version that waits to be published."""
    published.edit()
    return published


def _base(site: PublishedSite) -> Path:
    return Path(site.target.hosts[0].base)


def _repaired(site: PublishedSite) -> None:
    """The next publish is as good as any, and nothing is left of the one before."""
    base = _base(site)
    result = site.publish()
    assert result.status == 0, [problem.message() for problem in result.problems]
    assert faults(base) == []
    assert left_over(base) == []
    current = (base / "current").readlink()
    assert (base / "latest").readlink() == current
    assert current.name in (base / "log").read_text("utf-8")
    assert version_of(base) == site.number
    assert len(list((base / "releases").iterdir())) == 2


def _dies(where: object, name: str, call: int) -> Callable[[], None]:
    """Makes the process die before a call of a function."""

    def prepare() -> None:
        real = getattr(where, name)
        calls = iter(range(call))

        def deadly(*arguments: object, **named: object) -> object:
            if next(calls, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **named)

        setattr(where, name, deadly)

    return prepare


@pytest.mark.parametrize(
    ("where", "name", "call"), STEPS, ids=[f"{name}-{call}" for _, name, call in STEPS]
)
def test_a_publisher_killed_before_any_step_leaves_a_whole_release(
    where: object, name: str, call: int, site: PublishedSite
) -> None:
    prepare = _dies(where, name, call)

    def act() -> None:
        prepare()
        site.publish()

    assert killed(act) == KILLED
    assert faults(_base(site)) == []
    assert version_of(_base(site)) in (site.number - 1, site.number)
    _repaired(site)


_DEADLY = """\
#!/bin/sh
echo x >>"$SITEGEN_TEST_CALLS"
if [ "$(wc -l <"$SITEGEN_TEST_CALLS")" -gt {call} ]; then
  kill -9 "$SITEGEN_TEST_PUBLISHER" $PPID
  exit 1
fi
PATH=${{PATH#*:}}
exec {name} "$@"
"""


@pytest.mark.parametrize(("name", "call"), TOOLS, ids=[f"{name}-{call}" for name, call in TOOLS])
def test_a_host_that_stops_in_the_middle_of_a_step_serves_a_whole_release(
    name: str, call: int, site: PublishedSite, tmp_path: Path
) -> None:
    """The shell of the step and the publisher die together, as when the power fails."""
    tools = tmp_path / "tools"
    tools.mkdir()
    tool = tools / name
    tool.write_text(_DEADLY.format(name=name, call=call))
    tool.chmod(stat.S_IRWXU)

    def act() -> None:
        os.environ["PATH"] = f"{tools}:{os.environ['PATH']}"
        os.environ["SITEGEN_TEST_CALLS"] = str(tmp_path / "calls")
        os.environ["SITEGEN_TEST_PUBLISHER"] = str(os.getpid())
        site.publish()

    assert killed(act) == KILLED
    assert faults(_base(site)) == []
    _repaired(site)
