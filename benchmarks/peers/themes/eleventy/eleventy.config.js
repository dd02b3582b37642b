// The equal site for Eleventy. Collections are cut into pages here, once, as its manual shows for
// lists by column and by tag; bodies are plain Markdown, without a template language before it.
import columns from "./data/columns.json" with { type: "json" };

const SIZE = 20;
const byPath = Object.fromEntries(columns.map((column) => [column.path, column]));

const iso = (date) => date.toISOString().slice(0, 10);
const item = (page) => ({
  address: page.url,
  title: page.data.title,
  day: iso(page.date),
  summary: page.data.summary,
});

function grouped(pages, keys) {
  const groups = new Map();
  for (const page of pages) {
    for (const key of keys(page)) {
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(page);
    }
  }
  return groups;
}

function paged(pages, heading, first, further, here) {
  const count = Math.max(Math.ceil(pages.length / SIZE), 1);
  const at = (number) => (number === 1 ? first : further.replace("*", number));
  return Array.from({ length: count }, (_, place) => ({
    heading,
    here,
    number: place + 1,
    count,
    address: at(place + 1),
    previous: place > 0 ? at(place) : "",
    next: place + 1 < count ? at(place + 2) : "",
    items: pages.slice(place * SIZE, (place + 1) * SIZE).map(item),
  }));
}

export default function (config) {
  config.addPassthroughCopy({ static: "/" });
  config.addPassthroughCopy("content/**/*.pdf");
  config.setNunjucksEnvironmentOptions({ trimBlocks: true, lstripBlocks: true });
  config.addGlobalData("columns", columns);
  config.addFilter("iso", iso);
  config.addFilter("column", (path) => byPath[path]);

  const documents = (api) =>
    api.getFilteredByGlob("content/**/*.md").sort((a, b) => b.date - a.date);
  config.addCollection("lists", (api) => {
    const pages = documents(api);
    const ofColumn = grouped(pages, (page) => [page.data.category]);
    const lists = [...ofColumn].flatMap(([path, own]) =>
      paged(own, byPath[path].name, `/${path}/index.html`, `/${path}/index-*.html`, byPath[path]),
    );
    const ofTag = grouped(pages, (page) => page.data.tags);
    const tags = [...ofTag].flatMap(([tag, own]) =>
      paged(own, tag, `/tags/${tag}.html`, `/tags/${tag}-*.html`, null),
    );
    const home = paged(pages.slice(0, SIZE), "最新信息", "/index.html", "", null);
    return [...lists, ...tags, ...home];
  });
  config.addCollection("indexes", (api) => {
    const tags = [...grouped(documents(api), (page) => page.data.tags).keys()].sort();
    const holders = columns.filter((column) => column.below.length);
    return [
      ...holders.map((column) => ({
        heading: column.name,
        here: column,
        address: `/${column.path}/index.html`,
        links: column.below.map(({ path, name }) => ({ address: `/${path}/index.html`, name })),
      })),
      {
        heading: "关键词",
        here: null,
        address: "/tags.html",
        links: tags.map((tag) => ({ address: `/tags/${tag}.html`, name: tag })),
      },
    ];
  });
  config.addCollection("feeds", (api) => {
    const pages = documents(api);
    const feed = (path, heading, own) => ({
      address: `${path}/feed.xml`,
      heading,
      items: own.slice(0, SIZE).map(item),
    });
    return [
      feed("", "示范经济开发区政务公开", pages),
      ...columns.map((column) =>
        feed(
          `/${column.path}`,
          column.name,
          pages.filter((page) => `${page.data.category}/`.startsWith(`${column.path}/`)),
        ),
      ),
    ];
  });

  return {
    dir: { input: "content", includes: "../includes", data: "../data", output: "public" },
    markdownTemplateEngine: false,
    htmlTemplateEngine: "njk",
    templateFormats: ["md", "njk"],
  };
}
