(() => {
  "use strict";
  const FIELDS = ["severity", "outcome", "status", "owner", "tag"];
  const form = document.getElementById("filter");
  const query = document.getElementById("query");
  const chips = document.getElementById("chips");
  const told = document.getElementById("told");
  const clear = document.getElementById("clear");
  const nothing = document.getElementById("nothing");
  const buttons = [...form.querySelectorAll("button[data-field]")];
  const folds = [...document.querySelectorAll("main details")];
  const asWritten = new Map(folds.map((each) => [each, each.open]));
  const sections = [...document.querySelectorAll("main > section")].map((node) => ({
    node,
    cards: [...node.querySelectorAll(".card")].map((card) => ({
      node: card,
      has: {
        severity: [card.dataset.severity],
        outcome: [card.dataset.outcome],
        owner: card.dataset.owner ? [card.dataset.owner] : [],
        tag: card.dataset.tags ? card.dataset.tags.split("\n") : [],
      },
      about: [...card.querySelectorAll("h3, .severity, .id, .reason, .about, .exempt, .terms")],
      lists: [...card.querySelectorAll(".rows")],
      rows: [...card.querySelectorAll(".row")],
    })),
  }));
  const texts = new WeakMap();
  let wanted = { words: [], text: "", values: {} };

  function textOf(node) {
    if (!texts.has(node)) texts.set(node, node.textContent.toLowerCase());
    return texts.get(node);
  }

  function isFilter(fragment) {
    return fragment === "" || fragment.includes("=");
  }

  function read() {
    const given = new URLSearchParams(location.hash.slice(1));
    const text = given.get("q") ?? "";
    const values = {};
    for (const field of FIELDS) values[field] = new Set(given.getAll(field));
    wanted = { text, words: text.toLowerCase().split(/\s+/).filter(Boolean), values };
  }

  function write(text, values) {
    const given = new URLSearchParams();
    if (text.trim()) given.set("q", text);
    for (const field of FIELDS) for (const value of values[field] ?? []) given.append(field, value);
    const fragment = given.toString();
    history.replaceState(null, "", fragment ? `#${fragment}` : location.pathname + location.search);
    read();
  }

  const isWanted = (field, has) => !wanted.values[field].size || has.some((each) => wanted.values[field].has(each));

  function judge(card) {
    const fits = ["severity", "outcome", "owner", "tag"].every((field) => isWanted(field, card.has[field]));
    const about = card.about.map(textOf).join("\n");
    const rest = wanted.words.filter((word) => !about.includes(word));
    let rows = 0;
    for (const row of card.rows) {
      const shown = fits && isWanted("status", [row.dataset.status]) && rest.every((word) => textOf(row).includes(word));
      row.hidden = !shown;
      rows += shown;
    }
    for (const list of card.lists) list.hidden = card.rows.length > 0 && !list.querySelector(".row:not([hidden])");
    const alone = fits && !rest.length && !wanted.values.status.size;
    card.node.hidden = !rows && !alone;
    if (alone) for (const list of card.lists) list.hidden = false;
    return rows;
  }

  function show() {
    const active = wanted.words.length > 0 || FIELDS.some((field) => wanted.values[field].size);
    const searching = wanted.words.length > 0 || wanted.values.status.size > 0;
    const seen = new Set();
    const all = new Set();
    let rows = 0;
    let listed = 0;
    for (const section of sections) {
      for (const card of section.cards) {
        rows += judge(card);
        listed += card.rows.length;
        all.add(card.node.dataset.id);
        if (!card.node.hidden) seen.add(card.node.dataset.id);
      }
      section.node.hidden = section.cards.every((card) => card.node.hidden);
    }
    for (const fold of folds) {
      if (fold.closest(".row")) continue;
      const found = fold.querySelector(".row:not([hidden])") !== null;
      fold.open = searching ? found || asWritten.get(fold) : asWritten.get(fold);
      if (fold.classList.contains("fold")) fold.hidden = !found;
    }
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(wanted.values[button.dataset.field].has(button.value)));
    }
    nothing.hidden = seen.size > 0 || all.size === 0;
    clear.hidden = !active;
    const number = (count, what) => `${count.toLocaleString("en")} of ${what}`;
    told.value = active
      ? `${number(seen.size, `${all.size.toLocaleString("en")} guardrails`)}, ${number(rows, `${listed.toLocaleString("en")} listed findings`)}`
      : "";
  }

  function follow() {
    const fragment = location.hash.slice(1);
    if (isFilter(fragment)) {
      read();
      if (query.value !== wanted.text) query.value = wanted.text;
      show();
      return;
    }
    const target = document.getElementById(fragment);
    if (!target) return;
    if (target.closest("[hidden]")) {
      read();
      query.value = "";
      show();
    }
    const fold = target.querySelector(":scope > details");
    if (fold) fold.open = true;
    target.scrollIntoView();
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-field]");
    if (!button) return;
    const values = wanted.values[button.dataset.field];
    if (!values.delete(button.value)) values.add(button.value);
    write(query.value, wanted.values);
    show();
  });
  query.addEventListener("input", () => {
    write(query.value, wanted.values);
    show();
  });
  clear.addEventListener("click", () => {
    query.value = "";
    write("", {});
    show();
    query.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "/" && !event.target.closest("input, textarea, select, [contenteditable]")) {
      event.preventDefault();
      query.focus();
      query.select();
    }
  });
  window.addEventListener("hashchange", follow);
  window.addEventListener("beforeprint", () => {
    for (const fold of folds) {
      fold.dataset.open = fold.open;
      fold.open = true;
    }
  });
  window.addEventListener("afterprint", () => {
    for (const fold of folds) fold.open = fold.dataset.open === "true";
  });

  form.hidden = false;
  read();
  const chosen = FIELDS.some((field) => wanted.values[field].size);
  if (chips && window.matchMedia("(max-width: 40rem)").matches) chips.open = chosen;
  follow();
})();
