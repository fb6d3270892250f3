/* Who is still there after so many renewals: counted, with its interval, and as the models say. */
(function () {
  "use strict";
  const alpha = regularsCharts.colour.alpha;
  regularsCharts.add("contract-survival", (d, k) => {
    const band = i => ({ name: `~${i}`, type: "line", stack: "band", stackStrategy: "all", silent: true, symbol: "none", step: "end", lineStyle: { opacity: 0 } });
    return { option: regularsCharts.base(k, { grid: { left: 46, right: d.models.length ? 64 : 14, top: 14, bottom: 42 },
      tooltip: { ...k.tip(list => `${list[0].axisValue} ${d.axis}\n` + list.filter(p => !p.seriesName.startsWith("~")).map(p => `${p.seriesName}  ${k.pct(p.value[1])}`).join("\n")), trigger: "axis" },
      xAxis: k.x({ type: "value", min: 0, max: "dataMax", minInterval: 1, name: d.axis, nameLocation: "middle", nameGap: 24 }), yAxis: k.y({ type: "value", min: 0, max: 100, interval: 25, axisLabel: { formatter: "{value}%" } }),
      series: [
        { ...band(0), data: d.counted.map(s => [s[0], 100 * s[2]]) }, { ...band(1), data: d.counted.map(s => [s[0], 100 * (s[3] - s[2])]), areaStyle: { color: alpha(k.c["ink-3"], .18) } },
        { name: d.name, type: "line", step: "end", symbol: "none", lineStyle: { width: 2, color: k.c["ink-3"] }, itemStyle: { color: k.c["ink-3"] }, data: d.counted.map(s => [s[0], 100 * s[1]]) },
        ...d.models.map(m => ({ name: m.name, type: "line", symbol: "none", endLabel: { show: true, formatter: m.name, color: m.chosen ? k.c.accent : k.c.au, fontSize: 11, fontFamily: k.font, distance: 6 }, labelLayout: { moveOverlap: "shiftY" }, lineStyle: { width: m.chosen ? 2 : 1.6, type: m.chosen ? "solid" : [4, 3], color: m.chosen ? k.c.accent : k.c.au }, itemStyle: { color: m.chosen ? k.c.accent : k.c.au }, data: m.values.map((v, i) => [d.counted[i][0], 100 * v]) })),
      ] }) };
  });
})();
