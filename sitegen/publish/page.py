"""The page of a release that says how anybody can check it: ``.well-known/sitegen/index.html``.

Plain HTML in the dress of the home page, so that it stands also where the theme does not reach. It
says the same for every release of the same key, so it rarely changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from sitegen.publish.sign import NAMESPACE, PublicKey

_PAGE = """\
<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>怎样核对本网站的内容 - {site}</title>
{styles}</head>
<body>
<header class="top">
<div class="wrap brand"><a class="name" href="../../index.html"><b>{site}</b></a></div>
</header>
<div class="wrap sheet">
<main class="prose">
<h1>怎样核对本网站的内容</h1>
<p>本网站（{site}）每次发布都附有一份清单，列出全部文件的大小和 SHA-256 校验值，\
并记录上一份清单的校验值，前后相连。</p>
<ul>
<li><a href="../../manifest.json">manifest.json</a>：发布清单</li>
{signature}<li><a href="../../SHA256SUMS">SHA256SUMS</a>：同样的校验值，\
供 <code>sha256sum -c SHA256SUMS</code> 使用</li>
<li><code>manifests/</code>：以前的清单，以其 SHA-256 命名</li>
</ul>
<h2>核对方法</h2>
<p>安装 sitegen 后运行：</p>
<pre><code>sitegen verify {address}</code></pre>
{by_hand}<h2>能证明什么，不能证明什么</h2>
<p>核对通过，说明网站上的文件与清单一致{proven}。\
清单不能证明内容本身真实，也不能证明发布者没有向不同的人出示不同的清单：\
请保存您取得的清单，以便日后比对。</p>
<section lang="en">
<h2>How to check this site</h2>
<p>Every release comes with a manifest of all files and the digest of the manifest before it\
{english}. Run <code>sitegen verify {address}</code>. Keep the manifests that you fetched: \
they show whether the past was changed.</p>
</section>
<p><a href="../../index.html">返回首页</a></p>
</main>
</div>
</body>
</html>
"""
_STYLE = '<link rel="stylesheet" href="../../{path}">\n'
_SIGNATURE = """\
<li><a href="../../manifest.json.sig">manifest.json.sig</a>：清单的数字签名</li>
<li><a href="allowed_signers">allowed_signers</a>：公钥</li>
"""
_BY_HAND = """\
<p>也可以只用 OpenSSH 核对签名：</p>
<pre><code>ssh-keygen -Y verify -f allowed_signers -I {principal} -n {namespace} \
-s manifest.json.sig &lt; manifest.json</code></pre>
<p>公钥指纹：<code>{fingerprint}</code>。请与从其他渠道（公文、公告栏、电话）得到的指纹比较。</p>
"""


def page_bytes(
    site: str,
    base_url: str,
    key: PublicKey | None,
    principal: str,
    styles: Iterable[str] = (),
) -> bytes:
    """The page, for a site that signs with `key`, or not at all.

    `styles` are the stylesheets of its home page, as paths in the release.
    """
    by_hand = ""
    if key is not None:
        by_hand = _BY_HAND.format(
            principal=escape(principal),
            namespace=NAMESPACE,
            fingerprint=escape(key.fingerprint),
        )
    return _PAGE.format(
        site=escape(site),
        styles="".join(_STYLE.format(path=escape(path)) for path in styles),
        address=escape(base_url or "https://…/"),
        signature=_SIGNATURE if key else "",
        by_hand=by_hand,
        proven="，清单由持有签名密钥的人发布，以前的清单没有被改动" if key else "",
        english=", and is signed" if key else "",
    ).encode()
