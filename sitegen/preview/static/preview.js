"use strict";
// The preview's part of a page: loads it again when its bytes changed, and shows what is to be
// mended. Everything shown is text; nothing of it is ever taken for markup.
(() => {
  const own = document.currentScript.dataset;
  const keeping = "sitegen-preview-scroll";
  const folding = "sitegen-preview-folded";

  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
    }
    made.append(...children.filter((child) => child !== null && child !== undefined));
    return made;
  };

  // The reader stays where they were.
  const place = () => `${location.pathname}${location.search}`;
  const kept = JSON.parse(sessionStorage.getItem(keeping) || "null");
  sessionStorage.removeItem(keeping);
  if (kept && kept.place === place()) {
    const back = () => scrollTo({ left: kept.x, top: kept.y, behavior: "instant" });
    back();
    addEventListener("load", back, { once: true });
  }
  const again = () => {
    sessionStorage.setItem(keeping, JSON.stringify({ place: place(), x: scrollX, y: scrollY }));
    history.scrollRestoration = "manual";
    location.reload();
  };

  // Another day goes along with every link inside the site.
  if (own.day) {
    for (const link of document.querySelectorAll("a[href]")) {
      if (link.origin !== location.origin || link.getAttribute("href").startsWith("#")) continue;
      const target = new URL(link.href);
      target.searchParams.set("as-of", own.day);
      link.href = target.href;
    }
  }

  const host = element("div", { id: "sitegen-preview" });
  const root = host.attachShadow({ mode: "open" });
  const style = element("link", { rel: "stylesheet", href: "/-/preview.css" });
  const overlay = element("section", { class: "overlay", role: "alert", hidden: "" });
  const bar = element("aside", { class: "bar", hidden: "" });
  const gone = element("p", { class: "gone", role: "status", hidden: "" });
  root.append(style, overlay, gone, bar);
  document.body.append(host);

  const question = () => {
    const query = new URLSearchParams({ address: own.address });
    if (own.day) query.set("as-of", own.day);
    return `/-/page?${query}`;
  };

  const problem = (each) => {
    const lines = each.lines.map((line) =>
      element("span", { class: line.here ? "line here" : "line" },
        element("span", { class: "number" }, String(line.number)), `${line.text}\n`));
    return element("li", { class: "problem" },
      element("p", { class: "place" }, each.place, " ", element("span", { class: "code" }, each.code)),
      element("p", { class: "message" }, each.message),
      lines.length ? element("pre", {}, ...lines) : null,
      each.hint ? element("p", { class: "hint" }, "→ ", each.hint) : null);
  };

  const list = (problems, count, words) => {
    const items = problems.map(problem);
    const more = count - problems.length;
    if (more > 0) items.push(element("li", {}, words.more.replace("{count}", String(more))));
    return element("ol", {}, ...items);
  };

  const showOverlay = (said) => {
    const words = said.words;
    overlay.hidden = said.errors.length === 0;
    overlay.replaceChildren();
    if (overlay.hidden) {
      sessionStorage.removeItem(folding);
      return;
    }
    const told = JSON.stringify(said.errors);
    const folded = sessionStorage.getItem(folding) === told;
    const content = element("div", { class: "content", hidden: folded ? "" : false },
      said.broken ? element("p", { class: "note" }, said.stale ? words.last_good : words.broken)
        : null,
      list(said.errors, said.counts.error, words));
    const button = element("button", { type: "button", "aria-expanded": String(!folded) },
      folded ? words.show : words.hide);
    const fold = (closed) => {
      content.hidden = closed;
      button.textContent = closed ? words.show : words.hide;
      button.setAttribute("aria-expanded", String(!closed));
      if (closed) sessionStorage.setItem(folding, told);
      else sessionStorage.removeItem(folding);
    };
    button.addEventListener("click", () => fold(!content.hidden));
    overlay.addEventListener("keydown", (event) => {
      if (event.key === "Escape") fold(true);
    });
    overlay.append(element("div", { class: "head" }, element("h2", {}, words.errors), button),
      content);
  };

  const fact = (label, value) =>
    value ? element("span", { class: "fact" }, element("b", {}, label), " ", value) : null;

  const showBar = (said) => {
    const { words, bar: facts } = said;
    const open = new Set([...bar.querySelectorAll("details[open]")].map((each) => each.className));
    const more = (name, summary, content) =>
      element("details", { class: name, open: open.has(name) ? "" : false },
        element("summary", {}, summary), content);
    const day = element("input", { type: "date", value: said.today, "aria-label": words.day });
    day.addEventListener("change", () => {
      const target = new URL(location.href);
      if (day.value) target.searchParams.set("as-of", day.value);
      else target.searchParams.delete("as-of");
      location.href = target.href;
    });
    const entries = (facts.history || []).map((each) => element("li", {}, each));
    bar.hidden = false;
    bar.setAttribute("aria-label", words.preview);
    bar.replaceChildren(...[
      element("b", { class: "name" }, words.preview),
      facts.status
        ? element("strong", { class: `status ${facts.status}` }, facts.status_label) : null,
      fact(words.source, facts.source && element("code", {}, facts.source)),
      facts.git ? element("span", { class: "fact git" }, facts.git) : null,
      fact(words.kind, facts.kind),
      facts.dates && facts.dates.length
        ? element("span", { class: "fact" }, facts.dates.join(" · ")) : null,
      entries.length ? more("history", `${words.history} (${entries.length})`,
        element("ul", {}, ...entries)) : null,
      said.warnings.length ? more("warnings", words.warnings,
        list(said.warnings, said.counts.warning, words)) : null,
      element("label", { class: "fact day" }, element("b", {}, words.day), " ", day),
    ].filter(Boolean));
  };

  const showMarks = (marks) => {
    for (const old of document.querySelectorAll("a[data-sitegen-mark]")) {
      old.removeAttribute("data-sitegen-mark");
      old.querySelector(":scope > .sitegen-preview-mark")?.remove();
    }
    for (const link of document.querySelectorAll("a[href]")) {
      if (link.origin !== location.origin) continue;
      const mark = marks[link.pathname.slice(1)];
      if (!mark) continue;
      link.setAttribute("data-sitegen-mark", "");
      link.append(element("small", { class: "sitegen-preview-mark" }, ` [${mark}]`));
    }
  };

  const show = (said) => {
    document.documentElement.lang ||= "zh-CN";
    gone.textContent = said.words.lost;
    showOverlay(said);
    showBar(said);
    showMarks(said.marks);
    host.dataset.state = said.state;
  };

  let asking = false;
  let askAgain = false;
  let known = "";
  const ask = async () => {
    if (asking) {
      askAgain = true;
      return;
    }
    asking = true;
    try {
      const response = await fetch(question(), { cache: "no-store" });
      if (!response.ok) throw new Error(String(response.status));
      const said = await response.json();
      if (said.version !== own.version) {
        again();
        return;
      }
      known = String(said.state);
      show(said);
    } catch {
      setTimeout(ask, 1000);
    } finally {
      asking = false;
      if (askAgain) {
        askAgain = false;
        ask();
      }
    }
  };

  // Only a visible page listens: browsers allow few connections to one server.
  let events = null;
  let lost = 0;
  const listen = () => {
    if (events || document.hidden) return;
    events = new EventSource("/-/events");
    events.onmessage = (event) => {
      lost = 0;
      gone.hidden = true;
      if (event.data !== known) ask();
    };
    events.onerror = () => {
      lost += 1;
      if (lost > 1) gone.hidden = false;
      if (events && events.readyState === EventSource.CLOSED) {
        events = null;
        setTimeout(listen, 2000);
      }
    };
  };
  const rest = () => {
    events?.close();
    events = null;
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : listen()));
  addEventListener("pagehide", rest);
  addEventListener("pageshow", listen);
  ask();
  listen();
})();
