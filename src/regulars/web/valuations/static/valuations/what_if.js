/* Value to come, a bar a case; the case that was asked for stands out. */
(function () {
  "use strict";
  const alpha = regularsCharts.colour.alpha;
  regularsCharts.add("what-if", (d, k, node) => {
    const few = node.clientWidth < 520;
    return { option: regularsCharts.base(k, { grid: { left: 56, right: 8, top: 22, bottom: 30 },
      tooltip: k.tip(p => `${d.names[p.dataIndex]}\n${k.full(p.value)}`),
      xAxis: k.x({ type: "category", data: d.names, axisLabel: { interval: 0, hideOverlap: true } }), yAxis: k.y({ type: "value", min: 0, splitNumber: 3, axisLabel: { formatter: v => k.money(v) } }),
      series: [{ type: "bar", barMaxWidth: 44, label: { show: !few, position: "top", color: k.c["ink-2"], fontSize: 11, fontFamily: k.font, formatter: p => k.money(p.value) }, labelLayout: { hideOverlap: true },
        data: d.values.map((v, i) => ({ value: v, itemStyle: { color: i === d.at ? k.c.accent : alpha(k.c["ink-3"], .38), borderRadius: [3, 3, 0, 0] } })) }] }) };
  });
})();
