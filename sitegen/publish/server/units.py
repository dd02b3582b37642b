"""What runs by itself on a server: the daily rebuild, and the reload when names of files change.

Scheduled documents appear, expiring ones go and freshness is judged by the day; without a rebuild
all this would wait for the next push. Nothing is published when nothing differs.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass

RELOAD_PATH, RELOAD = "sitegen-reload.path", "sitegen-reload.service"
SERVICE, TIMER, CRON = "sitegen-rebuild.service", "sitegen-rebuild.timer", "sitegen-rebuild.cron"


@dataclass(frozen=True, slots=True)
class Daily:
    """What the daily rebuild needs to know. `folder` is that of the server."""

    folder: str
    command: tuple[str, ...]
    """Rebuilds; absolute paths."""
    user: str
    """The owner of the folder."""
    timezone: str
    names: str
    """The file that is written when the names of attachments have changed."""


def units(daily: Daily) -> dict[str, str]:
    """The files, by name."""
    command = shlex.join(daily.command)
    return {
        SERVICE: f"""\
# Written by: sitegen server init {daily.folder}
[Unit]
Description=Rebuild the disclosure site with today's date (政务公开网站每日重新生成)
After=network.target

[Service]
Type=oneshot
User={daily.user}
ExecStart={command}
Nice=10
UMask=0022
# It writes below its own folder only, and never gets more rights than it has.
NoNewPrivileges=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectSystem=strict
ProtectHome=read-only
ProtectKernelTunables=yes
ProtectControlGroups=yes
RestrictSUIDSGID=yes
LockPersonality=yes
ReadWritePaths={daily.folder}
""",
        TIMER: f"""\
# Written by: sitegen server init {daily.folder}
[Unit]
Description=Every day shortly after midnight (每天零点过后)

[Timer]
OnCalendar=*-*-* 00:05:00 {daily.timezone}
RandomizedDelaySec=60
# A machine that was off at that time catches up.
Persistent=yes

[Install]
WantedBy=timers.target
""",
        RELOAD_PATH: f"""\
# Written by: sitegen server init {daily.folder}
[Unit]
Description=Names of attachments changed (附件名称有变化)

[Path]
PathChanged={daily.names}

[Install]
WantedBy=multi-user.target
""",
        RELOAD: f"""\
# Written by: sitegen server init {daily.folder}
# Nothing but the names under which attachments are saved needs this.
[Unit]
Description=Let nginx read the names of attachments (让 nginx 读取附件名称)

[Service]
Type=oneshot
ExecStart=/bin/sh -c 'nginx -t -q && systemctl reload nginx'
""",
        CRON: f"""\
# Where there is no systemd: put this into /etc/cron.d/sitegen-rebuild.
# Written by: sitegen server init {daily.folder}
# Every hour, because cron goes by the machine's time zone; nothing is published if nothing differs.
5 * * * * {daily.user} {command} --quiet
""",
    }
