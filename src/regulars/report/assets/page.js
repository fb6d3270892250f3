/* Behaviour of the page: language, theme, chart or table, print. Nothing is stored, nothing is sent. */
(function () {
  "use strict";
  const R = window.regulars, root = document.documentElement;
  const has = new Set(R.data.customers.map(r => String(r[0])));
  document.querySelectorAll("[data-find]").forEach(b => { if (!has.has(b.dataset.find)) { b.disabled = true; } });

  function table(button) {
    const figure = button.closest(".fig"), chart = figure.querySelector(".chart"), box = figure.querySelector(".chart-t"), on = !box.classList.contains("on");
    box.classList.toggle("on", on); chart.hidden = on; button.setAttribute("aria-pressed", String(on)); toggled();
  }
  function toggled() {
    document.querySelectorAll('[data-act="table"]').forEach(b => { b.textContent = R.word(b.getAttribute("aria-pressed") === "true" ? "chart" : "table"); });
  }
  document.addEventListener("click", e => {
    const t = e.target.closest("[data-act],[data-class],[data-tier],[data-visit],[data-find]"); if (!t) return;
    const { act } = t.dataset;
    if (act === "lang") { R.apply(R.isEn() ? "zh" : "en"); R.changed(); }
    else if (act === "theme") { root.dataset.theme = R.isDark() ? "light" : "dark"; R.changed(); }
    else if (act === "print") print();
    else if (act === "table") table(t);
    else if (t.dataset.class) R.pick({ cls: R.data.keys.indexOf(t.dataset.class) });
    else if (t.dataset.tier) R.pick({ tier: t.dataset.tier });
    else if (t.dataset.visit) R.pick({ visit: t.dataset.visit });
    else if (t.dataset.find) R.pick({ find: t.dataset.find });
  });
  let was;                                                   /* paper is always light */
  addEventListener("beforeprint", () => { was = root.dataset.theme; if (R.isDark()) { root.dataset.theme = "light"; R.draw(); } });
  addEventListener("afterprint", () => { if (was === root.dataset.theme) return; if (was) root.dataset.theme = was; else delete root.dataset.theme; R.draw(); });
  document.addEventListener("rg:change", () => { toggled(); R.draw(); R.show(); });

  const wanted = R.query.get("lang");
  if (["zh", "en"].includes(wanted)) R.apply(wanted);
  toggled(); R.draw(); R.watch(); R.startCustomers();
})();
