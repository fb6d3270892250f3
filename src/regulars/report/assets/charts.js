/* One builder a question: (data, kit) → ECharts options. Data carries numbers and { zh, en } texts, never markup.
   Canvas and rich-text tooltips: nothing is injected as HTML, so the policy by hashes holds. */
(function () {
  "use strict";
  const R = window.regulars, { L, word, int, pct, full, money, alpha } = R;
  const CLASSES = ["pt", "au", "fe", "pb"], NUMERALS = R.data.numerals;
  const SHAPES = ["diamond", "circle", "rect", "triangle"];
  const plain = s => String(s).replace(/\{/g, "{\u200b");    /* a brace in a customer's name must not start a rich-text style */

  function kit() {
    const c = R.colours(), font = getComputedStyle(document.body).fontFamily, text = { color: c["ink-3"], fontSize: 12, fontFamily: font };
    const axis = { axisLine: { lineStyle: { color: c["line-strong"] } }, axisTick: { show: false }, axisLabel: { ...text, hideOverlap: true }, splitLine: { lineStyle: { color: c.line } }, nameTextStyle: text };
    return { c, font, text, ramp: [c.s0, c.s1, c.s2, c.s3, c.s4, c.s5],
      x: o => ({ ...axis, splitLine: { show: false }, ...o, axisLabel: { ...axis.axisLabel, ...(o && o.axisLabel) } }),
      y: o => ({ ...axis, axisLine: { show: false }, ...o, axisLabel: { ...axis.axisLabel, ...(o && o.axisLabel) } }),
      tip: f => ({ trigger: "item", renderMode: "richText", confine: true, backgroundColor: c.surface, borderColor: c["line-strong"], borderWidth: 1, padding: [8, 11], textStyle: { ...text, color: c.ink }, formatter: f,
        position: (_, __, el) => { if (el && el.setStyle) el.setStyle({ fontFamily: font, fontSize: 12, lineHeight: 19 }); } }) };   /* rich text takes no font from textStyle; no answer means the usual place */
  }
  const rgb = s => s.match(/[\d.]+/g).slice(0, 3).map(Number);
  const lum = v => { const f = x => ((x /= 255) <= .04045 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4); return .2126 * f(v[0]) + .7152 * f(v[1]) + .0722 * f(v[2]); };
  const ratio = (a, b) => { const [x, y] = [lum(a), lum(b)].sort((p, q) => q - p); return (x + .05) / (y + .05); };
  function onRamp(k, share) {                                /* ink with the better contrast on this shade */
    const p = Math.min(4.999, Math.max(0, share * 5)), i = Math.floor(p), a = rgb(k.ramp[i]), b = rgb(k.ramp[i + 1]), m = a.map((v, j) => v + (b[j] - v) * (p - i));
    const best = [k.c.ink, k.c.surface].sort((p, q) => ratio(m, rgb(q)) - ratio(m, rgb(p)))[0];
    if (ratio(m, rgb(best)) >= 4.5) return best;
    return ratio(m, [0, 0, 0]) > ratio(m, [255, 255, 255]) ? "#000" : "#fff";
  }
  const base = (k, o) => ({ animationDuration: 250, textStyle: { fontFamily: k.font }, ...o });
  function spread(ys, low, high, gap) {                      /* labels keep their order and never touch */
    const at = [...ys];
    for (let i = 0; i < at.length; i++) at[i] = Math.max(at[i], i ? at[i - 1] + gap : low);
    for (let i = at.length - 1; i >= 0; i--) at[i] = Math.min(at[i], i < at.length - 1 ? at[i + 1] - gap : high);
    return at;
  }
  const pen = document.createElement("canvas").getContext("2d");
  function names(points, box, font) {                        /* where each name fits beside its mark: [x, y, text] → [side, shift] or null; the first come first */
    pen.font = font;
    const H = 16, GAP = 8, taken = points.map(([x, y]) => [x - 6, y - 6, x + 6, y + 6]), tries = [0, -10, 10].flatMap(dy => [["right", dy], ["left", dy]]).concat([["top", 0], ["bottom", 0]]);
    const free = r => r[0] >= box[0] && r[1] >= box[1] && r[2] <= box[2] && r[3] <= box[3] && taken.every(t => r[2] < t[0] || r[0] > t[2] || r[3] < t[1] || r[1] > t[3]);
    return points.map(([x, y, text]) => {
      const w = pen.measureText(text).width, corner = { right: [x + GAP, y - H / 2], left: [x - GAP - w, y - H / 2], top: [x - w / 2, y - GAP - H], bottom: [x - w / 2, y + GAP] };
      const room = ([side, dy]) => [corner[side][0], corner[side][1] + dy, corner[side][0] + w, corner[side][1] + dy + H], found = tries.find(t => free(room(t)));
      if (found) taken.push(room(found));
      return found || null;
    });
  }
  const label = (k, o) => ({ show: true, fontSize: 12, fontFamily: k.font, ...o });

  const build = {
    concentration(d, k, small) {
      const { c } = k, ys = d.points.map(p => p[1]), top = Math.max(100, Math.ceil(Math.max(...ys) / 5) * 5), low = Math.min(0, Math.floor(Math.min(...ys) / 25) * 25);
      const at = { type: "scatter", symbol: "circle", symbolSize: 9, z: 5 };
      return base(k, { grid: { left: 46, right: 20, top: 14, bottom: 44 },
        tooltip: { ...k.tip(p => `${L(d.x)} ${pct(p[0].data.value[0], 0)}\n${L(d.y)} ${pct(p[0].data.value[1])}\n${word("click")}`), trigger: "axis" },
        xAxis: k.x({ type: "value", min: 0, max: 100, interval: 20, name: L(d.x), nameLocation: "middle", nameGap: 26, axisLabel: { formatter: "{value}%" } }),
        yAxis: k.y({ type: "value", min: low, max: top + 4, interval: 25, splitLine: { showMaxLine: false, lineStyle: { color: c.line } }, axisLabel: { formatter: v => (v % 25 ? "" : pct(v, 0)) } }),
        series: [
          { type: "line", showSymbol: false, cursor: "pointer", triggerLineEvent: true, lineStyle: { width: 2.2, color: c.accent }, itemStyle: { color: c.accent }, areaStyle: { color: alpha(c.accent, .08), origin: 0 }, data: d.points.map(p => ({ value: p })),
            markLine: { silent: true, symbol: "none", lineStyle: { color: c["line-strong"], type: [4, 4] }, label: { show: false }, data: [[{ coord: [0, 0] }, { coord: [100, 100] }], ...(d.top20 === null ? [] : [[{ coord: [20, 0] }, { coord: [20, d.top20] }]])] } },
          ...(d.top20 === null ? [] : [{ ...at, cursor: "pointer", itemStyle: { color: c.accent, borderColor: c.surface, borderWidth: 2 }, data: [{ value: [20, d.top20] }], label: label(k, { position: "right", distance: 9, offset: [0, Math.abs(d.top20 - 80) < 9 && d.top20 < 80 ? 7 : 0], formatter: () => L(d.mark), color: c.ink, fontWeight: 600, textBorderColor: c.bg, textBorderWidth: 3 }) }]),
          ...(d.top20 === null ? [] : [{ ...at, silent: true, itemStyle: { color: c.surface, borderColor: c["ink-3"], borderWidth: 1.6 }, data: [[20, 80]], label: label(k, { position: "right", distance: 9, offset: [0, d.top20 !== null && Math.abs(d.top20 - 80) < 9 ? (d.top20 >= 80 ? 7 : -7) : 0], formatter: () => L(d.claim), color: c["ink-3"], fontSize: 11, textBorderColor: c.bg, textBorderWidth: 3 }) }]),
        ] });
    },
    pyramid(d, k, small) {
      const { c } = k, H = (i, up, a) => { const s = Math.min(1, a.slice(0, i).reduce((p, q) => p + q, 0)); return up ? Math.sqrt(s) : 1 - Math.sqrt(1 - s); };
      const items = d.columns.flatMap((col, x) => (col.area ? d.names.map((_, i) => ({ value: [x, i], pick: { cls: i } })) : [{ value: [x, -1] }]));
      return base(k, { grid: { left: 0, right: 0, top: 0, bottom: 0 }, xAxis: { show: false, min: 0, max: 1 }, yAxis: { show: false, min: 0, max: 1 },
        tooltip: k.tip(p => { const [x, i] = p.value, col = d.columns[x]; return i < 0 ? `${L(col.name)}\n${word("no_future")}` : `${L(d.names[i])} · ${L(col.name)}\n${pct(col.share[i])}   ${L(col.abs[i])}\n${word("click")}`; }),
        series: [{ type: "custom", clip: false, cursor: "pointer", data: items,
          renderItem: (_, api) => {
            const W = api.getWidth(), Ht = api.getHeight(), x = api.value(0), i = api.value(1), col = d.columns[x], cell = W / 3, room = small ? 44 : 84;
            const tw = Math.min(cell - room - (small ? 4 : 10), 240), x0 = cell * x + (cell - tw - room) / 2, top = 30, h = Ht - top - 8, mid = x0 + tw / 2;
            const head = { type: "text", style: { x: mid, y: 4, text: L(col.name), font: `600 13px ${k.font}`, fill: c.ink, align: "center", verticalAlign: "top" } };
            if (i < 0) return { type: "group", children: [head, { type: "polygon", shape: { points: [[x0, top], [x0 + tw, top], [mid, top + h]] }, style: { fill: "none", stroke: c["ink-3"], lineDash: [4, 4], lineWidth: 1 } }, { type: "text", style: { x: mid, y: top + h * .26, text: word("no_future"), font: `500 12px ${k.font}`, fill: c["ink-3"], align: "center", verticalAlign: "middle", width: tw * .62, overflow: "break" } }] };
            const y0 = top + H(i, col.up, col.area) * h + (i ? 1 : 0), y1 = Math.max(y0, top + (i === 3 ? 1 : H(i + 1, col.up, col.area)) * h - (i < 3 ? 1 : 0));
            const wAt = y => (col.up ? (y - top) / h : 1 - (y - top) / h) * tw / 2, yc = (y0 + y1) / 2;
            const ly = spread([0, 1, 2, 3].map(j => { const p = H(j, col.up, col.area), q = j === 3 ? 1 : H(j + 1, col.up, col.area); return top + (p + q) / 2 * h; }), top + 8, top + h - 6, 18)[i], ex = mid + wAt(yc), lx = Math.max(ex + 16, x0 + tw * .78 + 12);
            const kids = [{ type: "polygon", shape: { points: [[mid - wAt(y0), y0], [mid + wAt(y0), y0], [mid + wAt(y1), y1], [mid - wAt(y1), y1]] }, style: { fill: c[CLASSES[i]], opacity: col.share[i] <= 0 ? 0 : 1 }, emphasis: { style: { opacity: .82 } } },
              { type: "polyline", shape: { points: [[ex + 3, yc], [lx - 8, ly], [lx - 3, ly]] }, style: { stroke: c["line-strong"], fill: "none", lineWidth: 1, opacity: col.share[i] <= 0 ? 0 : 1 } },
              { type: "text", style: { x: lx, y: ly, text: (small ? "" : NUMERALS[i] + " ") + pct(col.share[i]), font: `600 ${small ? 11 : 12}px ${k.font}`, fill: c[CLASSES[i] + "-ink"], verticalAlign: "middle" } }];
            if (!i) kids.push(head);
            return { type: "group", children: kids };
          } }] });
    },
    matrix(d, k, small, node) {
      const { c } = k, pad = { left: small ? 54 : 74, right: 14, top: 34, bottom: 48 }, W = node.clientWidth - pad.left - pad.right, H = node.clientHeight - pad.top - pad.bottom, mx = Math.log(Math.max(2, ...d.cells.map(x => x[2]))), [lx, ly] = d.lines;
      const axis = (ticks, n) => ({ type: "value", min: 0, max: n, nameLocation: "middle", axisTick: { show: false }, splitLine: { show: false }, axisLabel: { customValues: ticks.map(t => t[0]), formatter: v => { const t = ticks.find(q => Math.abs(q[0] - v) < 1e-3); return t ? L(t[1]) : ""; } } });
      const edge = (es, i) => (i === 0 || es[i] === null ? "≤ " + money(es[i + 1]) : es[i + 1] === null ? "≥ " + money(es[i]) : `${money(es[i])} – ${money(es[i + 1])}`);
      const side = (i, at, high) => (at === null || at <= i || at >= i + 1 ? [i, i + 1] : high ? [at, i + 1] : [i, at]);   /* a cell that a line cuts shows each class on its own side */
      const sides = names(d.keys.map(x => [pad.left + x[0] / d.nx * W, pad.top + (1 - x[1] / d.ny) * H, x[3]]), [pad.left, pad.top - 8, pad.left + W, pad.top + H - 12], `550 12px ${k.font}`);
      const corner = [[d.nx, d.ny, "left", -18], [d.nx, 0, "left", -24], [0, d.ny, "right", -18], [0, 0, "right", -24]];   /* the four classes, each in its own corner: the upper ones above the plot, out of the marks' way */
      return base(k, { grid: pad,
        tooltip: k.tip(p => (p.seriesIndex === 0 ? `${L(d.names[p.value[4]])}\n${int(p.value[2])} ${word("customers")}\n${word("current")} ${edge(d.xEdges, p.value[0])}\n${word("future")} ${edge(d.yEdges, p.value[1])}\n${word("click")}` : `${plain(p.data.name)}\n${word("current")} ${full(p.data.now)}\n${word("future")} ${full(p.data.later)}`)),
        xAxis: k.x({ ...axis(d.xTicks, d.nx), name: L(d.x), nameGap: 28, axisLabel: { ...axis(d.xTicks, d.nx).axisLabel } }),
        yAxis: k.y({ ...axis(d.yTicks, d.ny), name: L(d.y), nameGap: small ? 44 : 58, axisLabel: { ...axis(d.yTicks, d.ny).axisLabel } }),
        series: [
          { type: "custom", cursor: "pointer", data: d.cells.map(x => ({ value: x, pick: { cell: x } })),
            renderItem: (_, api) => { const cl = api.value(4), [x0, x1] = side(api.value(0), lx, cl < 2), [y0, y1] = side(api.value(1), ly, cl % 2 === 0), a = api.coord([x0, y0]), b = api.coord([x1, y1]); return { type: "rect", shape: { x: a[0] + .5, y: b[1] + .5, width: Math.max(1, b[0] - a[0] - 1), height: Math.max(1, a[1] - b[1] - 1), r: 1.5 }, style: { fill: c[CLASSES[cl]], opacity: .18 + .78 * Math.log(Math.max(1, api.value(2))) / mx }, emphasis: { style: { stroke: c.ink, lineWidth: 1.2 } } }; },
            markLine: { silent: true, symbol: "none", lineStyle: { color: c.ink, width: 1, type: [5, 4], opacity: .55 }, label: { show: false }, data: [...(lx === null ? [] : [{ xAxis: lx }]), ...(ly === null ? [] : [{ yAxis: ly }])] } },
          ...CLASSES.map((cl, i) => ({ type: "scatter", cursor: "pointer", symbol: SHAPES[i], symbolSize: i ? 9 : 11, itemStyle: { color: c[cl], borderColor: c.surface, borderWidth: 1.5 },
            data: d.keys.map((x, j) => [x, sides[j]]).filter(([x]) => x[2] === i).map(([x, side]) => ({ name: x[3], now: x[4], later: x[5], value: [x[0], x[1]], pick: { find: x[3] }, label: label(k, { show: !!side, silent: true, position: side ? side[0] : "right", offset: [0, side ? side[1] : 0], distance: 7, formatter: () => plain(x[3]), color: c.ink, fontSize: 12, fontWeight: 550, textBorderColor: c.surface, textBorderWidth: 3 }) })) })),
          { type: "scatter", silent: true, symbolSize: 0, clip: false, data: d.names.map((n, i) => ({ value: corner[i].slice(0, 2), label: label(k, { position: corner[i][2], distance: 4, offset: [0, corner[i][3]], formatter: () => L(n), color: c[CLASSES[i] + "-ink"], fontWeight: 600, fontSize: 13, textBorderColor: c.bg, textBorderWidth: 3 }) })) },
        ] });
    },
    rfm(d, k, small) {
      const { c } = k, root = v => Math.sqrt(Math.max(0, v)), mx = Math.max(1e-9, ...d.cells.map(x => root(x[3])));
      return base(k, { grid: { left: small ? 66 : 84, right: 4, top: 6, bottom: 62 },
        tooltip: k.tip(p => `R${5 - p.value[1]} F${p.value[0] + 1}\n${int(p.value[3])} ${word("customers")}\n${word("value")} ${money(p.value[4])}\n${word("click")}`),
        xAxis: k.x({ type: "category", data: d.f.map(L), name: L(d.x), nameLocation: "middle", nameGap: 44, axisLine: { show: false }, axisLabel: { interval: 0, lineHeight: 16, hideOverlap: false } }),
        yAxis: k.y({ type: "category", data: d.r.map(L), inverse: true, axisLabel: { lineHeight: 16, interval: 0 } }),
        visualMap: { show: false, min: 0, max: mx, dimension: 2, inRange: { color: k.ramp } },
        series: [{ type: "heatmap", cursor: "pointer", itemStyle: { borderColor: c.bg, borderWidth: 2, borderRadius: 3 }, emphasis: { itemStyle: { borderColor: c.ink, borderWidth: 1.5 } }, label: { show: true, fontSize: 12, fontFamily: k.font, formatter: p => int(p.value[3]) },
          data: d.cells.map(x => ({ value: [x[0], x[1], root(x[3]), x[2], x[3]], pick: { r: 5 - x[1], f: x[0] + 1 }, label: { color: onRamp(k, root(x[3]) / mx) } })) }] });
    },
    cohort(d, k, small) {
      const { c } = k, seen = d.cells.filter(x => x[2] !== null).map(x => x[2]).sort((a, b) => a - b);
      const low = seen[Math.floor(seen.length * .02)] ?? 0, high = Math.max(low + 1, seen[Math.floor(seen.length * .98)] ?? 1);
      return base(k, { grid: { left: small ? 96 : 116, right: 4, top: 24, bottom: 4 },
        tooltip: k.tip(p => `${L(d.rows[p.value[1]])}\n${word(d.unit === "quarter" ? "cohort_after_quarter" : "cohort_after", { n: p.value[0] + 1 })}${p.data.thin ? word("thin") : pct(p.value[2])}`),
        xAxis: k.x({ type: "category", data: Array.from({ length: d.columns }, (_, i) => String(i + 1)), position: "top", axisLine: { show: false } }),
        yAxis: k.y({ type: "category", data: d.rows.map(L), inverse: true, axisLabel: { fontSize: 11, interval: 0, hideOverlap: false } }),
        visualMap: { show: false, min: low, max: high, dimension: 2, inRange: { color: k.ramp } },
        series: [{ type: "heatmap", itemStyle: { borderColor: c.bg, borderWidth: 1.5, borderRadius: 2 }, emphasis: { itemStyle: { borderColor: c.ink } }, label: { show: !small || d.columns <= 8, fontSize: 11, fontFamily: k.font, formatter: p => p.value[2].toFixed(0) },
          data: d.cells.map(x => (x[2] === null ? { value: [x[0], x[1], 0], thin: true, visualMap: false, itemStyle: { color: c.sunken, borderColor: c.line, borderWidth: 1 }, label: { formatter: () => "·", color: c["ink-3"] } } : { value: x, label: { color: onRamp(k, (x[2] - low) / (high - low)) } })) }] });
    },
    alive(d, k) {
      const { c } = k, p = v => pct(v * 100, 0), names = d.counts.map((_, i) => `${p(d.edges[i])}–${p(d.edges[i + 1])}`);
      return base(k, { grid: { left: 52, right: 8, top: 22, bottom: 44 }, tooltip: k.tip(q => `${word("alive_between", { a: p(d.edges[q.dataIndex]), b: p(d.edges[q.dataIndex + 1]) })}\n${int(q.value)} ${word("customers")}\n${word("click")}`),
        xAxis: k.x({ type: "category", data: names, name: word("p_alive"), nameLocation: "middle", nameGap: 26 }), yAxis: k.y({ type: "value", min: 0, splitNumber: 3, axisLabel: { formatter: int } }),
        series: [{ type: "bar", cursor: "pointer", barCategoryGap: "12%", itemStyle: { color: c.accent, borderRadius: [3, 3, 0, 0] }, label: label(k, { position: "top", color: c["ink-2"], fontSize: 11, formatter: q => (q.value ? int(q.value) : "") }), labelLayout: { hideOverlap: true }, data: d.counts.map((v, i) => ({ value: v, pick: { alive: [d.edges[i], d.edges[i + 1]] } })) }] });
    },
    tracking(d, k, small) {
      const { c } = k, weeks = d.weeks.map(w => (Number.isInteger(w) ? String(w) : w.toFixed(1))), near = d.split === null ? 0 : d.weeks.reduce((b, w, i) => (Math.abs(w - d.split) < Math.abs(d.weeks[b] - d.split) ? i : b), 0), over = d.model.at(-1) >= d.actual.at(-1), end = (key, up) => ({ show: true, formatter: () => word(key), color: "inherit", fontSize: 12, fontFamily: k.font, offset: [0, up ? -8 : 8] });
      const hold = d.split === null ? undefined : { silent: true, itemStyle: { color: alpha(c["ink-3"], .1) }, label: { color: c["ink-2"], fontSize: 12, fontFamily: k.font, position: "insideTop" }, data: [[{ name: word("hold"), xAxis: weeks[near] }, { xAxis: weeks.at(-1) }]] };
      return base(k, { grid: { left: 54, right: 52, top: 14, bottom: 44 }, tooltip: { ...k.tip(p => `${word("week", { n: weeks[p[0].dataIndex] })}\n${word("actual")} ${int(d.actual[p[0].dataIndex])}\n${word("model")} ${int(d.model[p[0].dataIndex])}`), trigger: "axis" },
        xAxis: k.x({ type: "category", data: weeks, boundaryGap: false, name: L(d.axis), nameLocation: "middle", nameGap: 26, axisLabel: { interval: weeks.length > 40 ? 12 : "auto" } }), yAxis: k.y({ type: "value", splitNumber: 3, axisLabel: { formatter: int } }),
        series: [{ type: "line", showSymbol: false, data: d.model, z: 4, lineStyle: { color: c["accent-strong"], width: 1.8 }, itemStyle: { color: c["accent-strong"] }, endLabel: end("model", over), markArea: hold }, { type: "line", showSymbol: false, data: d.actual, z: 1, lineStyle: { color: alpha(c["ink-3"], .42), width: 7, cap: "butt" }, itemStyle: { color: c["ink-2"] }, endLabel: end("actual", !over) }] });
    },
    pit(d, k) {
      const { c } = k, sum = d.reduce((a, b) => a + b, 0) || 1, shares = d.map(v => v / sum * 100);
      return base(k, { grid: { left: 46, right: 48, top: 10, bottom: 24 }, tooltip: k.tip(p => `${(p.dataIndex / 10).toFixed(1)} – ${((p.dataIndex + 1) / 10).toFixed(1)}\n${pct(p.value)}`),
        xAxis: k.x({ type: "category", data: shares.map((_, i) => (i / 10).toFixed(1)) }), yAxis: k.y({ type: "value", min: 0, splitNumber: 2, axisLabel: { formatter: v => pct(v, 0) } }),
        series: [{ type: "bar", barCategoryGap: "8%", itemStyle: { color: c["line-strong"] }, data: shares, markLine: { silent: true, symbol: "none", lineStyle: { color: c.accent, width: 1.6, type: "solid" }, label: { formatter: () => word("expected"), color: c.accent, fontSize: 11, fontFamily: k.font }, data: [{ yAxis: 100 / shares.length }] } }] });
    },
  };

  function draw(node) {
    const name = node.dataset.chart, data = R.data.charts[name]; if (!data) return;
    if (name === "cohort") node.style.height = 34 + data.rows.length * 22 + "px";
    const chart = echarts.getInstanceByDom(node) || echarts.init(node, null, { renderer: "canvas" });
    chart.setOption(build[name](data, kit(), node.clientWidth < 520, node), true); chart.off("click");
    chart.on("click", p => { if (p.data && p.data.pick) R.pick(p.data.pick); });
    if (name === "concentration") { chart.getZr().off("click"); chart.getZr().on("click", e => { const at = chart.convertFromPixel({ gridIndex: 0 }, [e.offsetX, e.offsetY]); if (chart.containPixel({ gridIndex: 0 }, [e.offsetX, e.offsetY])) R.pick({ top: Math.min(1, Math.max(.001, at[0] / 100)) }); }); }
  }
  const all = () => [...document.querySelectorAll("[data-chart]")];
  R.build = build; R.kit = kit;                              /* other pages draw with these, too */
  R.draw = () => all().forEach(draw);
  R.watch = () => { const seen = new ResizeObserver(es => es.forEach(e => { const chart = echarts.getInstanceByDom(e.target); if (chart && e.contentRect.width && chart.getWidth() !== e.target.clientWidth) { chart.resize({ animation: { duration: 0 } }); draw(e.target); } })); all().forEach(n => seen.observe(n)); };
})();
