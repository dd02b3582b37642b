"""Signatures by the real ssh-keygen, and by another command in its stead."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import pytest
from loopback import make_key

from sitegen.publish.sign import (
    NOBODY,
    Signer,
    Trust,
    allowed_signers,
    check,
    is_by_ssh,
    keys_in,
    public_key,
    sign,
    trusted,
    usable,
)

TIME = datetime.datetime(2026, 11, 23, 9, tzinfo=datetime.UTC)
DATA = "清单".encode()


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return Signer(make_key(tmp_path / "key"))


def _signers(signer: Signer, earlier: bytes = b"", time: datetime.datetime = TIME) -> bytes:
    key, problems = public_key(signer)
    assert key is not None
    assert not problems
    return allowed_signers(key, "https://xxgk.shifan.example/", earlier, time)


def _signature(signer: Signer) -> bytes:
    signature, problems = sign(signer, DATA)
    assert not problems
    assert signature is not None
    return signature


def test_a_signature_is_good_for_its_data_and_key_only(signer: Signer, tmp_path: Path) -> None:
    signature, trust = _signature(signer), Trust(_signers(signer))
    assert is_by_ssh(signature)
    assert check(DATA, signature, trust, TIME) == ""
    assert check(DATA + b"x", signature, trust, TIME)
    assert check(DATA, b"-----BEGIN SSH SIGNATURE-----\n", trust, TIME)
    other = Signer(make_key(tmp_path / "other"))
    assert check(DATA, signature, Trust(_signers(other)), TIME)
    assert check(DATA, _signature(other), trust, TIME)


def test_a_signature_for_something_else_does_not_count(signer: Signer) -> None:
    elsewhere = Signer(
        command=("ssh-keygen", "-q", "-Y", "sign", "-n", "git", "-f", str(signer.key))
    )
    assert check(DATA, _signature(elsewhere), Trust(_signers(signer)), TIME)


def test_a_key_that_was_replaced_counts_for_its_own_time(signer: Signer, tmp_path: Path) -> None:
    new = Signer(make_key(tmp_path / "new"))
    later = TIME + datetime.timedelta(days=1)
    trust = Trust(_signers(new, _signers(signer), later))
    assert trust.signers.count(b"\n") == 2
    assert check(DATA, _signature(new), trust, later) == ""
    assert check(DATA, _signature(signer), trust, TIME) == ""
    assert check(DATA, _signature(signer), trust, later + datetime.timedelta(hours=1))
    again = _signers(new, trust.signers, later + datetime.timedelta(days=1))
    assert again == trust.signers, "and its end does not move"


def test_the_public_key_names_nobody(signer: Signer) -> None:
    assert signer.key is not None
    text = signer.key.with_suffix(".pub").read_text()
    (key,) = keys_in(text)
    assert key == public_key(signer)[0]
    assert key.fingerprint.startswith("SHA256:")
    line = _signers(signer).decode()
    assert line.startswith('xxgk.shifan.example namespaces="sitegen-manifest" ssh-ed25519 AAAA')
    assert line.strip().endswith(key.blob)


def test_people_may_trust_a_pub_file_or_an_allowed_signers_file(signer: Signer) -> None:
    assert signer.key is not None
    signature = _signature(signer)
    for text in (signer.key.with_suffix(".pub").read_text(), _signers(signer).decode()):
        signers = trusted(text)
        assert signers is not None
        assert check(DATA, signature, Trust(signers), TIME) == ""
    assert trusted("# nothing\n") is None


def test_any_command_may_sign_and_verify(tmp_path: Path) -> None:
    signature = _signature(Signer(command=("sha512sum",)))
    assert not is_by_ssh(signature)
    script = tmp_path / "verify"
    script.write_text('#!/bin/sh\nsha512sum | cmp -s - "$1"\n')
    script.chmod(0o755)
    trust = Trust(command=(str(script),))
    assert check(DATA, signature, trust, TIME) == ""
    assert check(DATA + b"x", signature, trust, TIME)


def test_a_signer_that_fails_is_a_problem(tmp_path: Path) -> None:
    for command, code in ((("false",), "P124"), (("true",), "P124"), (("no-such-tool",), "P210")):
        signature, problems = sign(Signer(command=command), DATA)
        assert signature is None
        assert [problem.code for problem in problems] == [code]


def test_a_key_with_a_passphrase_never_waits_for_it(tmp_path: Path) -> None:
    key = tmp_path / "locked"
    os.spawnlp(
        os.P_WAIT, "ssh-keygen", "ssh-keygen", "-q", "-t", "ed25519", "-N", "secret", "-f", str(key)
    )
    assert public_key(Signer(key))[1]
    signature, problems = sign(Signer(key), DATA)
    assert signature is None
    assert [problem.code for problem in problems] == ["P124"]


def test_a_key_in_the_folder_of_the_site_is_refused(tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "keys").mkdir(parents=True)
    inside = usable(Signer(make_key(site / "keys/key")), site)
    assert inside is not None
    assert inside.code == "P122"
    missing = usable(Signer(tmp_path / "none"), site)
    assert missing is not None
    assert missing.code == "P121"
    assert usable(NOBODY, site) is None
