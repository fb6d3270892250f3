/* The list of customers: search, class, tier, visit class, what was clicked in a chart, sorting, pages. */
(function () {
  "use strict";
  const R = window.regulars, { word, int, pct, chance, full, money, day, L, data } = R;
  const STYLES = ["pt", "au", "fe", "pb"], PAGE = 25, $ = s => document.querySelector(s);
  const SHAPES = ["M5 0l5 5-5 5-5-5z", "M5 .4a4.6 4.6 0 1 0 0 9.2a4.6 4.6 0 1 0 0-9.2", "M.6 .6h8.8v8.8H.6z", "M5 .6l4.8 8.8H.2z"];
  const rows = data.customers.map(r => ({ id: String(r[0]), matrix: r[1], tier: r[2], visit: r[3], rfm: r[4], current: r[5], future: r[6], low: r[7], high: r[8], p_alive: r[9], n: r[10], last: r[11], why: { zh: r[12], en: r[13] } }));
  const high = rows.reduce((m, r) => Math.max(m, r.high ?? r.future ?? 0), 0);
  const state = { find: "", cls: null, tier: "", visit: "", chart: null, sort: data.future ? "future" : "current", down: true, page: 0, open: new Set() };

  function make(name, attributes, ...children) {
    const svg = ["svg", "path", "rect", "text"].includes(name);
    const el = svg ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
    Object.entries(attributes || {}).forEach(([k, v]) => { if (v !== null && v !== undefined && v !== false) el.setAttribute(k, v); });
    el.append(...children.filter(c => c !== null && c !== undefined)); return el;
  }
  const none = () => make("span", { class: "nodata" }, make("svg", { viewBox: "0 0 48 10", "aria-hidden": "true" }, make("rect", { x: .5, y: .5, width: 47, height: 9, rx: 4.5 })), word("no_future"));
  const or = (v, f) => (v === null || v === undefined ? none() : f(v));
  function chip(i) {
    if (i === null) return none();
    return make("span", { class: "cls " + STYLES[i] }, make("svg", { viewBox: "0 0 10 10", "aria-hidden": "true" }, make("path", { d: SHAPES[i] })), make("span", {}, L(data.classes[i])));
  }
  const W = 136, at = v => Math.sqrt(Math.max(0, v) / (high || 1)) * W;
  function bar(r) {                                          /* one square-root scale for the column */
    if (r.low === null || r.high === null) return none();
    const a = at(r.low), b = at(r.high);
    return make("svg", { class: "iv", width: W, height: 10, viewBox: `0 0 ${W} 10`, role: "img", "aria-label": `${full(r.low)} – ${full(r.high)}` },
      make("rect", { class: "t", x: 0, y: 4.25, width: W, height: 1.5 }), make("rect", { class: "r", x: a, y: 2, width: Math.max(2, b - a), height: 6, rx: 2 }), make("rect", { class: "m", x: at(r.future) - 1, y: 0, width: 2, height: 10 }));
  }
  const inside = (v, edges, i) => v !== null && (i === 0 || edges[i] === null || v >= edges[i]) && (i === edges.length - 2 || edges[i + 1] === null || v < edges[i + 1]);
  const TESTS = {
    cell: ([i, j, k], m = data.charts.matrix) => r => r.matrix === k && inside(r.current, m.xEdges, i) && inside(r.future, m.yEdges, j),
    rf: ([x, f]) => r => !!r.rfm && r.rfm[0] === String(x) && r.rfm[1] === String(f),
    alive: ([a, b]) => r => r.p_alive !== null && r.p_alive >= a && (r.p_alive < b || b >= 1),
    top: share => { const n = Math.max(1, Math.ceil(share * data.n)), best = new Set([...rows].sort((a, b) => b.current - a.current).slice(0, n)); return r => best.has(r); },
  };
  const bounds = (es, i) => (i === 0 || es[i] === null ? "≤ " + money(es[i + 1]) : es[i + 1] === null ? "≥ " + money(es[i]) : `${money(es[i])} – ${money(es[i + 1])}`);
  const NAMES = {
    cell: ([i, j], m = data.charts.matrix) => word("cell", { a: bounds(m.xEdges, i), b: bounds(m.yEdges, j) }),
    rf: ([x, f]) => `R${x} F${f}`,
    alive: ([a, b]) => word("alive_between", { a: pct(a * 100, 0), b: pct(b * 100, 0) }),
    top: share => word("top_share", { p: pct(share * 100, share < .1 ? 1 : 0) }),
  };
  function chosen() {
    const text = state.find.trim().toLowerCase(), extra = state.chart ? TESTS[state.chart.kind](state.chart.value) : null;
    const kept = rows.filter(r => (!text || r.id.toLowerCase().includes(text)) && (state.cls === null || r.matrix === state.cls) && (!state.tier || r.tier === state.tier) && (!state.visit || r.visit === state.visit) && (!extra || extra(r)));
    const key = state.sort, way = state.down ? -1 : 1;
    return kept.sort((a, b) => (a[key] === b[key] ? 0 : a[key] === null ? 1 : b[key] === null ? -1 : typeof a[key] === "string" ? way * a[key].localeCompare(b[key], undefined, { numeric: true }) : way * (a[key] - b[key])));
  }
  function line(r) {
    const open = state.open.has(r.id), extra = [r.tier && L(data.words["tier_" + r.tier]), r.visit && word("visit", { k: r.visit }), r.rfm && "RFM " + r.rfm].filter(Boolean).join(" · ");
    const why = make("button", { class: "link", type: "button", "aria-expanded": String(open), "data-why": r.id, "aria-label": word("show_why", { id: r.id }) }, word("why"));
    const tr = make("tr", {}, make("td", { class: "k-id" }, make("span", { class: "b" }, r.id), make("span", { class: "s2" }, extra)), make("td", { class: "k-cls" }, chip(r.matrix)),
      make("td", { class: "r k-cv", "data-label": word("current") }, or(r.current, full)), make("td", { class: "r k-fv", "data-label": word("future") }, or(r.future, full)), make("td", { class: "hide-p k-iv" }, bar(r)),
      make("td", { class: "r k-facts k-pa" }, or(r.p_alive, chance)), make("td", { class: "r k-facts" }, or(r.n, int)), make("td", { class: "r k-facts" }, or(r.last, day)), make("td", { class: "k-why" }, why));
    if (!open) return [tr];
    const facts = [L(r.why), r.p_alive !== null ? `${word("p_alive")} ${chance(r.p_alive)}` : null, r.low !== null ? `${word("future")} 90%: ${full(r.low)} – ${full(r.high)}` : null, r.n !== null ? `${word("purchases")} ${int(r.n)}` : null, r.last ? `${word("last")} ${day(r.last)}` : null];
    return [tr, make("tr", { class: "more" }, make("td", { colspan: 9 }, facts.filter(Boolean).join("  ·  ")))];
  }
  function chips() {
    const box = $("#active"); box.replaceChildren(); if (!state.chart) return;
    const off = make("button", { type: "button", "aria-label": word("clear") }, "✕"); off.addEventListener("click", () => { state.chart = null; show(); });
    box.append(make("span", { class: "chip" }, NAMES[state.chart.kind](state.chart.value), off));
  }
  function show(keep) {
    const table = $(".people"); if (!table) return;
    const kept = chosen(); if (!keep) state.page = 0;
    const from = state.page * PAGE, part = kept.slice(from, from + PAGE);
    table.tBodies[0].replaceChildren(...(part.length ? part.flatMap(line) : [make("tr", {}, make("td", { colspan: 9 }, word("none")))]));
    table.querySelectorAll("th[data-key]").forEach(th => { if (th.dataset.key === state.sort) th.setAttribute("aria-sort", state.down ? "descending" : "ascending"); else th.removeAttribute("aria-sort"); });
    const whole = kept.length === rows.length, range = word("of", { a: int(kept.length ? from + 1 : 0), b: int(from + part.length), n: int(kept.length) });
    const counted = state.chart && state.chart.n ? word("in_cell", { n: int(state.chart.n), m: int(kept.length) }) : word("found", { n: int(kept.length), all: int(rows.length) });
    $("#found").textContent = whole ? range : `${range} · ${counted}`;
    $('[data-page="-1"]').disabled = !state.page; $('[data-page="1"]').disabled = from + PAGE >= kept.length;
    document.querySelectorAll("#pick-class button").forEach(b => b.setAttribute("aria-pressed", String(b.dataset.pick === (state.cls === null ? "" : data.keys[state.cls]))));
    if ($("#pick-tier")) { $("#pick-tier").value = state.tier; $("#pick-visit").value = state.visit; $("#find").value = state.find; }
    chips();
  }
  const clear = () => Object.assign(state, { find: "", cls: null, tier: "", visit: "", chart: null });
  const go = () => { show(); const calm = matchMedia("(prefers-reduced-motion: reduce)").matches; $("#customers")?.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" }); };
  R.show = () => show(true);
  R.pick = what => {                                         /* a mark in a chart, a class or a name elsewhere on the page was clicked */
    clear();
    if ("cell" in what) state.chart = { kind: "cell", value: [what.cell[0], what.cell[1], what.cell[4]], n: what.cell[2] };
    if ("r" in what) state.chart = { kind: "rf", value: [what.r, what.f] };
    if ("alive" in what) state.chart = { kind: "alive", value: what.alive };
    if ("top" in what) { state.chart = { kind: "top", value: what.top }; state.sort = "current"; state.down = true; }
    if ("cls" in what) state.cls = what.cls;
    if ("tier" in what) state.tier = what.tier;
    if ("visit" in what) state.visit = what.visit;
    if ("find" in what) state.find = what.find.replace(/…$/, "");
    go();
  };
  function start() {
    if (!$(".people")) return;
    $(".people").classList.toggle("no-future", !data.future);
    if (rows.every(r => r.matrix === null)) { $(".people").classList.add("no-class"); $("#pick-class").hidden = true; }
    $("#find").addEventListener("input", e => { state.find = e.target.value; show(); });
    $("#pick-class").addEventListener("click", e => { const b = e.target.closest("button"); if (b) { state.cls = b.dataset.pick ? data.keys.indexOf(b.dataset.pick) : null; show(); } });
    $("#pick-tier").addEventListener("change", e => { state.tier = e.target.value; show(); });
    $("#pick-visit").addEventListener("change", e => { state.visit = e.target.value; show(); });
    $(".people thead").addEventListener("click", e => { const b = e.target.closest("[data-sort]"); if (!b) return; if (state.sort === b.dataset.sort) state.down = !state.down; else { state.sort = b.dataset.sort; state.down = !["id", "matrix"].includes(state.sort); } show(); });
    $(".people tbody").addEventListener("click", e => { const b = e.target.closest("[data-why]"); if (!b) return; const id = b.dataset.why; if (state.open.has(id)) state.open.delete(id); else state.open.add(id); show(true); document.querySelector(`[data-why="${CSS.escape(id)}"]`)?.focus(); });
    document.querySelectorAll("[data-page]").forEach(b => b.addEventListener("click", () => { state.page += Number(b.dataset.page); show(true); }));
    show();
  }
  R.startCustomers = start;
})();
