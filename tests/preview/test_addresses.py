"""What a request may name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.preview.addresses import address_of, is_loopback, is_ours


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/", "index.html"),
        ("/a/b.html", "a/b.html"),
        ("/a/", "a/index.html"),
        ("/%61/b.html", "a/b.html"),
        ("/%E7%94%B2.pdf", "甲.pdf"),
        ("/a/..b.html", "a/..b.html"),
    ],
)
def test_a_path_names_one_address(path: str, address: str) -> None:
    assert address_of(path) == address


@pytest.mark.parametrize(
    "path",
    [
        "", "a.html", "/../a", "/a/../b", "/%2e%2e/a", "/..%2fa", "/a/%2E%2E%2Fb", "/./a", "/a//b",
        "//etc/passwd", "/a\\b", "/..%5ca", "/a%00.html", "/a%0ab", "/%ff", "/a/..", "/a/.",
    ],
)  # fmt: skip
def test_whatever_could_mean_something_else_names_nothing(path: str) -> None:
    assert address_of(path) is None


def test_a_path_is_decoded_once() -> None:
    assert address_of("/%252e%252e/a") == "%2e%2e/a"


@given(st.text())
def test_no_address_climbs(text: str) -> None:
    address = address_of("/" + text)
    if address is not None:
        assert not {"", ".", ".."} & set(address.split("/"))
        assert "\\" not in address
        assert "\0" not in address


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8000", "localhost:8000", "LOCALHOST:8000", "[::1]:8000"]
)
def test_the_names_of_this_machine_are_ours(host: str) -> None:
    assert is_ours(host, 8000, "127.0.0.1")


@pytest.mark.parametrize(
    "host",
    [
        None, "", "evil.example", "evil.example:8000", "127.0.0.1", "127.0.0.1:80",
        "127.0.0.1:8001",
        "127.0.0.1.evil.example:8000", "localhost.:8000", "192.168.1.5:8000", "127.0.0.1:8000 x",
        "user@127.0.0.1:8000",
    ],
)  # fmt: skip
def test_any_other_name_is_not(host: str | None) -> None:
    assert not is_ours(host, 8000, "127.0.0.1")


def test_beyond_loopback_plain_ip_addresses_are_ours_but_foreign_names_are_not() -> None:
    assert is_ours("192.168.1.5:8000", 8000, "0.0.0.0")
    assert is_ours("office-pc:8000", 8000, "office-pc")
    assert not is_ours("evil.example:8000", 8000, "0.0.0.0")


def test_the_standard_port_may_be_left_out() -> None:
    assert is_ours("localhost", 80, "127.0.0.1")


def test_loopback_is_known_as_such() -> None:
    assert [is_loopback(name) for name in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "pc")] == [
        True, True, True, False, False
    ]  # fmt: skip
