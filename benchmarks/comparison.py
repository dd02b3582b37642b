"""Results of the comparison as Markdown tables: medians, and ratios as medians over pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from cases import CASES, Made
from measuring import Timing

OURS = "sitegen"
TITLES = {
    "cold": "cold",
    "nothing": "nothing changed",
    "body": "a body edited",
    "title": "a title edited",
    "template": "the layout edited",
}
Pair = tuple[Timing, Timing]


@dataclass(slots=True)
class Results:
    """All that was measured on a site of so many documents."""

    documents: int
    pairs: dict[str, dict[str, list[Pair]]] = field(default_factory=dict)
    """By peer and case: sitegen's run and the peer's run after it."""
    memory: dict[str, tuple[int, int]] = field(default_factory=dict)
    """By tool, if sampled: the largest sum of PSS, and the size of the largest process."""
    made: dict[str, Made] = field(default_factory=dict)

    def add(self, peer: str, case: str, pair: Pair) -> None:
        """One more pair."""
        self.pairs.setdefault(peer, {}).setdefault(case, []).append(pair)

    def runs(self, tool: str, case: str) -> list[Timing]:
        """All runs of a tool; sitegen's are those beside every peer."""
        if tool != OURS:
            return [theirs for _, theirs in self.pairs[tool].get(case, [])]
        return [ours for cases in self.pairs.values() for ours, _ in cases.get(case, [])]


def report(results: Results) -> str:
    """The tables of one size."""
    tools = [OURS, *results.pairs]
    lines = [f"### {results.documents:,} documents", ""]
    cases = [TITLES[case] for case in CASES]
    for name, figure in (("Wall", _wall), ("CPU", _cpu)):
        lines += _table(f"{name} seconds, medians", cases, _seconds(results, tools, figure))
    for name, figure in (("wall", _wall), ("CPU", _cpu)):
        caption = f"sitegen ÷ tool, {name}, medians of pairs"
        lines += _table(caption, cases, _ratios(results, figure))
    head = [
        "pages",
        "MB of pages",
        "files",
        "cold ms a page",
        "peak MB (PSS)",
        "largest process MB",
    ]
    lines += _table(
        "What a cold build makes, and its memory (PSS of all processes)",
        head,
        _sizes(results, tools),
    )
    return "\n".join(lines)


def ratio(pairs: Sequence[Pair], figure: Callable[[Timing], float]) -> float:
    """How many times as long sitegen takes: the median over pairs."""
    return median(figure(ours) / figure(theirs) for ours, theirs in pairs)


def _wall(timing: Timing) -> float:
    return timing.wall


def _cpu(timing: Timing) -> float:
    return timing.cpu


def _seconds(
    results: Results, tools: Sequence[str], figure: Callable[[Timing], float]
) -> Iterator[tuple[str, list[str]]]:
    for tool in tools:
        runs = [[figure(run) for run in results.runs(tool, case)] for case in CASES]
        yield tool, [f"{median(values):.2f}" if values else "–" for values in runs]


def _ratios(results: Results, figure: Callable[[Timing], float]) -> Iterator[tuple[str, list[str]]]:
    for peer, cases in results.pairs.items():
        yield peer, [f"{ratio(cases[c], figure):.2f}" if cases.get(c) else "–" for c in CASES]


def _sizes(results: Results, tools: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    for tool in tools:
        made = results.made[tool]
        colds = results.runs(tool, "cold")
        pss, largest = results.memory.get(tool, (0, max((run.largest for run in colds), default=0)))
        yield (
            tool,
            [
                f"{made.pages:,}",
                f"{made.page_bytes / 1e6:.1f}",
                f"{made.files:,}",
                f"{median(r.wall for r in colds) / made.pages * 1000:.2f}" if colds else "–",
                f"{pss / 1e6:.0f}" if pss else "–",
                f"{largest / 1e6:.0f}" if largest else "–",
            ],
        )


def _table(
    caption: str, titles: Sequence[str], rows: Iterable[tuple[str, Sequence[str]]]
) -> list[str]:
    lines = [f"{caption}:", "", f"| | {' | '.join(titles)} |", f"|---|{' ---: |' * len(titles)}"]
    lines += [f"| {name} | {' | '.join(cells)} |" for name, cells in rows]
    return [*lines, ""]
