"""The commands of publishing: publish, releases, rollback and verify.

What must not come from the site's own files, because whoever may commit could then run programs on
the publisher's machine, comes from options and from the environment: the command that signs
(``SITEGEN_SIGNER``) and the ssh command (``SITEGEN_SSH``). ``SITEGEN_KEY`` names the signing key.
"""

from __future__ import annotations

import argparse
import datetime
import getpass
import json
import os
import re
import shlex
import signal
import zoneinfo
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, TextIO

from sitegen.arguments import MISUSE, date, positive, processors
from sitegen.commands.showing import show
from sitegen.problems import Translate, has_errors, ordered

if TYPE_CHECKING:
    from sitegen.publish.publishing import PublishResult
    from sitegen.publish.sign import Signer
    from sitegen.publish.switching import Releases
    from sitegen.publish.target import Target
    from sitegen.publish.verify import Verified

AddCommand = Callable[..., argparse.ArgumentParser]


def add_commands(command: AddCommand, _: Translate) -> None:
    """Add the parsers; `command` makes one from a name, a function, a help and an example."""
    publish = command(
        "publish",
        run_publish,
        _("publish what is committed: build, sign, send, switch"),
        "sitegen publish www --dry-run",
    )
    add = publish.add_argument
    add("target", nargs="?", metavar=_("TARGET"), help=_("a target of the settings, or the only"))
    _add_place(publish, _)
    add("--url", default="", metavar="URL", help=_("with --to: where the site answers afterwards"))
    add("--keep", type=positive(_), metavar="N", help=_("releases that stay there (default: 5)"))
    add("--key", metavar=_("FILE"), help=_("the key that signs, instead of the settings' key"))
    add("--signer", metavar=_("COMMAND"), help=_("a command that signs what it reads"))
    add("--as-of", type=date(_), metavar=_("DATE"), help=_("publish the site as on this day"))
    add("--jobs", type=positive(_), metavar="N", help=_("worker processes (default: all cores)"))
    _add_acting(publish, _)

    releases = command(
        "releases", run_releases, _("list the releases on the hosts"), "sitegen releases www"
    )
    add = releases.add_argument
    add("target", nargs="?", metavar=_("TARGET"), help=_("a target of the settings, or the only"))
    _add_place(releases, _)

    rollback = command(
        "rollback",
        run_rollback,
        _("serve an earlier release again, at once"),
        "sitegen rollback 20261123T0947 --target www",
    )
    add = rollback.add_argument
    add("release", nargs="?", metavar=_("RELEASE"), help=_("its name, or how it begins"))
    add("--target", metavar=_("TARGET"), help=_("a target of the settings, or the only"))
    _add_place(rollback, _)
    _add_acting(rollback, _)

    verify = command(
        "verify",
        run_verify,
        _("verify a published site: what was altered, is missing or was added"),
        "sitegen verify https://xxgk.shifan.example/ --key key.pub",
    )
    add = verify.add_argument
    add("place", metavar=_("FOLDER or URL"), help=_("the folder or the address of a site"))
    add("--key", metavar=_("FILE"), help=_("public keys to trust, instead of the site's own"))
    add("--verifier", metavar=_("COMMAND"), help=_("a command that verifies other signatures"))


def _add_place(parser: argparse.ArgumentParser, _: Translate) -> None:
    parser.add_argument(
        "--to", metavar=_("FOLDER"), help=_("a folder of this machine, instead of a target")
    )


def _add_acting(parser: argparse.ArgumentParser, _: Translate) -> None:
    add = parser.add_argument
    add(
        "--wait",
        type=positive(_),
        default=0,
        metavar=_("SECONDS"),
        help=_("wait so long for somebody else who is publishing"),
    )
    add("--dry-run", action="store_true", help=_("say what would be done, and change no host"))


