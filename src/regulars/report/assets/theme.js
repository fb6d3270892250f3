/* What every script shares: the data, both languages, colours as the style sheet has them, numbers as people read them. */
(function () {
  "use strict";
  const root = document.documentElement;
  const data = JSON.parse(document.getElementById("report-data").textContent);
  const query = new URLSearchParams(location.search);
  const isEn = () => root.lang.startsWith("en");
  const L = v => (v && typeof v === "object" && "zh" in v ? (isEn() ? v.en : v.zh) : v);
  const word = (key, values) => L(data.words[key]).replace(/\{(\w+)\}/g, (all, k) => (values && k in values ? String(values[k]) : all));

  const sign = v => (v < 0 ? "−" : "");
  const int = v => sign(Math.round(v)) + Math.abs(Math.round(v)).toLocaleString("en-US");
  const pct = (v, d = 1) => sign(v) + Math.abs(v).toFixed(d) + "%";
  const chance = p => (p >= .995 ? ">99%" : p < .005 ? "<1%" : pct(p * 100, 0));   /* no forecast is certain */
  function full(v, digits = data.digits) {
    return sign(v) + data.symbol + Math.abs(v).toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  }
  function money(v) {                                        /* ¥18.4 万 in Chinese, ¥184k in English */
    const a = Math.abs(v), steps = isEn() ? [[1e9, "B", 1e9], [1e6, "M", 1e6], [1e4, "k", 1e3]] : [[1e8, " 亿", 1e8], [1e4, " 万", 1e4]];
    const [, unit, size] = steps.find(s => a >= s[0]) || [0, "", 1], scaled = a / size;
    const digits = scaled >= 100 || !unit ? 0 : scaled >= 10 ? 1 : 2;
    return (Math.round(scaled * 10 ** digits) ? sign(v) : "") + data.symbol + scaled.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits }) + unit;
  }
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  function day(iso) {
    const [y, m, d] = iso.split("-").map(Number);
    return isEn() ? `${d} ${MONTHS[m - 1]} ${y}` : `${y}年${m}月${d}日`;
  }

  const probe = document.createElement("i"); probe.hidden = true; document.body.append(probe);
  const token = name => { probe.style.color = `var(--rg-${name})`; return getComputedStyle(probe).color; };
  const alpha = (c, a) => c.replace(/^rgba?\(([^)]+)\)$/, (_, v) => `rgba(${v.split(",").slice(0, 3).join(",")},${a})`);
  const NAMES = ["bg", "surface", "sunken", "line", "line-strong", "ink", "ink-2", "ink-3", "accent", "accent-strong", "accent-soft", "pt", "au", "fe", "pb", "pt-ink", "au-ink", "fe-ink", "pb-ink", "s0", "s1", "s2", "s3", "s4", "s5"];
  const colours = () => Object.fromEntries(NAMES.map(n => [n, token(n)]));

  function apply(lang) {                                     /* turn every text that carries both languages */
    root.lang = lang === "en" ? "en" : "zh-Hans";
    document.querySelectorAll(`[data-${lang}]`).forEach(n => { n.textContent = n.dataset[lang]; });
    ["aria-label", "placeholder", "title"].forEach(a => document.querySelectorAll(`[data-${lang}-${a}]`).forEach(n => n.setAttribute(a, n.getAttribute(`data-${lang}-${a}`))));
    document.title = L(data.title);
  }
  const changed = () => document.dispatchEvent(new CustomEvent("rg:change"));
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme || (dark.matches ? "dark" : "light")) === "dark";
  dark.addEventListener("change", () => { if (!root.dataset.theme) changed(); });

  window.regulars = { data, query, isEn, L, word, sign, int, pct, chance, full, money, day, alpha, colours, apply, changed, isDark };
  root.classList.add("js");
  if (["light", "dark"].includes(query.get("theme"))) root.dataset.theme = query.get("theme");
})();
