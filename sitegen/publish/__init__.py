"""Publishing: from a commit of the site to a signed release on one web server, or on several.

**On every host** a site is published below one folder, the BASE of its target::

    BASE/current -> releases/20261123T0947-3fa9c1d2e4b5    what the web server serves
    BASE/latest  -> releases/…       the newest release ever published; differs from `current`
                                     only after a rollback. The chain of manifests goes on from it
    BASE/releases/<UTC yyyymmddThhmm>-<12 hex of the manifest's SHA-256>/
                                     whole, read-only (files 0444, folders 0555)
    BASE/releases/.partial-…         what a publisher left that was stopped; the next one removes it
    BASE/shared/assets/              the assets/ of all kept releases, for pages that readers still
                                     have open; serve /assets/ from here, falling back to current
    BASE/lock                        held with flock while somebody publishes or rolls back
    BASE/log                         one line an act: UTC time, act, release, commit (tab-separated)

**A release** is the output of the build and, beside it::

    manifest.json                    replaces the build's: every file with size, SHA-256 and the
                                     time since which it is what it is; the commit; the SHA-256 of
                                     the previous manifest
    manifest.json.sig                its signature (ssh-keygen -Y), unless published without a key
    SHA256SUMS                       the same digests, for sha256sum -c
    .well-known/sitegen/index.html   what all this is and how to check it, for readers
    .well-known/sitegen/allowed_signers
    .well-known/sitegen/manifests/<sha256>.json.gz and .json.sig      all previous manifests
    *.gz, *.br                       texts and stored archives, compressed beforehand; with the
                                     time of their originals; not in the manifest

Every file's time (mtime) is the time at which its present content was first released at its
address, to the second, and no two releases of a target have the same time: a web server that makes
ETags of time and size never gives the same one for different content.

**The functions** (nothing here reads the clock or the environment, or prints)::

    target.targets_of(settings) -> tuple[Target, ...]     from ``publish:`` of site.yaml
    target.local_target(base, …) -> Target                a folder on this machine, without settings
    publishing.publish(PublishOptions(root, target, …), now, reporter) -> PublishResult
    switching.list_releases(target) -> Releases           newest first, with the current one
    switching.roll_back(target, release, now) -> RollbackResult
    verify.verify(place, …) -> Verified                   a folder or an address, from outside

All report `Problem`s (codes P…) and an exit status; OSError only where the disk of this machine
fails. A failure before the switch leaves every host as it was; a switch that fails on one host,
or a site that does not answer as it should after it, brings all hosts back.

**A host needs** a POSIX shell, GNU coreutils, flock and rsync, not sitegen. What is done there is
`remote.sh`, sent as the command of the ssh connection: its first line is ``set -- VERB BASE ARGS``,
in plain characters, so that a forced command on the host can read that line, check it and run a
script of its own (see docs/publishing.md).
"""

from __future__ import annotations
