/* Regulars charts: one ECharts theme read from the CSS tokens, one builder a question.
   <div class="chart" data-chart="whale" data-from="id-of-json"></div> + <script type="application/json" id="…">.
   A builder is (data, kit, node) → { option, table: { head, rows } }; without a table the page has its own. Data carries numbers and texts (plain, or { zh, en }), never markup.
   `data.symbol` is the currency's sign. What a mark opens is `data.href`, an address that ends where the mark's key goes, or `href` of the datum itself.
   An app adds builders of its own with regularsCharts.add(name, builder) in a script after this one.
   Tooltips use renderMode "richText": no HTML is injected, so a strict CSP (no inline style) holds. */
(function () {
  "use strict";
  const probe = document.createElement("i");
  const CLASSES = ["pt", "au", "fe", "pb"];
  const SHAPES = { pt: "diamond", au: "circle", fe: "rect", pb: "triangle" };
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
    /* Where does everyone stand? Counts in log cells (works for a million), key customers as marks. */
    matrix(d, k) {
      const { c } = k, mx = Math.log(Math.max(...d.cells.map(x => x[4])));
      const pow = v => (Number.isInteger(v) ? (v === d.x0 ? "≤" : "") + money(10 ** v) : "");
      return { table: { head: [k.L(d.t.cls), k.L(d.t.n), k.L(d.t.profit)], rows: d.quads.map(q => [k.L(q.name), int(q.n), pct(q.profit)]) },
        option: base(k, { grid: { left: 58, right: 12, top: 14, bottom: 44 }, tooltip: k.tip(p => (p.seriesIndex === 0 ? `${k.L(d.quads[p.value[5]].name)}\n${int(p.value[4])} ${k.L(d.t.people)}\n${k.L(d.t.click)}` : `${k.L(p.data.name)}\n${k.L(d.t.cv)} ${full(10 ** p.value[0])}\n${k.L(d.t.fv)} ${full(10 ** p.value[1])}`)),
          xAxis: k.x({ type: "value", min: d.x0, max: d.x1, interval: 1, name: k.L(d.x), nameLocation: "middle", nameGap: 27, axisLabel: { formatter: pow } }),
          yAxis: k.y({ type: "value", min: d.y0, max: d.y1, interval: 1, name: k.L(d.y), nameLocation: "middle", nameGap: 46, axisLabel: { formatter: pow }, splitLine: { show: false } }),
          series: [
            { type: "custom", cursor: "pointer", encode: { x: [0, 2], y: [1, 3] }, data: d.cells.map(x => ({ value: x, href: to(d, x[5]) })),
              renderItem: (_, api) => { const a = api.coord([api.value(0), api.value(1)]), b = api.coord([api.value(2), api.value(3)]); return { type: "rect", shape: { x: a[0] + .5, y: b[1] + .5, width: Math.max(1, b[0] - a[0] - 1), height: Math.max(1, a[1] - b[1] - 1), r: 1 }, style: { fill: c[CLASSES[api.value(5)]], opacity: .16 + .8 * Math.log(api.value(4)) / mx }, emphasis: { style: { stroke: c.ink, lineWidth: 1.2 } } }; },
              markLine: { silent: true, symbol: "none", lineStyle: { color: c.ink, width: 1, type: [5, 4], opacity: .55 }, label: { show: false }, data: [{ xAxis: d.thx }, { yAxis: d.thy }] } },
            ...CLASSES.map(cl => ({ type: "scatter", cursor: "pointer", symbol: SHAPES[cl], symbolSize: cl === "pt" ? 11 : 9, itemStyle: { color: c[cl], borderColor: c.surface, borderWidth: 1.5 }, labelLayout: { hideOverlap: true }, data: d.key.filter(x => x.cls === cl).map(x => ({ name: x.name, value: [x.x, x.y], href: x.href, label: { show: !!x.show, position: x.pos || "left", distance: 7, formatter: k.L(x.name), color: c.ink, fontSize: 11, fontFamily: k.font, textBorderColor: c.surface, textBorderWidth: 3 } })) })),
            { type: "scatter", silent: true, symbolSize: 0, data: d.quads.map(q => ({ value: q.at, label: { show: true, position: "inside", formatter: k.L(q.name), color: c[CLASSES[q.i] + "-ink"], fontWeight: 600, fontSize: 13, fontFamily: k.font, textBorderColor: c.surface, textBorderWidth: 3 } })) },
          ] }) };
    },
    /* Who, what they bring, what they get. Three triangles; the AREA of a slice is its share. */
    pyramid(d, k) {
      const { c } = k, narrow = d.narrow;
      const H = (i, up, sh) => { const cum = sh.slice(0, i).reduce((a, b) => a + b, 0) / 100; return up ? Math.sqrt(cum) : 1 - Math.sqrt(Math.max(0, 1 - cum)); };
      return { table: { head: [k.L(d.t.cls), ...d.cols.map(x => k.L(x.name))], rows: d.names.map((n, i) => [k.L(n), ...d.cols.map(x => pct(x.share[i]))]) },
        option: base(k, { grid: { left: 0, right: 0, top: 0, bottom: 0 }, xAxis: { show: false, min: 0, max: 1 }, yAxis: { show: false, min: 0, max: 1 },
          tooltip: k.tip(p => { const col = d.cols[p.value[0]], i = p.value[1]; return `${k.L(d.names[i])} · ${k.L(col.name)}\n${pct(col.share[i])}  ${k.L(col.abs[i])}`; }),
          series: [{ type: "custom", cursor: "pointer", clip: false, data: d.cols.flatMap((col, x) => d.names.map((_, i) => ({ value: [x, i], href: to(d, i) }))),
            renderItem: (_, api) => {
              const W = api.getWidth(), Ht = api.getHeight(), x = api.value(0), i = api.value(1), col = d.cols[x], cell = W / 3, lab = narrow ? 40 : 62;
              const tw = Math.min(cell - lab - 10, 300), x0 = cell * x + (cell - tw - lab) / 2, top = 30, h = Ht - top - 8, mid = x0 + tw / 2;
              const f0 = H(i, col.up, col.share), f1 = i === 3 ? 1 : H(i + 1, col.up, col.share), y0 = top + f0 * h + (i ? 1 : 0), y1 = top + f1 * h - (i < 3 ? 1 : 0);
              const wAt = y => (col.up ? (y - top) / h : 1 - (y - top) / h) * tw / 2;
              const ly = Math.min(Math.max((y0 + y1) / 2, top + 8 + i * 17), top + h - 6 - (3 - i) * 17), ex = mid + wAt((y0 + y1) / 2), lx = Math.max(ex + 16, x0 + tw * .78 + 12);
              const kids = [{ type: "polygon", shape: { points: [[mid - wAt(y0), y0], [mid + wAt(y0), y0], [mid + wAt(y1), y1], [mid - wAt(y1), y1]] }, style: { fill: c[CLASSES[i]] }, emphasis: { style: { opacity: .82 } } },
                { type: "polyline", shape: { points: [[ex + 3, (y0 + y1) / 2], [lx - 8, ly], [lx - 3, ly]] }, style: { stroke: c["line-strong"], fill: "none", lineWidth: 1 } },
                { type: "text", style: { x: lx, y: ly, text: (narrow ? "" : k.L(d.num[i]) + " ") + pct(col.share[i]), font: `600 ${narrow ? 11 : 12}px ${k.font}`, fill: c[CLASSES[i] + "-ink"], verticalAlign: "middle" } }];
              if (!i) kids.push({ type: "text", style: { x: mid, y: 4, text: k.L(col.name), font: `600 12.5px ${k.font}`, fill: c.ink, align: "center", verticalAlign: "top" } });
              return { type: "group", children: kids };
            } }] }) };
    },
    /* Recency × frequency: how many, how much. */
    rfm(d, k) {
      const { c } = k;
      return { table: { head: ["R", "F", k.L(d.t.n), k.L(d.t.m)], rows: d.cells.map(x => [5 - x[1], x[0] + 1, int(x[2]), money(x[3])]) },
        option: base(k, { grid: { left: 66, right: 8, top: 8, bottom: 46 }, tooltip: k.tip(p => `R${5 - p.value[1]} F${p.value[0] + 1}\n${int(p.value[3])} ${k.L(d.t.people)}\n${k.L(d.t.m)} ${money(p.value[4])}\n${k.L(d.t.click)}`),
          xAxis: k.x({ type: "category", data: d.fx, name: k.L(d.x), nameLocation: "middle", nameGap: 28, axisLine: { show: false } }), yAxis: k.y({ type: "category", data: d.ry.map(k.L), name: "", inverse: true, axisLabel: { width: 62, overflow: "break", lineHeight: 14 } }),
          visualMap: { show: false, min: 0, max: Math.sqrt(Math.max(...d.cells.map(x => x[3]))), dimension: 2, inRange: { color: k.ramp } },
          series: [{ type: "heatmap", cursor: "pointer", itemStyle: { borderColor: c.surface, borderWidth: 2, borderRadius: 3 }, emphasis: { itemStyle: { borderColor: c.ink, borderWidth: 1.5 } },
            data: d.cells.map(x => ({ value: [x[0], x[1], Math.sqrt(x[3]), x[2], x[3]], href: to(d, 5 - x[1], f=x[0] + 1), label: { color: onRamp(k, Math.sqrt(x[3] / Math.max(...d.cells.map(z => z[3])))) } })), label: { show: true, fontSize: 12, fontFamily: k.font, formatter: p => int(p.value[3]) } }] }) };
    },
    /* Do customers come back? Share of each month's new customers who bought again; thin cohorts are left empty, not coloured. */
    cohort(d, k) {
      const { c } = k;
      return { table: { head: [k.L(d.t.cohort), ...d.cols.map(String)], rows: d.rows.map((r, i) => [k.L(r), ...d.cells.filter(x => x[1] === i).map(x => (x[2] === null ? "·" : pct(x[2], 0)))]) },
        option: base(k, { grid: { left: d.left || 92, right: 6, top: 24, bottom: 6 }, tooltip: k.tip(p => `${k.L(d.rows[p.value[1]])}\n${k.L(d.t.after)} ${d.cols[p.value[0]]}: ${p.data.thin ? k.L(d.t.thin) : pct(p.value[2], 1)}`),
          xAxis: k.x({ type: "category", data: d.cols.map(String), position: "top", axisLine: { show: false } }), yAxis: k.y({ type: "category", data: d.rows.map(k.L), inverse: true, axisLabel: { fontSize: 11, interval: 0 } }),
          visualMap: { show: false, min: 8, max: 48, dimension: 2, inRange: { color: k.ramp } },
          series: [{ type: "heatmap", cursor: "pointer", itemStyle: { borderColor: c.surface, borderWidth: 1.5, borderRadius: 2 }, emphasis: { itemStyle: { borderColor: c.ink } },
            data: d.cells.map(x => (x[2] === null ? { value: [x[0], x[1], 0], thin: true, visualMap: false, itemStyle: { color: c.sunken, borderColor: c.line, borderWidth: 1 }, label: { formatter: "·", color: c["ink-3"] } } : { value: x, href: to(d, x[1]), label: { color: onRamp(k, (x[2] - 8) / 40) } })), label: { show: !d.small, fontSize: 11, fontFamily: k.font, formatter: p => p.value[2].toFixed(0) } }] }) };
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
    /* 6C, customer against the median of its kind. */
    radar(d, k) {
      const { c } = k;
      return { table: { head: ["6C", k.L(d.t.you), k.L(d.t.med)], rows: d.axes.map((a, i) => [k.L(a), d.you[i], d.med[i]]) },
        option: base(k, { tooltip: k.tip(p => `${p.name}\n` + d.axes.map((a, i) => `${k.L(a)} ${p.value[i]}`).join("\n")), radar: { center: ["50%", "53%"], radius: "66%", splitNumber: 4, indicator: d.axes.map((a, i) => ({ name: `${k.L(a)} ${d.you[i]}`, max: 100 })), axisName: { color: c["ink-2"], fontSize: 12, fontFamily: k.font }, axisNameGap: 8, splitArea: { show: false }, splitLine: { lineStyle: { color: c.line } }, axisLine: { lineStyle: { color: c.line } } },
          series: [{ type: "radar", symbolSize: 5, data: [{ name: k.L(d.t.med), value: d.med, symbol: "none", lineStyle: { color: c["ink-3"], type: [4, 3], width: 1.2 } }, { name: k.L(d.t.you), value: d.you, lineStyle: { color: c.accent, width: 2 }, itemStyle: { color: c.accent }, areaStyle: { color: alpha(c.accent, .12) } }] }] }) };
    },
    /* Answers over time on a fixed 0–10 scale, the three NPS bands behind. */
    nps(d, k) {
      const { c } = k, band = (a, b, col, n) => [{ yAxis: a, itemStyle: { color: col }, name: n, label: { show: true, position: "right", distance: 6, color: c["ink-3"], fontSize: 11, fontFamily: k.font } }, { yAxis: b }];
      return { table: { head: [k.L(d.t.date), "NPS"], rows: d.pts.map(p => [p[0], p[1]]) },
        option: base(k, { grid: { left: 24, right: k.en ? 58 : 36, top: 10, bottom: 24 }, tooltip: k.tip(p => `${p.value[0]}: ${p.value[1]}\n${k.L(p.data.by)}`), xAxis: k.x({ type: "category", data: d.pts.map(p => p[0]) }), yAxis: k.y({ type: "value", min: 0, max: 10, splitLine: { show: false }, axisLabel: { customValues: [0, 6, 8, 10] } }),
          series: [{ type: "line", symbol: "circle", symbolSize: 8, lineStyle: { color: c.accent, width: 2 }, itemStyle: { color: c.accent, borderColor: c.surface, borderWidth: 1.5 }, label: { show: true, position: "bottom", color: c.ink, fontWeight: 600, fontSize: 12, fontFamily: k.font }, data: d.pts.map(p => ({ value: p.slice(0, 2), by: p[2], href: p[3] })), markArea: { silent: true, data: [band(8.5, 10, alpha(c.up, .09), k.L(d.t.pro)), band(6.5, 8.5, alpha(c.au, .09), k.L(d.t.pas)), band(0, 6.5, alpha(c.down, .06), k.L(d.t.det))] } }] }) };
    },
    /* People and firms around this customer. Places are given, not computed, so the picture stays still. */
    network(d, k) {
      const { c } = k;
      return { table: { head: [k.L(d.t.who), k.L(d.t.rel)], rows: d.nodes.slice(1).map(n => [k.L(n.name), k.L(n.rel)]) },
        option: base(k, { tooltip: k.tip(p => (p.dataType === "edge" ? "" : `${p.name}\n${k.L(p.data.note)}`)),
          series: [{ type: "graph", layout: "none", cursor: "pointer", left: 58, right: 58, top: 16, bottom: 44, nodeScaleRatio: 0, lineStyle: { color: c["line-strong"], width: 1.2 },
            label: { show: true, position: "bottom", distance: 4, fontSize: 12, lineHeight: 15, color: c.ink, fontFamily: k.font, rich: { r: { color: c["ink-3"], fontSize: 11, lineHeight: 14 } }, formatter: p => `${p.name}\n{r|${k.L(d.nodes[p.dataIndex].rel)}}` },
            data: d.nodes.map((n, i) => ({ id: String(i), name: k.L(n.name), note: n.note, x: n.x, y: n.y, href: n.href, symbol: n.org ? "roundRect" : "circle", symbolSize: i ? 16 : 24, itemStyle: { color: n.cls ? c[n.cls] : c["pb-soft"], borderColor: n.cls ? c.surface : c["ink-3"], borderWidth: 1.5 } })), links: d.links.map(l => ({ source: String(l.a), target: String(l.b) })) }] }) };
    },
    /* Did it pay? Top: profit a head, treated and control. Bottom: the difference with its 95 % interval. */
    effect(d, k) {
      const { c } = k, w = d.weeks.map(String), end = n => ({ show: true, formatter: n, fontSize: 12, fontWeight: 600, fontFamily: k.font, color: "inherit", distance: 6 });
      return { table: { head: [k.L(d.t.week), k.L(d.t.treated), k.L(d.t.control), k.L(d.t.diff), "95%"], rows: w.map((x, i) => [x, d.treated[i].toFixed(1), d.control[i].toFixed(1), (d.treated[i] - d.control[i]).toFixed(1), `${d.lo[i].toFixed(1)} – ${d.hi[i].toFixed(1)}`]) },
        option: base(k, { grid: [{ left: 48, right: d.right || 76, top: 26, height: "42%" }, { left: 48, right: d.right || 76, bottom: 40, height: "27%" }], axisPointer: { link: [{ xAxisIndex: "all" }] }, title: [{ text: k.L(d.t.a), left: 0, top: 0, textStyle: { ...k.text, fontWeight: 500 } }, { text: k.L(d.t.b), left: 0, top: "54%", textStyle: { ...k.text, fontWeight: 500 } }],
          tooltip: { ...k.tip(ps => { const i = ps[0].dataIndex; return `${k.L(d.t.week)} ${w[i]}\n${k.L(d.t.treated)} ${sym}${d.treated[i].toFixed(1)}\n${k.L(d.t.control)} ${sym}${d.control[i].toFixed(1)}\n${k.L(d.t.diff)} ${sym}${(d.treated[i] - d.control[i]).toFixed(1)} [${d.lo[i].toFixed(1)}, ${d.hi[i].toFixed(1)}]`; }), trigger: "axis" },
          xAxis: [k.x({ type: "category", data: w, boundaryGap: false, axisLabel: { show: false } }), k.x({ type: "category", data: w, boundaryGap: false, gridIndex: 1, name: k.L(d.t.axis), nameLocation: "middle", nameGap: 24, axisLine: { onZero: false, lineStyle: { color: c["line-strong"] } } })],
          yAxis: [k.y({ splitNumber: 3, axisLabel: { formatter: sym + "{value}" } }), k.y({ gridIndex: 1, splitNumber: 2, axisLabel: { formatter: v => sign(v) + sym + Math.abs(v) } })],
          series: [
            { type: "line", showSymbol: false, data: d.control, lineStyle: { color: c["ink-3"], width: 1.8, type: [5, 3] }, itemStyle: { color: c["ink-3"] }, endLabel: end(k.L(d.t.control)) },
            { type: "line", showSymbol: false, data: d.treated, lineStyle: { color: c.accent, width: 2.4 }, itemStyle: { color: c.accent }, endLabel: end(k.L(d.t.treated)) },
            { type: "line", xAxisIndex: 1, yAxisIndex: 1, stack: "b", stackStrategy: "all", showSymbol: false, silent: true, lineStyle: { opacity: 0 }, data: d.lo },
            { type: "line", xAxisIndex: 1, yAxisIndex: 1, stack: "b", stackStrategy: "all", showSymbol: false, silent: true, lineStyle: { opacity: 0 }, areaStyle: { color: alpha(c.accent, .2) }, data: d.hi.map((h, i) => h - d.lo[i]) },
            { type: "line", xAxisIndex: 1, yAxisIndex: 1, showSymbol: false, data: d.treated.map((t, i) => +(t - d.control[i]).toFixed(2)), lineStyle: { color: c["accent-strong"], width: 2 }, itemStyle: { color: c["accent-strong"] }, endLabel: end(p => sym + p.value.toFixed(1)), markLine: { silent: true, symbol: "none", label: { show: false }, lineStyle: { color: c.ink, width: 1, type: "solid", opacity: .6 }, data: [{ yAxis: 0 }] } },
          ] }) };
    },
    /* For whom did it work? One row a segment; hollow where the interval includes zero. */
    forest(d, k) {
      const { c } = k;
      return { table: { head: [k.L(d.t.seg), k.L(d.t.est), "95%"], rows: d.rows.map(r => [k.L(r.name), full(r.m), `${full(r.lo)} – ${full(r.hi)}`]) },
        option: base(k, { grid: { left: d.left || 118, right: 14, top: 6, bottom: 42 }, tooltip: k.tip(p => { const r = d.rows[p.dataIndex]; return `${k.L(r.name)}  n=${int(r.n)}\n${full(r.m)} [${full(r.lo)}, ${full(r.hi)}]\n${k.L(r.say)}`; }), xAxis: k.x({ type: "value", name: k.L(d.x), nameLocation: "middle", nameGap: 26, splitLine: { show: true, lineStyle: { color: c.line } }, axisLabel: { formatter: v => sign(v) + sym + Math.abs(v) } }), yAxis: k.y({ type: "category", data: d.rows.map(r => k.L(r.name)), inverse: true, splitLine: { show: false }, axisLabel: { color: c["ink-2"] } }),
          series: [{ type: "custom", cursor: "pointer", encode: { x: [1, 3], y: 0 }, data: d.rows.map((r, i) => ({ value: [i, r.lo, r.m, r.hi], href: to(d, i) })), renderItem: (_, api) => { const i = api.value(0), a = api.coord([api.value(1), i]), m = api.coord([api.value(2), i]), b = api.coord([api.value(3), i]), sure = api.value(1) > 0 || api.value(3) < 0, col = !sure ? c["ink-3"] : api.value(2) > 0 ? c.accent : c.down; return { type: "group", children: [{ type: "line", shape: { x1: a[0], y1: a[1], x2: b[0], y2: b[1] }, style: { stroke: col, lineWidth: sure ? 3 : 1.6 } }, { type: "circle", shape: { cx: m[0], cy: m[1], r: 5.5 }, style: { fill: sure ? col : c.surface, stroke: col, lineWidth: 2 } }] }; }, markLine: { silent: true, symbol: "none", label: { show: false }, lineStyle: { color: c.ink, type: "solid", width: 1, opacity: .6 }, data: [{ xAxis: 0 }] } }] }) };
    },
    /* Can the forecast be trusted? Cumulative orders, model against what happened, the hold-out shaded. */
    tracking(d, k) {
      const { c } = k;
      return { table: { head: [k.L(d.t.week), k.L(d.t.act), k.L(d.t.model)], rows: d.weeks.map((w, i) => [w, int(d.act[i]), int(d.model[i])]) },
        option: base(k, { grid: { left: 48, right: 66, top: 24, bottom: 40 }, tooltip: { ...k.tip(p => `${k.L(d.t.week)} ${d.weeks[p[0].dataIndex]}\n${k.L(d.t.act)} ${int(d.act[p[0].dataIndex])}\n${k.L(d.t.model)} ${int(d.model[p[0].dataIndex])}`), trigger: "axis" }, xAxis: k.x({ type: "category", data: d.weeks.map(String), boundaryGap: false, name: k.L(d.t.axis), nameLocation: "middle", nameGap: 24, axisLabel: { interval: 12 } }), yAxis: k.y({ splitNumber: 3, axisLabel: { formatter: v => (v >= 1000 ? v / 1000 + "k" : v) } }),
          series: [{ type: "line", showSymbol: false, data: d.model, z: 4, lineStyle: { color: c["accent-strong"], width: 1.8 }, itemStyle: { color: c.accent }, endLabel: { show: true, formatter: k.L(d.t.model), color: "inherit", fontSize: 12, fontFamily: k.font, offset: [0, -8] }, markArea: { silent: true, itemStyle: { color: alpha(c["ink-3"], .1) }, label: { color: c["ink-2"], fontSize: 12, fontFamily: k.font, position: "insideTop" }, data: [[{ name: k.L(d.t.hold), xAxis: String(d.split) }, { xAxis: String(d.weeks.at(-1)) }]] } }, { type: "line", showSymbol: false, data: d.act, z: 1, lineStyle: { color: alpha(c["ink-3"], .4), width: 7, cap: "butt" }, itemStyle: { color: c["ink-2"] }, endLabel: { show: true, formatter: k.L(d.t.act), color: "inherit", fontSize: 12, fontFamily: k.font, offset: [0, 8] } }] }) };
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
