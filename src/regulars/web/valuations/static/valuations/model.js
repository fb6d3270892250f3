/* What happened (bars) beside what was expected (marks), a pair a group of customers. */
(function () {
  "use strict";
  const alpha = regularsCharts.colour.alpha, two = v => v.toFixed(2);
  regularsCharts.add("model-pairs", (d, k) => ({ option: regularsCharts.base(k, {
    grid: { left: 46, right: 14, top: 14, bottom: 42 },
    tooltip: { ...k.tip(list => `${d.names[list[0].dataIndex]} ${d.axis}\n${d.t.actual}  ${two(d.actual[list[0].dataIndex])}\n${d.t.expected}  ${two(d.expected[list[0].dataIndex])}\n${d.t.customers}  ${k.int(d.customers[list[0].dataIndex])}`), trigger: "axis", axisPointer: { type: "none" } },
    xAxis: k.x({ type: "category", data: d.names, name: d.axis, nameLocation: "middle", nameGap: 24 }), yAxis: k.y({ type: "value", min: 0, splitNumber: 4 }),
    series: [
      { name: d.t.actual, type: "bar", barCategoryGap: "34%", itemStyle: { color: alpha(k.c["ink-3"], .38), borderRadius: [2, 2, 0, 0] }, data: d.actual },
      { name: d.t.expected, type: "scatter", symbol: "rect", symbolSize: [26, 4], z: 4, itemStyle: { color: k.c["accent-strong"] }, data: d.expected },
    ] }) }));
})();