def run_publish(options: argparse.Namespace, _: Translate, out: TextIO, err: TextIO) -> int:
    """Publish the commit that is checked out."""
    from sitegen.engine.reporter import Silent
    from sitegen.publish.publishing import PublishOptions, publish
    from sitegen.terminal import Progress

    root = Path(options.directory)
    found = _site(options, root, _, out, err)
    if found is None:
        return MISUSE
    target, settings_key, timezone = found
    now = datetime.datetime.now(datetime.UTC)
    chosen = PublishOptions(
        root=root,
        target=target,
        as_of=options.as_of or now.astimezone(zoneinfo.ZoneInfo(timezone)).date(),
        signer=_signer(options, settings_key, root),
        jobs=options.jobs or processors(),
        wait=options.wait,
        owner=_owner(now),
        dry_run=options.dry_run,
        ssh=_ssh(),
    )
    quiet = options.quiet or options.format == "json"
    reporter = Silent() if quiet else Progress(err, _)
    try:
        with _stopping_once():
            result = publish(chosen, now, reporter)
    finally:
        reporter.finish()
    show(result.problems, root, options, _, out, err)
    if options.format == "json":
        print(json.dumps(_told(result, target), ensure_ascii=False, indent=2), file=out)
    elif not options.quiet:
        from sitegen.commands.publishtext import publish_text

        for line in publish_text(result, target, options.verbose, _):
            print(line, file=out if result.status == 0 else err)
    return result.status


def run_releases(options: argparse.Namespace, _: Translate, out: TextIO, err: TextIO) -> int:
    """List the releases of a target."""
    from sitegen.publish.switching import list_releases

    root = Path(options.directory)
    found = _site(options, root, _, out, err)
    if found is None:
        return MISUSE
    target, _key, timezone = found
    listed = list_releases(target, _ssh())
    show(listed.problems, root, options, _, out, err)
    if options.format == "json":
        print(json.dumps(_listed(listed), ensure_ascii=False, indent=2), file=out)
    else:
        from sitegen.commands.publishtext import releases_text

        for line in releases_text(listed, zoneinfo.ZoneInfo(timezone), _):
            print(line, file=out)
    return listed.status


def run_rollback(options: argparse.Namespace, _: Translate, out: TextIO, err: TextIO) -> int:
    """Go back to an earlier release."""
    from sitegen.publish.switching import roll_back

    root = Path(options.directory)
    found = _site(options, root, _, out, err)
    if found is None:
        return MISUSE
    now = datetime.datetime.now(datetime.UTC)
    with _stopping_once():
        result = roll_back(
            found[0],
            options.release,
            now,
            owner=_owner(now),
            wait=options.wait,
            dry_run=options.dry_run,
            ssh=_ssh(),
        )
    show(result.problems, root, options, _, out, err)
    if options.format == "json":
        told = {"before": result.before or None, "after": result.after or None}
        print(json.dumps(told, ensure_ascii=False, indent=2), file=out)
    elif result.status == 0 and not options.quiet:
        text = _("Serving {after} again, instead of {before}.")
        if options.dry_run:
            text = _("Would serve {after} again, instead of {before}.")
        print(text.format(after=result.after, before=result.before or "-"), file=out)
    return result.status


def run_verify(options: argparse.Namespace, _: Translate, out: TextIO, err: TextIO) -> int:
    """Verify a published site, from its folder or its address."""
    from sitegen.commands.publishtext import verified_text
    from sitegen.engine.reporter import Silent
    from sitegen.problems import Location
    from sitegen.publish import codes
    from sitegen.publish.sign import Trust, trusted
    from sitegen.publish.verify import Folder, UnreachableError, verify
    from sitegen.publish.web import Website
    from sitegen.terminal import Progress

    root = Path(options.directory)
    trust = Trust(command=tuple(shlex.split(options.verifier))) if options.verifier else None
    if options.key:
        signers = trusted(Path(options.key).read_text("utf-8", "replace"))
        if signers is None:
            show(
                [codes.BAD_KEY.at(Location(options.key), path=options.key)],
                root,
                options,
                _,
                out,
                err,
            )
            return MISUSE
        trust = Trust(signers)
    try:
        place = Website(options.place) if "://" in options.place else Folder(Path(options.place))
    except UnreachableError as error:
        where = Location(options.place)
        wrong = codes.NO_MANIFEST.at(where, place=options.place, reason=str(error))
        show([wrong], root, options, _, out, err)
        return MISUSE
    quiet = options.quiet or options.format == "json"
    reporter = Silent() if quiet else Progress(err, _)
    try:
        result = verify(place, options.place, trust, reporter)
    finally:
        reporter.finish()
    show(result.problems, root, options, _, out, err)
    if options.format == "json":
        print(json.dumps(_verified(result), ensure_ascii=False, indent=2), file=out)
    elif not options.quiet:
        for line in verified_text(result, trust is None, _):
            print(line, file=out if result.status == 0 else err)
    return result.status


# What they share.


