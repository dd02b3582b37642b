"""Chunks are balanced and in order; results do not depend on the number of processes."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.engine.pool import WorkerDiedError, chunks, work


@given(st.lists(st.integers(0, 1000), max_size=200), st.integers(1, 20))
def test_chunks_hold_every_item_once_in_order(weights: list[int], number: int) -> None:
    runs = chunks(weights, lambda weight: weight, number)
    assert [item for run in runs for item in run] == weights
    assert all(runs)


@given(st.lists(st.integers(1, 100), min_size=50, max_size=200))
def test_chunks_are_of_similar_weight(weights: list[int]) -> None:
    runs = chunks(weights, lambda weight: weight, 4)
    assert all(sum(run) <= sum(weights) / 4 + 100 for run in runs)


def _add(context: int, item: int) -> int:
    return context + item


def _die(context: int, item: int) -> int:
    if item == 2:
        os._exit(9)
    return item


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_order(jobs: int) -> None:
    assert list(work(_add, 10, range(5), jobs)) == [10, 11, 12, 13, 14]


def test_a_dead_worker_is_told() -> None:
    with pytest.raises(WorkerDiedError):
        list(work(_die, 0, range(4), 2))
