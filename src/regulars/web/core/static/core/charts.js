/* Regulars charts: one ECharts theme read from the CSS tokens, one builder a question.
   <div class="chart" data-chart="whale" data-from="id-of-json"></div> + <script type="application/json" id="…">.
   A builder is (data, kit, node) → { option, table: { head, rows } }; without a table the page has its own. Data carries numbers and texts (plain, or { zh, en }), never markup.
   `data.symbol` is the currency's sign. What a mark opens is `data.href`, an address that ends where the mark's key goes, or `href` of the datum itself.
   An app adds builders of its own with regularsCharts.add(name, builder) in a script after this one.
   Tooltips use renderMode "richText": no HTML is injected, so a strict CSP (no inline style) holds. */
(function () {
  "use strict";
  const probe = document.createElement("i");
  const isEn = () => document.documentElement.lang.startsWith("en");
  const L = v => (v && typeof v === "object" && "zh" in v ? (isEn() ? v.en : v.zh) : v);
  const tok = name => { probe.style.color = `var(--rg-${name})`; return getComputedStyle(probe).color; };
  const alpha = (c, a) => c.replace(/^rgba?\(([^)]+)\)$/, (_, v) => `rgba(${v.split(",").slice(0, 3).join(",")},${a})`);
  const sign = v => (v < 0 ? "−" : "");
  let sym = "";                                               /* the currency's sign, of the chart being drawn */
  const to = (d, key) => (d.href ? d.href + encodeURIComponent(key) : undefined);
  function money(v) {                                         /* ¥18.4 万 in Chinese, ¥184k in English */
    const a = Math.abs(v);
    if (isEn()) return sign(v) + sym + (a >= 1e6 ? (a / 1e6).toFixed(a >= 1e7 ? 1 : 2) + "M" : a >= 1e3 ? (a / 1e3).toFixed(a >= 1e5 ? 0 : 1).replace(/\.0$/, "") + "k" : a.toFixed(0));
    return sign(v) + sym + (a >= 1e8 ? (a / 1e8).toFixed(2) + " 亿" : a >= 1e4 ? (a / 1e4).toFixed(1).replace(/\.0$/, "") + " 万" : a.toLocaleString("en-US", { maximumFractionDigits: 0 }));
  }
  const full = v => sign(v) + sym + Math.abs(Math.round(v)).toLocaleString("en-US");
  const pct = (v, d = 1) => v.toFixed(d) + "%";
  const int = v => v.toLocaleString("en-US");

  function kit() {
    const c = {}; ["bg", "surface", "sunken", "line", "line-strong", "ink", "ink-2", "ink-3", "accent", "accent-strong", "accent-soft", "pt", "au", "fe", "pb", "pt-ink", "au-ink", "fe-ink", "pb-ink", "up", "down", "warn", "info", "s0", "s1", "s2", "s3", "s4", "s5", "down-soft", "au-soft", "up-soft", "pb-soft"].forEach(n => { c[n] = tok(n); });
    const font = getComputedStyle(document.body).fontFamily;
    const text = { color: c["ink-3"], fontSize: 12, fontFamily: font };
    const axis = { axisLine: { lineStyle: { color: c["line-strong"] } }, axisTick: { show: false }, axisLabel: { ...text, hideOverlap: true }, splitLine: { lineStyle: { color: c.line } }, nameTextStyle: text };
    return { c, font, text, L, money, full, pct, int, en: isEn(), ramp: [c.s0, c.s1, c.s2, c.s3, c.s4, c.s5],
      x: o => ({ ...axis, splitLine: { show: false }, ...o, axisLabel: { ...axis.axisLabel, ...(o && o.axisLabel) } }),
      y: o => ({ ...axis, axisLine: { show: false }, ...o, axisLabel: { ...axis.axisLabel, ...(o && o.axisLabel) } }),
      tip: f => ({ trigger: "item", renderMode: "richText", confine: true, backgroundColor: c.surface, borderColor: c["line-strong"], borderWidth: 1, padding: [8, 11], textStyle: { ...text, color: c.ink, lineHeight: 19 }, formatter: f }) };
  }
  const rgb = s => s.match(/[\d.]+/g).slice(0, 3).map(Number);
  const lum = v => { const f = x => ((x /= 255) <= .04045 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4); return .2126 * f(v[0]) + .7152 * f(v[1]) + .0722 * f(v[2]); };
  const ratio = (a, b) => { const [x, y] = [lum(a), lum(b)].sort((p, q) => q - p); return (x + .05) / (y + .05); };
  function onRamp(k, share) {                                 /* text colour with the better contrast on this shade */
    const p = Math.min(4.999, Math.max(0, share * 5)), i = Math.floor(p), a = rgb(k.ramp[i]), b = rgb(k.ramp[i + 1]), m = a.map((v, j) => v + (b[j] - v) * (p - i));
    return ratio(m, rgb(k.c.ink)) >= ratio(m, rgb(k.c.surface)) ? k.c.ink : k.c.surface;
  }
  const base = (k, o) => ({ animationDuration: 300, textStyle: { fontFamily: k.font }, ...o });

  const build = {
    /* How concentrated is profit? Cumulative share; above 100 % where some customers cost money. */
    whale(d, k) {
      const { c } = k, top = Math.ceil(Math.max(...d.pts.map(p => p[1])) / 10) * 10;
      return { table: { head: [k.L(d.x), k.L(d.y)], rows: d.pts.filter((_, i) => i % 5 === 0).map(p => [pct(p[0], 0), pct(p[1])]) },
        option: base(k, { grid: { left: 44, right: 18, top: 18, bottom: 40 }, tooltip: { ...k.tip(p => (p[0] ? `${k.L(d.x)} ${pct(p[0].data.value[0], 0)}\n${k.L(d.y)} ${pct(p[0].data.value[1])}` : "")), trigger: "axis" },
          xAxis: k.x({ type: "value", min: 0, max: 100, name: k.L(d.x), nameLocation: "middle", nameGap: 24, axisLabel: { formatter: "{value}%" } }),
          yAxis: k.y({ type: "value", min: 0, max: top + 5, interval: 25, splitLine: { showMaxLine: false, lineStyle: { color: c.line } }, axisLabel: { formatter: v => (v % 25 ? "" : v + "%") } }),
          series: [
            { type: "line", showSymbol: false, cursor: "pointer", lineStyle: { width: 2.2, color: c.accent }, itemStyle: { color: c.accent }, areaStyle: { color: alpha(c.accent, .08) }, data: d.pts.map(p => ({ value: p, href: to(d, p[0]) })),
              markLine: { silent: true, symbol: "none", lineStyle: { color: c["line-strong"], type: [4, 4] }, label: { show: false }, data: [[{ coord: [0, 0] }, { coord: [100, 100] }], [{ coord: [20, 0] }, { coord: [20, d.at20] }]] },
              markPoint: { symbol: "circle", symbolSize: 9, itemStyle: { color: c.accent, borderColor: c.surface, borderWidth: 2 }, data: [{ coord: [20, d.at20], label: { show: true, position: "right", distance: 10, formatter: k.L(d.mark), color: c.ink, fontWeight: 600, fontSize: 12, fontFamily: k.font } }] } },
            { type: "scatter", symbol: "circle", symbolSize: 9, itemStyle: { color: c.surface, borderColor: c["ink-3"], borderWidth: 1.6 }, data: [{ value: [20, 80] }], label: { show: true, position: "right", distance: 10, offset: [0, 5], formatter: k.L(d.claim), color: c["ink-3"], fontSize: 11, fontFamily: k.font } },
          ] }) };
    },
    /* Where does the revenue go? */
    waterfall(d, k) {
      const { c } = k; let run = 0;
      const bars = d.steps.map(s => { const from = s.total ? 0 : run; run = s.total ? s.v : run + s.v; return { ...s, from, to: run }; });
      return { table: { head: [k.L(d.t.step), "¥"], rows: d.steps.map(s => [k.L(s.name), full(s.v)]) },
        option: base(k, { grid: { left: 4, right: 4, top: 24, bottom: d.lw ? 40 : 24 }, tooltip: k.tip(p => `${k.L(bars[p.dataIndex].name)}\n${full(bars[p.dataIndex].v)}  ${bars[0].v > 0 ? `(${pct(Math.abs(bars[p.dataIndex].v) / bars[0].v * 100)})` : ""}\n${k.L(bars[p.dataIndex].hint || "")}`.trim()),
          xAxis: k.x({ type: "category", data: bars.map(b => k.L(b.name)), axisLabel: { interval: 0, width: d.lw || 88, overflow: "break", color: c["ink-2"], hideOverlap: false, lineHeight: 15 } }), yAxis: { show: false, type: "value", min: v => Math.min(0, v.min) },
          series: [{ type: "custom", cursor: "pointer", data: bars.map((b, i) => ({ value: [i, b.from, b.to], href: b.href})), encode: { x: 0, y: [1, 2] },
            renderItem: (p, api) => {
              const i = api.value(0), b = bars[i], a = api.coord([i, b.from]), z = api.coord([i, b.to]), w = Math.min(api.size([1, 0])[0] * .58, 74), y = Math.min(a[1], z[1]), h = Math.max(2, Math.abs(a[1] - z[1]));
              const kids = [{ type: "rect", shape: { x: a[0] - w / 2, y, width: w, height: h, r: 2 }, style: { fill: b.total ? (b.last ? c.accent : c["ink-3"]) : alpha(c["ink-3"], .38) } },
                { type: "text", style: { x: a[0], y: y - 5, text: d.lw ? money(b.v).slice(sign(b.v).length + sym.length).replace(/\s/g, "") : money(b.v), font: `${b.total ? 600 : 500} ${d.lw ? 11 : 12}px ${k.font}`, fill: b.last ? c["accent-strong"] : c.ink, align: "center", verticalAlign: "bottom" } }];
              if (i < bars.length - 1) kids.push({ type: "line", shape: { x1: a[0] + w / 2, y1: z[1], x2: a[0] + api.size([1, 0])[0] - w / 2, y2: z[1] }, style: { stroke: c["line-strong"], lineDash: [3, 3] } });
              return { type: "group", children: kids };
            } }] }) };
    },
    /* When do they buy, and when is the next order due? */
    rhythm(d, k) {
      // Too near the right edge for a label beside its line: it stands above the other one instead.
      const { c } = k, at = t => new Date(t).getTime(), edge = d.due && (at(d.to) - at(d.due)) / (at(d.to) - at(d.from)) < .2;
      return { table: { head: [k.L(d.t.date), "¥"], rows: d.orders.map(o => [o[0], full(o[1])]) },
        option: base(k, { grid: { left: 52, right: 14, top: 44, bottom: 26 }, tooltip: k.tip(p => `${p.value[0]}\n${full(p.value[1])}${p.data.note ? "\n" + k.L(p.data.note) : ""}`),
          xAxis: k.x({ type: "time", min: d.from, max: d.to, minInterval: 28 * 864e5, axisLabel: { formatter: v => { const t = new Date(v); return k.en ? t.toLocaleDateString("en", { month: "short" }) : t.getMonth() + 1 + "月"; } } }), yAxis: k.y({ type: "value", splitNumber: 3, axisLabel: { formatter: v => money(v) } }),
          series: [{ type: "bar", cursor: "pointer", barWidth: 6, itemStyle: { color: alpha(c.accent, .75), borderRadius: [2, 2, 0, 0] }, data: d.orders.map(o => ({ value: [o[0], o[1]], note: o[2], href: o[3], itemStyle: o[1] < 0 ? { color: c.down } : undefined })),
            markArea: d.win && { silent: true, itemStyle: { color: alpha(c.accent, .13) }, label: { color: c["accent-strong"], fontSize: 12, fontWeight: 600, fontFamily: k.font, position: "right", distance: 6 }, data: [[{ name: k.L(d.t.window), xAxis: d.win[0] }, { xAxis: d.win[1] }]] },
            markLine: { silent: true, symbol: "none", lineStyle: { color: c.ink, type: "solid", width: 1 }, label: { color: c["ink-2"], fontSize: 11, position: "end", distance: 6, fontFamily: k.font }, data: [{ xAxis: d.today, label: { formatter: k.L(d.t.today), align: d.due ? (d.due < d.today ? "left" : "right") : "center" } },
              ...(d.due ? [{ xAxis: d.due, lineStyle: { color: c["accent-strong"], type: [4, 3], width: 1.6 }, label: { formatter: k.L(d.t.due), color: c["accent-strong"], fontWeight: 600, align: edge || d.due < d.today ? "right" : "left", distance: edge && d.due >= d.today ? 22 : 6 } }] : [])] } },
          ...(d.exp ? [{ type: "custom", silent: true, data: [{ value: [d.exp[0], d.exp[1], d.exp[2], d.exp[3]] }], renderItem: (_, api) => { const lo = api.coord([api.value(0), api.value(1)]), m = api.coord([api.value(0), api.value(2)]), hi = api.coord([api.value(0), api.value(3)]); return { type: "group", children: [{ type: "line", shape: { x1: lo[0], y1: lo[1], x2: hi[0], y2: hi[1] }, style: { stroke: c["accent-strong"], lineWidth: 2 } }, { type: "line", shape: { x1: lo[0] - 5, y1: lo[1], x2: lo[0] + 5, y2: lo[1] }, style: { stroke: c["accent-strong"], lineWidth: 2 } }, { type: "line", shape: { x1: hi[0] - 5, y1: hi[1], x2: hi[0] + 5, y2: hi[1] }, style: { stroke: c["accent-strong"], lineWidth: 2 } }, { type: "circle", shape: { cx: m[0], cy: m[1], r: 4.5 }, style: { fill: c.surface, stroke: c["accent-strong"], lineWidth: 2 } }] }; } }] : [])] }) };
    },
  };

  function table(t) {                                         /* every chart can be read as a table */
    const el = document.createElement("table"); el.className = "rg-table tight";
    const row = (cells, tag) => { const tr = document.createElement("tr"); cells.forEach((v, i) => { const c = document.createElement(tag); c.textContent = v; if (i) c.className = "r"; tr.append(c); }); return tr; };
    const head = document.createElement("thead"), body = document.createElement("tbody");
    head.append(row(t.head, "th")); t.rows.forEach(r => body.append(row(r, "td"))); el.append(head, body); return el;
  }
  function draw(node) {
    const data = JSON.parse(document.getElementById(node.dataset.from).textContent);
    const small = node.clientWidth < 420;
    if (small) Object.assign(data, data.phone || {});
    sym = data.symbol || "";
    const { option, table: t } = build[node.dataset.chart](data, kit(), node);
    const chart = echarts.getInstanceByDom(node) || echarts.init(node, null, { renderer: "canvas" });
    chart.setOption(option, true); chart.off("click");
    chart.on("click", p => { const h = p.data && p.data.href; if (h && node.dataset.drill !== "off") location.assign(h); });
    const box = node.parentNode.querySelector(".chart-t"); if (t && box && !box.querySelector("table[data-server]")) box.replaceChildren(table(t));
  }
  const all = () => [...document.querySelectorAll("[data-chart]")].filter(n => build[n.dataset.chart]);
  const seen = new ResizeObserver(es => es.forEach(e => { if (e.contentRect.width) echarts.getInstanceByDom(e.target)?.resize(); }));
  const go = () => all().forEach(n => { draw(n); seen.observe(n); });
  window.regularsCharts = { add(name, builder) { build[name] = builder; }, kit, draw: go, colour: { alpha, onRamp }, base };
  document.addEventListener("DOMContentLoaded", () => {
    document.body.append(probe); probe.hidden = true;
    go(); document.addEventListener("rg:change", go); document.addEventListener("htmx:after:swap", go);
    addEventListener("beforeprint", () => all().forEach(n => echarts.getInstanceByDom(n)?.resize()));
  });
})();