def _site(
    options: argparse.Namespace, root: Path, _: Translate, out: TextIO, err: TextIO
) -> tuple[Target, str, str] | None:
    """The target, the key that the settings name, and the time zone; None when told what is wrong.

    With ``--to`` no site is needed to list releases and to go back.
    """
    from sitegen.publish import codes as publish_codes
    from sitegen.publish.target import chosen_target, is_url, local_target, targets_of

    to = getattr(options, "to", None)
    acting_on_site = options.command == "publish"
    if to and not acting_on_site:
        return local_target(Path(to)), "", "UTC"
    from sitegen import codes
    from sitegen.making.frame import read_frame
    from sitegen.problems import Location

    if not (root / "content").is_dir():
        missing = codes.NO_CONTENT.at(Location(str(root)), folder=root)
        show([missing], root, options, _, out, err)
        return None
    frame, problems = read_frame(root)
    settings = frame.settings
    wrong = [p for p in problems if p.where is not None and p.where.path == "content/site.yaml"]
    if to:
        keep = options.keep or 5
        url = options.url if not options.url or options.url.endswith("/") else options.url + "/"
        if url and not is_url(url):
            wrong.append(publish_codes.BAD_URL.at(Location("--url"), value=options.url))
        target: Target | None = local_target(Path(to), url=url, keep=keep)
    else:
        targets, faults = targets_of(settings, root, frame.marks)
        wrong += faults
        target, missing_target = (None, ()) if faults else chosen_target(targets, options.target)
        wrong += missing_target
        if target is not None and getattr(options, "keep", None):
            import dataclasses

            target = dataclasses.replace(target, keep=options.keep)
    if has_errors(wrong) or target is None:
        show(ordered(wrong), root, options, _, out, err)
        return None
    return target, settings.publish_key, settings.timezone


def _signer(options: argparse.Namespace, settings_key: str, root: Path) -> Signer:
    """What signs: options, then the environment, then (the key only) the settings."""
    from sitegen.publish.sign import Signer

    command = options.signer or os.environ.get("SITEGEN_SIGNER", "")
    given = options.key or os.environ.get("SITEGEN_KEY", "")
    key = Path(given).expanduser() if given else None
    if key is None and settings_key:
        key = root / Path(settings_key).expanduser()
    return Signer(key, tuple(shlex.split(command)))


def _ssh() -> tuple[str, ...]:
    """The ssh command of this machine."""
    return tuple(shlex.split(os.environ.get("SITEGEN_SSH", ""))) or ("ssh",)


def _owner(now: datetime.datetime) -> str:
    """Who is publishing, from where and since when, for others who want to."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = str(os.getuid())
    import socket  # late, as all commands are loaded to show what there is

    told = f"{user}@{socket.gethostname()},{now:%Y-%m-%dT%H:%M:%SZ}"
    return re.sub(r"[^A-Za-z0-9@.:,_-]", "-", told)


@contextmanager
def _stopping_once() -> Iterator[None]:
    """The first signal to stop is obeyed, later ones wait until all is as it was."""
    both = (signal.SIGINT, signal.SIGTERM)

    def stop(number: int, frame: FrameType | None) -> None:
        for one in both:
            signal.signal(one, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = [signal.signal(one, stop) for one in both]
    try:
        yield
    finally:
        for one, handler in zip(both, before, strict=True):
            signal.signal(one, handler)


def _told(result: PublishResult, target: Target) -> dict[str, object]:
    differs = result.difference
    return {
        "target": target.name,
        "release": result.release or None,
        "before": result.before or None,
        "unchanged": result.unchanged,
        "files": {
            "added": differs.added,
            "altered": differs.altered,
            "removed": differs.removed,
        },
        "log": [
            {"date": n.date, "act": n.act, "title": n.title, "address": n.address, "note": n.note}
            for n in result.news
        ],
        "steps": [{"step": step, "at": at} for step, at in result.steps],
    }


def _listed(listed: Releases) -> dict[str, object]:
    from sitegen.publish.manifest import stamp

    return {
        "releases": [
            {
                "release": release.name,
                "released": stamp(release.head.released),
                "as_of": release.head.as_of,
                "commit": release.head.commit,
                "current_on": list(release.current_on),
                "missing_on": list(release.missing_on),
            }
            for release in listed.releases
        ]
    }


def _verified(result: Verified) -> dict[str, object]:
    from sitegen.publish.manifest import stamp

    head = result.head
    return {
        "good": result.status == 0,
        "site": head.site if head else None,
        "released": stamp(head.released) if head else None,
        "as_of": head.as_of if head else None,
        "commit": head.commit if head else None,
        "files": result.files,
        "releases_before": len(result.chain),
        "signed_by": [key.fingerprint for key in result.signers],
    }
