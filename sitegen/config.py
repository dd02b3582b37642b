"""Settings: what ``content/site.yaml`` says, as one immutable value.

The file is read by ``site.settings`` with the same field vocabulary as documents
(``kinds/definitions/_site.yaml``), so that its problems are located in the same way.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Identity:
    """Who runs the site: the header and the obligatory footer (国办发〔2017〕47号)."""

    sponsor: str = ""
    """主办单位"""
    operator: str = ""
    """承办单位"""
    site_id_code: str = ""
    """政府网站标识码, 10 characters"""
    icp: str = ""
    """ICP备案编号"""
    police_record: str = ""
    """公安机关备案号"""
    phone: str = ""
    fax: str = ""
    email: str = ""
    address: str = ""
    postcode: str = ""
    hours: str = ""
    mark_url: str = ""
    """党政机关网站标识: the page that certifies the site"""
    find_error_url: str = ""
    """政府网站找错"""
    police_url: str = ""
    portal_name: str = ""
    """The portal (门户网站) that this column belongs to, with its address."""
    portal_url: str = ""
    uscc: str = ""
    """统一社会信用代码 of the publishing body, the head of every 索引号"""


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure on the home page (数说)."""

    label: str
    value: str
    unit: str = ""
    note: str = ""
    link: str = ""
    """Source path of the document that it comes from."""


@dataclass(frozen=True, slots=True)
class PublishTarget:
    """Where the site is published, as ``publish: {targets: […]}`` says; read by ``publish.target``.

    Either `path`, a folder on this machine, or `hosts`, addresses ``ssh://user@host:port/path``.
    """

    name: str
    path: str = ""
    hosts: tuple[str, ...] = ()
    url: str = ""
    """Where the published site answers; tried after the switch."""
    keep: int = 5
    """How many releases stay on the hosts."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one site; every default is safe for a first build."""

    name: str
    short_name: str = ""
    description: str = ""
    language: str = "zh-CN"
    """zh-CN or en: the language of the theme's own words."""
    base_url: str = ""
    """Absolute address of the site, ending in ``/``; needed for feeds and the site map."""
    timezone: str = "Asia/Shanghai"
    theme: str = "default"
    identity: Identity = Identity()
    figures: tuple[Figure, ...] = ()
    home_columns: tuple[str, ...] = ()
    """Paths of the columns whose newest documents the home page lists."""
    service_columns: tuple[str, ...] = ()
    """Paths of the columns that the home page offers as services (办事服务)."""
    page_size: int = 20
    feed_size: int = 30
    max_file_bytes: int = 50 * 1024 * 1024
    max_source_bytes: int = 5 * 1024 * 1024
    history_start: datetime.date | None = None
    """Commits older than this are not examined (``history: {start: …}``)."""
    history_tolerance_days: int = 3
    """How far apart an edit's commit and its declared change may be."""
    publish_days: int = 20
    """Working days between 成文 and 发布 (政府信息公开条例 art. 26)."""
    extra_holidays: tuple[datetime.date, ...] = ()
    extra_workdays: tuple[datetime.date, ...] = ()
    a20: Mapping[str, str] = field(default_factory=dict)
    """For classes of art. 20 without a column here: ``a20_14: 由市人社局公开`` …"""
    publish_key: str = ""
    """Path of the key that signs releases (签名密钥); never in the site's own folder."""
    publish_targets: tuple[PublishTarget, ...] = ()
