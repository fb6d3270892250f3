/* Who has come back, who has not fallen silent, who left: a line a group, named at its end; everybody's with its interval. */
(function () {
  "use strict";
  const alpha = regularsCharts.colour.alpha, EVERYBODY = "ink-3", CYCLE = ["accent", "au", "pt", "fe", "info", "up", "down", "warn", "pb"];
  const tone = (k, d, i) => k.c[d.lines[i].tone || (i ? CYCLE[(i - 1) % CYCLE.length] : EVERYBODY)];
  const short = name => (name.length > 14 ? name.slice(0, 13) + "…" : name);
  const named = (k, d, i, many) => ({ endLabel: { show: many, formatter: () => short(d.lines[i].name), color: tone(k, d, i), fontSize: 11, fontFamily: k.font, distance: 6 }, labelLayout: { moveOverlap: "shiftY" } });
  const steps = which => (d, k) => {
    const whole = d.lines[0][which], many = d.lines.length > 1;
    const band = i => ({ name: `~${i}`, type: "line", stack: "band", stackStrategy: "all", silent: true, symbol: "none", step: "end", lineStyle: { opacity: 0 } });
    return { option: regularsCharts.base(k, { grid: { left: 46, right: many ? 92 : 14, top: 14, bottom: 42 },
      tooltip: { ...k.tip(list => `${list[0].axisValue} ${d.days}\n` + list.filter(p => !p.seriesName.startsWith("~")).map(p => `${p.seriesName}  ${k.pct(p.value[1])}`).join("\n")), trigger: "axis" },
      xAxis: k.x({ type: "value", min: 0, max: "dataMax", name: d.days, nameLocation: "middle", nameGap: 24, axisLabel: { showMaxLabel: false } }), yAxis: k.y({ type: "value", min: 0, max: 100, interval: 25, axisLabel: { formatter: "{value}%" } }),
      series: [
        { ...band(0), data: whole.map(s => [s[0], 100 * s[2]]) }, { ...band(1), data: whole.map(s => [s[0], 100 * (s[3] - s[2])]), areaStyle: { color: alpha(k.c[EVERYBODY], .18) } },
        ...d.lines.map((l, i) => ({ name: l.name, type: "line", step: "end", symbol: "none", ...named(k, d, i, many), lineStyle: { width: i || !many ? 2 : 1.6, color: tone(k, d, i), type: i || !many ? "solid" : [4, 3] }, itemStyle: { color: tone(k, d, i) }, data: l[which].map(s => [s[0], 100 * s[1]]) })),
      ] }) };
  };
  regularsCharts.add("retention-again", steps("again"));
  regularsCharts.add("retention-staying", steps("staying"));
  regularsCharts.add("retention-churn", (d, k) => {
    const many = d.lines.length > 1;
    return { option: regularsCharts.base(k, { grid: { left: 46, right: many ? 92 : 14, top: 14, bottom: 30 },
      tooltip: { ...k.tip(list => `${list[0].axisValue}\n` + list.filter(p => p.data).map(p => `${p.seriesName}  ${k.pct(p.data.value)}  (${k.int(p.data.of[1])} ${d.left} / ${k.int(p.data.of[0])} ${d.active})`).join("\n")), trigger: "axis" },
      xAxis: k.x({ type: "category", data: d.months }), yAxis: k.y({ type: "value", min: 0, axisLabel: { formatter: "{value}%" } }),
      series: d.lines.map((l, i) => ({ name: l.name, type: many ? "line" : "bar", symbol: "circle", symbolSize: 5, barMaxWidth: 26, ...named(k, d, i, many), lineStyle: { width: i ? 2 : 1.6, type: i ? "solid" : [4, 3], color: tone(k, d, i) }, itemStyle: { color: many ? tone(k, d, i) : k.c.accent }, data: l.points.map(p => (p ? { value: p[0], of: [p[1], p[2]] } : null)) })) }) };
  });
})();
