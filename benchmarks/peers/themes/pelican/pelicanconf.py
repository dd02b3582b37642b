# The equal site for Pelican: content is cached, nothing is made that the others do not make.
import json
from pathlib import Path

import yaml

# The plugin for nested front matter loads with PyYAML's slow loader; the fast one gives the same.
yaml.SafeLoader = yaml.CSafeLoader

HERE = Path(__file__).parent
SITENAME = "示范经济开发区政务公开"
SITEURL = ""
FEED_DOMAIN = "https://xxgk.shifan.example"
TIMEZONE = "Asia/Shanghai"
DEFAULT_LANG = "zh-CN"
PATH = "content"
OUTPUT_PATH = "public"
THEME = "theme"
THEME_STATIC_DIR = "."
COLUMNS = json.loads((HERE / "data/columns.json").read_text(encoding="utf-8"))
FORMS = json.loads((HERE / "data/forms.json").read_text(encoding="utf-8"))
BY_PATH = {column["path"]: column for column in COLUMNS}

PLUGINS = ["yaml_metadata"]
MARKDOWN = {"extensions": ["tables", "toc"], "output_format": "html"}
FORMATTED_FIELDS = []
TYPOGRIFY = False
SUMMARY_MAX_LENGTH = 0
LOAD_CONTENT_CACHE = True
CACHE_CONTENT = True
CHECK_MODIFIED_METHOD = "mtime"
GZIP_CACHE = False

PAGE_PATHS = []
STATIC_PATHS = ["xxgk", "bsfw", "tzgg", "gzdt"]
PATH_METADATA = r"(?P<slug>.*)\.md"
ARTICLE_ORDER_BY = "reversed-date"
ARTICLE_URL = ARTICLE_SAVE_AS = "{slug}.html"
CATEGORY_URL = CATEGORY_SAVE_AS = "{slug}/index.html"
CATEGORY_REGEX_SUBSTITUTIONS = []
TAG_URL = TAG_SAVE_AS = "tags/{slug}.html"
TAG_REGEX_SUBSTITUTIONS = []
SLUGIFY_USE_UNICODE = True
AUTHOR_SAVE_AS = ""
DEFAULT_PAGINATION = 20
PAGINATED_TEMPLATES = {"category": None, "tag": None}
DIRECT_TEMPLATES = ["index", "tags", "sitemap"]
TAGS_SAVE_AS = "tags.html"
SITEMAP_SAVE_AS = "sitemap.xml"
TEMPLATE_PAGES = {
    f"holders/{column['path']}.html": f"{column['path']}/index.html"
    for column in COLUMNS
    if column["below"]
}
READERS = {"html": None}
FEED_MAX_ITEMS = 20
FEED_ALL_ATOM = "feed.xml"
CATEGORY_FEED_ATOM = "{slug}/feed.xml"
TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
