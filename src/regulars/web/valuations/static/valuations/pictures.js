/* The pages of value draw with the report's own builders; where a mark leads to comes beside the data, as `open`. */
(function () {
  "use strict";
  const R = window.regulars, SMALL = 520;
  const leads = {
    matrix: (d, pick) => (pick.cell ? d.open.cells[d.cells.indexOf(pick.cell)] : undefined),
    pyramid: (d, pick) => d.open.classes[pick.cls],
    rfm: (d, pick) => d.open.cells[`${pick.r}${pick.f}`],
  };
  function opened(name, d, option) {
    if (name === "cohort") for (const datum of option.series[0].data) datum.href = d.open.rows[datum.value[1]];
    else if (leads[name]) for (const series of option.series) for (const datum of series.data || []) if (datum && datum.pick) datum.href = leads[name](d, datum.pick);
    return option;
  }
  for (const [name, build] of Object.entries(R.build)) {
    regularsCharts.add(`value-${name}`, (d, kit, node) => {
      if (name === "cohort") node.style.height = 34 + d.rows.length * 24 + "px";
      return { option: opened(name, d, build(d, R.kit(), node.clientWidth < SMALL, node)) };
    });
  }
  document.addEventListener("DOMContentLoaded", () => {                   /* anywhere under the curve: the best so many */
    const node = document.querySelector('[data-chart="value-concentration"]');
    if (!node) return;
    const { open } = JSON.parse(document.getElementById(node.dataset.from).textContent), chart = echarts.getInstanceByDom(node);
    chart.getZr().on("click", e => {
      const at = [e.offsetX, e.offsetY];
      if (!chart.containPixel({ gridIndex: 0 }, at)) return;
      const share = chart.convertFromPixel({ gridIndex: 0 }, at)[0], i = open.steps.reduce((best, step, k) => (Math.abs(step - share) < Math.abs(open.steps[best] - share) ? k : best), 0);
      if (open.to[i]) location.assign(open.to[i]);
    });
  });
})();
