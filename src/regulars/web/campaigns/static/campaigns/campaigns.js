/* Did it pay, and for whom? Two pictures that pages about experiments draw. */
(function () {
  "use strict";
  const sign = v => (v < 0 ? "−" : "");
  const head = d => v => sign(v) + d.symbol + Math.abs(v).toLocaleString("en-US", { maximumFractionDigits: Math.abs(v) < 100 ? 2 : 0 });

  /* Both groups so far, and below the difference with its band and a line at zero. */
  regularsCharts.add("effect", (d, k, node) => {
    const { c } = k, days = d.days.map(String), each = head(d), small = node.clientWidth < 520, right = small ? 12 : 84;
    const end = (n, o) => (small ? { show: false } : { show: true, formatter: n, fontSize: 12, fontWeight: 600, fontFamily: k.font, color: "inherit", distance: 6, ...o });
    const name = { nameLocation: "end", nameTextStyle: { ...k.text, align: "left" }, nameGap: 10 };
    const invisible = { type: "line", xAxisIndex: 1, yAxisIndex: 1, stack: "band", stackStrategy: "all", showSymbol: false, silent: true, lineStyle: { opacity: 0 } };
    const apart = (d.treated.at(-1) - d.control.at(-1)) / (Math.max(...d.treated, ...d.control) || 1), shift = Math.abs(apart) < .1 ? (apart < 0 ? -1 : 1) * 8 : 0;
    return { option: regularsCharts.base(k, {
      grid: [{ left: 62, right, top: 34, height: "36%" }, { left: 62, right, bottom: 44, height: "28%" }], axisPointer: { link: [{ xAxisIndex: "all" }] },
      tooltip: { ...k.tip(ps => { const i = ps[0].dataIndex; return `${d.t.day} ${days[i]}\n${d.t.treated} ${each(d.treated[i])}\n${d.t.control} ${each(d.control[i])}\n${d.t.net} ${each(d.net[i])} [${each(d.low[i])}, ${each(d.high[i])}]`; }), trigger: "axis" },
      xAxis: [k.x({ type: "category", data: days, boundaryGap: false, axisLabel: { show: false } }), k.x({ type: "category", data: days, boundaryGap: false, gridIndex: 1, name: d.t.axis, nameLocation: "middle", nameGap: 26, axisLine: { onZero: false, lineStyle: { color: c["line-strong"] } } })],
      yAxis: [k.y({ splitNumber: 3, name: d.t.a, ...name, axisLabel: { formatter: each } }), k.y({ gridIndex: 1, splitNumber: 2, name: d.t.b, ...name, axisLabel: { formatter: each } })],
      series: [
        { type: "line", showSymbol: false, data: d.control, lineStyle: { color: c["ink-3"], width: 1.8, type: [5, 3] }, itemStyle: { color: c["ink-2"] }, endLabel: end(d.t.control, { offset: [0, shift] }) },
        { type: "line", showSymbol: false, data: d.treated, lineStyle: { color: c.accent, width: 2.4 }, itemStyle: { color: c.accent }, endLabel: end(d.t.treated, { offset: [0, -shift] }) },
        { ...invisible, data: d.low }, { ...invisible, areaStyle: { color: regularsCharts.colour.alpha(c.accent, .2) }, data: d.high.map((h, i) => h - d.low[i]) },
        { type: "line", xAxisIndex: 1, yAxisIndex: 1, showSymbol: false, data: d.net, lineStyle: { color: c["accent-strong"], width: 2 }, itemStyle: { color: c["accent-strong"] }, endLabel: end(p => each(p.value)), markLine: { silent: true, symbol: "none", label: { show: false }, lineStyle: { color: c.ink, width: 1, type: "solid", opacity: .6 }, data: [{ yAxis: 0 }] } },
      ] }) };
  });

  /* One row an estimate: filled where the interval leaves zero out, hollow where it does not. */
  regularsCharts.add("forest", (d, k, node) => {
    const { c } = k, each = head(d), left = Math.min(160, Math.max(64, node.clientWidth * .3));
    node.style.height = 62 + d.rows.length * 34 + "px";
    return { option: regularsCharts.base(k, { grid: { left, right: 16, top: 6, bottom: 46 }, tooltip: k.tip(p => { const r = d.rows[p.dataIndex]; return `${r.name}  n = ${k.int(r.n)}\n${each(r.at)} [${each(r.low)}, ${each(r.high)}]`; }),
      xAxis: k.x({ type: "value", name: d.x, nameLocation: "middle", nameGap: 28, splitLine: { show: true, lineStyle: { color: c.line } }, splitNumber: 4, axisLabel: { formatter: k.money } }),
      yAxis: k.y({ type: "category", data: d.rows.map(r => r.name), inverse: true, splitLine: { show: false }, axisLabel: { color: c["ink-2"], width: left - 12, overflow: "truncate" } }),
      series: [{ type: "custom", cursor: d.rows.some(r => r.href) ? "pointer" : "default", encode: { x: [1, 3], y: 0 }, data: d.rows.map((r, i) => ({ value: [i, r.low, r.at, r.high], href: r.href })),
        renderItem: (_, api) => {
          const i = api.value(0), a = api.coord([api.value(1), i]), m = api.coord([api.value(2), i]), b = api.coord([api.value(3), i]), sure = api.value(1) > 0 || api.value(3) < 0, col = !sure ? c["ink-3"] : api.value(2) > 0 ? c.accent : c.down;
          return { type: "group", children: [{ type: "line", shape: { x1: a[0], y1: a[1], x2: b[0], y2: b[1] }, style: { stroke: col, lineWidth: sure ? 3 : 1.6 } }, { type: "circle", shape: { cx: m[0], cy: m[1], r: 5.5 }, style: { fill: sure ? col : c.surface, stroke: col, lineWidth: 2 } }] };
        }, markLine: { silent: true, symbol: "none", label: { show: false }, lineStyle: { color: c.ink, type: "solid", width: 1, opacity: .6 }, data: [{ xAxis: 0 }] } }] }) };
  });
})();
