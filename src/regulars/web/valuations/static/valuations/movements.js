/* How many went from which class to which: one square a move, green up, red down. */
(function () {
  "use strict";
  regularsCharts.add("movements", (d, k) => {
    const { c } = k, most = Math.log(Math.max(2, ...d.cells.map(x => x[2]))), tone = { up: c.up, down: c.down, same: c["ink-3"], "": c["line-strong"] };
    return { option: regularsCharts.base(k, { grid: { left: 88, right: 8, top: 30, bottom: 8 },
      tooltip: k.tip(p => `${d.before[p.value[1]]} → ${d.after[p.value[0]]}\n${k.int(p.value[2])} ${d.people}`),
      xAxis: k.x({ type: "category", data: d.after, position: "top", axisLine: { show: false }, axisLabel: { interval: 0, hideOverlap: false } }),
      yAxis: k.y({ type: "category", data: d.before, inverse: true, axisLabel: { interval: 0 } }),
      series: [{ type: "custom", cursor: "pointer", encode: { x: 0, y: 1 }, data: d.cells.map(x => ({ value: x.slice(0, 3), href: x[4] })),
        renderItem: (p, api) => { const [w, h] = api.size([1, 1]), at = api.coord([api.value(0), api.value(1)]), n = api.value(2), size = .25 + .75 * Math.log(Math.max(1, n)) / most, wide = Math.max(26, (w - 6) * size), high = Math.max(18, (h - 6) * size), way = d.cells[p.dataIndex][3];
          return { type: "group", children: [{ type: "rect", shape: { x: at[0] - wide / 2, y: at[1] - high / 2, width: wide, height: high, r: 4 }, style: { fill: regularsCharts.colour.alpha(tone[way], way === "up" || way === "down" ? .3 : .22) }, emphasis: { style: { stroke: c.ink, lineWidth: 1.2 } } },
            { type: "text", style: { x: at[0], y: at[1], text: k.int(n), font: `600 12px ${k.font}`, fill: c.ink, align: "center", verticalAlign: "middle" } }] }; } }] }) };
  });
})();
