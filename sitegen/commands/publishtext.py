"""What the commands of publishing say to people."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator

from sitegen.problems import N_, Translate
from sitegen.publish.manifest import stamp
from sitegen.publish.publishing import PublishResult
from sitegen.publish.switching import Releases
from sitegen.publish.target import Target
from sitegen.publish.verify import Verified

_STEPS = {
    "sign": N_("sign the manifest of {at}"),
    "send": N_("send what differs to {at}"),
    "compare": N_("compare what arrived on {at}"),
    "switch": N_("let {at} serve it"),
    "try": N_("try {at}"),
    "remove": N_("remove {at}"),
}
_MOST = 12


def publish_text(
    result: PublishResult, target: Target, verbose: bool, translate: Translate
) -> Iterator[str]:
    """What became of publishing; the whole update log if `verbose`."""
    _ = translate
    if result.status:
        yield _("Nothing was published; the hosts serve what they served before.")
        return
    if result.unchanged:
        text = _("Nothing to publish: {target} serves this commit already ({release}).")
        yield text.format(target=target.name, release=result.before)
        return
    differs = result.difference
    yield _("{added} files added, {altered} altered, {removed} removed").format(
        added=differs.added, altered=differs.altered, removed=differs.removed
    )
    if result.news:
        yield _("New in the update log ({count}):").format(count=len(result.news))
        shown = result.news if verbose else result.news[:_MOST]
        for news in shown:
            note = f"（{news.note}）" if news.note else ""
            yield f"  {news.date} {news.act} {news.title}{note}  {news.address}"
        if len(shown) < len(result.news):
            more = _("  … and {count} more (--verbose shows all)")
            yield more.format(count=len(result.news) - len(shown))
    if result.steps:
        yield _("Would be published as {release}:").format(release=result.release)
        for step, at in result.steps:
            yield "  " + _(_STEPS[step]).format(at=at)
        return
    text = _("Published to {target}: {release}")
    yield text.format(target=target.name, release=result.release)
    if result.before:
        yield _("Back to the release before: sitegen rollback")


def releases_text(listed: Releases, zone: zoneinfo.ZoneInfo, translate: Translate) -> Iterator[str]:
    """The releases, newest first, a star before the one that is served; times in `zone`."""
    _ = translate
    if not listed.releases and not listed.status:
        yield _("Nothing was published there yet.")
    for release in listed.releases:
        mark = "*" if release.current_on else " "
        time = release.head.released.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
        if zone.key == "UTC":
            time = stamp(release.head.released)
        line = f"{mark} {release.name}  {time}  {release.head.commit[:10]}"
        if release.missing_on:
            line += "  " + _("not on {hosts}").format(hosts=", ".join(release.missing_on))
        elif release.current_on:
            line += "  " + _("served")
        yield line


def verified_text(result: Verified, own_key: bool, translate: Translate) -> Iterator[str]:
    """What verifying showed; `own_key` when the key is the one that the site itself publishes."""
    _ = translate
    head = result.head
    if head is None:
        return
    text = _("{site}: released {released}, commit {commit}, {files} files")
    yield text.format(
        site=head.site, released=stamp(head.released), commit=head.commit[:10], files=result.files
    )
    if result.signers:
        prints = ", ".join(key.fingerprint for key in result.signers)
        text = _("Signed; trusted keys: {keys}")
        if own_key:
            text = _("Signed; compare this fingerprint with one from elsewhere: {keys}")
        yield text.format(keys=prints)
    text = _("{count} earlier releases in the chain of manifests")
    yield text.format(count=len(result.chain))
    if result.status:
        yield _("This is not what was released.")
    else:
        yield _("Everything is as it was released.")
