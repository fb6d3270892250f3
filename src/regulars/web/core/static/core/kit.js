/* Behaviour of every page: theme, popovers, palette, selection. Loaded in <head> before anything is drawn.
   Pages read and forms work without it. */
(function () {
  "use strict";
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => { const t = root.dataset.theme; root.dataset.bsTheme = t === "light" || t === "dark" ? t : dark.matches ? "dark" : "light"; };
  const changed = () => document.dispatchEvent(new CustomEvent("rg:change"));
  root.classList.add("js");
  paint();
  dark.addEventListener("change", () => { paint(); changed(); });

  function place(pop, by) {                                  /* popover under its button, kept on screen */
    const r = by.getBoundingClientRect(), w = pop.offsetWidth, h = pop.offsetHeight;
    pop.style.left = Math.max(12, Math.min(r.left, innerWidth - w - 12)) + "px";
    pop.style.top = (r.bottom + 8 + h > innerHeight && r.top > h + 16 ? r.top - h - 8 : r.bottom + 8) + "px";
  }

  function selection() {
    const bar = document.querySelector(".bulk"); if (!bar) return;
    const rows = [...document.querySelectorAll("tbody [data-select]")], on = rows.filter(b => b.checked);
    rows.forEach(b => b.closest("tr").setAttribute("aria-selected", b.checked));
    bar.hidden = !on.length; bar.querySelector("[data-count]").textContent = on.length;
    bar.querySelectorAll("[data-sum]").forEach(n => { n.textContent = on.reduce((s, b) => s + Number(b.dataset.value), 0).toLocaleString("en-US"); });
  }

  function openPalette() {
    const pal = document.querySelector("dialog.pal"); if (!pal || pal.open) return Boolean(pal);
    pal.showModal();
    const input = pal.querySelector("input"); input.focus(); input.dispatchEvent(new Event("palette"));
    return true;
  }
  function walkPalette(e, pal) {
    const links = [...pal.querySelectorAll(".res a")], at = links.findIndex(a => a.getAttribute("aria-current") === "true");
    if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      e.preventDefault();
      const next = links[(at + (e.key === "ArrowDown" ? 1 : -1) + links.length) % links.length];
      links.forEach(a => a.removeAttribute("aria-current")); next?.setAttribute("aria-current", "true"); next?.scrollIntoView({ block: "nearest" });
    }
    if (e.key === "Enter" && links.length) { e.preventDefault(); (links[at] || links[0]).click(); }
  }

  /* Switches answer at once; the server keeps the choice. */
  function keep(form, name, value) {
    const body = new FormData(form); body.set(name, value);
    fetch(form.action, { method: "POST", body, redirect: "manual" });
  }

  let was = null;                                            /* paper is always light */
  addEventListener("beforeprint", () => { if (root.dataset.bsTheme === "dark") { was = "dark"; root.dataset.bsTheme = "light"; changed(); } });
  addEventListener("afterprint", () => { if (was) { root.dataset.bsTheme = was; was = null; changed(); } });

  const acts = {
    theme(t) { const v = root.dataset.bsTheme === "dark" ? "light" : "dark"; root.dataset.theme = v; paint(); t.value = v; keep(t.form, "theme", v); changed(); },
    density(t) { root.dataset.density = t.value; keep(t.form, "density", t.value); t.parentNode.querySelectorAll("button").forEach(b => b.setAttribute("aria-pressed", b === t)); },
    palette() { return openPalette(); },
    table(t) { const f = t.closest(".fig"), on = f.classList.toggle("as-table"); t.setAttribute("aria-pressed", on); },
    print() { print(); },
    clear() { document.querySelectorAll("[data-select]").forEach(b => { b.checked = false; }); selection(); },
    close(t) { t.closest("dialog")?.close(); },
    dialog(t) { document.getElementById(t.dataset.for)?.showModal(); },
    copy(t) { navigator.clipboard?.writeText(document.getElementById(t.dataset.for).textContent.trim()); },
  };
  document.addEventListener("click", e => {
    const t = e.target.closest("[data-act]"); if (!t || !acts[t.dataset.act]) return;
    if (acts[t.dataset.act](t) !== false) e.preventDefault();
  });
  document.addEventListener("change", e => {
    if (e.target.matches("[data-select-all]")) document.querySelectorAll("tbody [data-select]").forEach(b => { b.checked = e.target.checked; });
    if (e.target.matches("[data-select],[data-select-all]")) selection();
    if (e.target.matches("[data-submit]")) e.target.form.requestSubmit();
  });
  document.addEventListener("keydown", e => {
    const typing = e.target.matches("input,textarea,select,[contenteditable]"), pal = document.querySelector("dialog.pal[open]");
    if (pal && e.target.closest("dialog.pal")) walkPalette(e, pal);
    else if ((e.key === "k" && (e.ctrlKey || e.metaKey)) || (e.key === "/" && !typing && !e.ctrlKey && !e.metaKey && !e.altKey)) { if (openPalette()) e.preventDefault(); }
  });
  document.addEventListener("toggle", e => {
    if (e.newState !== "open" || !e.target.matches?.("[popover]")) return;
    const by = document.querySelector(`[popovertarget="${CSS.escape(e.target.id)}"]`); if (by) place(e.target, by);
  }, true);
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("dialog.pal").forEach(d => d.addEventListener("click", e => { if (e.target === d) d.close(); }));
    selection();
  });
})();
