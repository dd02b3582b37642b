"""Signatures of manifests: by ``ssh-keygen -Y``, or any command that reads bytes and answers.

The namespace keeps a signature that was made for something else from passing for one of a release.
The public keys are published as an ``allowed_signers`` file. A key that was replaced stays in it
with an end date, so that the manifests that it signed can still be checked.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import hashlib
import os
import re
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sitegen.problems import Location, Problem
from sitegen.publish import codes

NAMESPACE = "sitegen-manifest"
_PATIENCE = 60
_ARMOUR = b"-----BEGIN SSH SIGNATURE-----"
_KEY = re.compile(r"((?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+) (AAAA[A-Za-z0-9+/=]+)")
_TIME = "%Y%m%d%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Signer:
    """What signs: a private key for ssh-keygen, or a command in its stead.

    The `command` gets the manifest on its standard input and answers with the signature. A `key`
    beside it only says which public key is published.
    """

    key: Path | None = None
    command: tuple[str, ...] = ()

    @property
    def signs(self) -> bool:
        """Whether there is anything to sign with."""
        return self.key is not None or bool(self.command)


NOBODY = Signer()
"""Nothing is signed."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key as OpenSSH writes it, without its comment, which may name a person."""

    type: str
    blob: str

    @property
    def fingerprint(self) -> str:
        """What people compare: ``SHA256:…``."""
        try:
            digest = hashlib.sha256(base64.b64decode(self.blob)).digest()
        except binascii.Error:
            return ""
        return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


def usable(signer: Signer, root: Path) -> Problem | None:
    """Why the key cannot be used: it is not there, or lies where it would be committed."""
    key = signer.key
    if key is None:
        return None
    where = Location(str(key))
    site = root.resolve()
    if site in key.resolve().parents and not _is_public(key):
        return codes.KEY_IN_SITE.at(where, path=key)
    if not os.access(key, os.R_OK) or not key.is_file():
        return codes.NO_KEY.at(where, path=key)
    return None


def public_key(signer: Signer) -> tuple[PublicKey | None, tuple[Problem, ...]]:
    """The public half of the signer's key; None if it has none to show."""
    if signer.key is None:
        return None, ()
    if _is_public(signer.key):
        text = signer.key.read_text("utf-8", "replace")
    else:
        done = _run(["ssh-keygen", "-y", "-P", "", "-f", str(signer.key)], b"")
        if isinstance(done, Problem):
            return None, (done,)
        text = done.decode("utf-8", "replace")
    keys = keys_in(text)
    if not keys:
        return None, (codes.BAD_KEY.at(Location(str(signer.key)), path=signer.key),)
    return keys[0], ()


def sign(signer: Signer, data: bytes) -> tuple[bytes | None, tuple[Problem, ...]]:
    """The signature of `data`; None, with the reason, when it cannot be made."""
    command = signer.command or (
        "ssh-keygen", "-q", "-Y", "sign", "-n", NAMESPACE, "-f", str(signer.key),
    )  # fmt: skip
    done = _run(command, data)
    if isinstance(done, Problem):
        return None, (done,)
    if not done.strip():
        return None, (codes.SIGNER_FAILED.at(None, reason="no signature"),)
    return done, ()


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose signatures are good: an allowed_signers file, or what a command says.

    The `command` gets the manifest on its standard input and the file with the signature as its
    last argument; it ends with 0 if the signature is good.
    """

    signers: bytes = b""
    command: tuple[str, ...] = ()


def is_by_ssh(signature: bytes) -> bool:
    """Whether ssh-keygen made a signature; others need a command to verify them."""
    return signature.lstrip().startswith(_ARMOUR)


def check(data: bytes, signature: bytes, trust: Trust, at: datetime.datetime) -> str:
    """Why the signature is not good for `data`; empty when it is.

    `at` is when it was made: keys may have been replaced since.
    """
    with tempfile.TemporaryDirectory(prefix="sitegen-") as folder:
        allowed, signed = Path(folder, "allowed_signers"), Path(folder, "sig")
        allowed.write_bytes(trust.signers)
        signed.write_bytes(signature)
        if trust.command:
            answer = _run([*trust.command, str(signed)], data)
            return _reason(answer) if isinstance(answer, Problem) else ""
        usual = ["-f", str(allowed), "-s", str(signed), f"-Overify-time={at.strftime(_TIME)}"]
        found = _run(["ssh-keygen", "-Y", "find-principals", *usual], b"")
        if isinstance(found, Problem):
            return _reason(found)
        principal = found.decode("utf-8", "replace").partition("\n")[0].strip()
        command = ["ssh-keygen", "-Y", "verify", "-n", NAMESPACE, "-I", principal, *usual]
        verified = _run(command, data)
        return _reason(verified) if isinstance(verified, Problem) else ""


def allowed_signers(
    key: PublicKey, base_url: str, earlier: bytes, released: datetime.datetime
) -> bytes:
    """The allowed_signers file with `key`, and with those of the `earlier` file, ended now."""
    lines = [f'{principal_of(base_url)} namespaces="{NAMESPACE}" {key.type} {key.blob}']
    for line in earlier.decode("utf-8", "replace").splitlines():
        found = _KEY.search(line)
        if found is None or found[2] == key.blob:
            continue
        if "valid-before=" not in line:
            ended = f'namespaces="{NAMESPACE}",valid-before="{released.strftime(_TIME)}"'
            line = f"{line.split(' ', 1)[0]} {ended} {found[0]}"
        lines.append(line)
    return "".join(line + "\n" for line in lines).encode()


def trusted(text: str) -> bytes | None:
    """An allowed_signers file from one, or from public keys; None if there is no key in it."""
    lines: list[str] = []
    for line in text.splitlines():
        found = _KEY.search(line)
        if found is None:
            continue
        alone = found.start() == 0
        lines.append(f'* namespaces="{NAMESPACE}" {found[0]}' if alone else line)
    return "".join(line + "\n" for line in lines).encode() or None


def keys_in(text: str) -> list[PublicKey]:
    """The public keys of a .pub or allowed_signers file."""
    return [PublicKey(found[1], found[2]) for found in _KEY.finditer(text)]


def principal_of(base_url: str) -> str:
    """The name that signatures are made under: the site's host name."""
    return urlsplit(base_url).hostname or "site"


def _is_public(key: Path) -> bool:
    """With a public key, the private one is asked for in ssh-agent."""
    return key.suffix == ".pub"


def _run(command: Sequence[str], given: bytes) -> bytes | Problem:
    """What a command answers. It gets no terminal, so it cannot wait for a passphrase."""
    try:
        done = subprocess.run(
            command,
            input=given,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
            start_new_session=True,
        )
    except FileNotFoundError:
        return codes.NO_TOOL.at(None, name=command[0])
    except (OSError, subprocess.TimeoutExpired) as error:
        return codes.SIGNER_FAILED.at(None, reason=type(error).__name__)
    if done.returncode:
        told = (done.stderr or done.stdout).decode("utf-8", "replace").strip()
        reason = told.splitlines()[-1] if told else f"exit status {done.returncode}"
        return codes.SIGNER_FAILED.at(None, reason=reason)
    return done.stdout


def _reason(problem: Problem) -> str:
    values = dict(problem.values)
    return values.get("reason") or values.get("name", "")
