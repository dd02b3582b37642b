"""Every producer is found by its name."""

from __future__ import annotations

from sitegen.making.plan import MAKERS, modules, producer


def test_every_producer_is_found_in_the_module_that_has_it() -> None:
    listed = {name: module.__name__ for module in modules() for name in module.PRODUCERS}
    assert listed == {name: f"sitegen.outputs.{module}" for name, module in MAKERS.items()}
    assert all(producer(name) for name in MAKERS)
