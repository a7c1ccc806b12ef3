// Behaviour every page shares: clock, countdown, unfolding, dialogs, theme, filters; and the loading of what a page needs.
// No inline handlers, no texts: words come from data attributes, so both languages work.
(() => {
  "use strict";
  const base = new URL("..", document.currentScript.src).href;
  const rules = [];
  const loaded = new Map();

  const script = (name) => {
    if (!loaded.has(name)) {
      loaded.set(
        name,
        new Promise((resolve, reject) => {
          const tag = document.createElement("script");
          tag.src = base + name;
          tag.onload = resolve;
          tag.onerror = () => reject(new Error(`${name} did not load`));
          document.head.append(tag);
        }),
      );
    }
    return loaded.get(name);
  };
  const sheet = (name) => {
    if (loaded.has(name)) return;
    loaded.set(name, true);
    const tag = document.createElement("link");
    tag.rel = "stylesheet";
    tag.href = base + name;
    document.head.insertBefore(tag, document.querySelector("link[rel=stylesheet][href*='/css/']")); // ours come after
  };
  const apply = (root) => {
    for (const [selector, act] of rules) {
      const found = [...root.querySelectorAll(selector)];
      if (root.matches?.(selector)) found.unshift(root);
      found.forEach(act);
    }
  };
  // each(selector, act): for what is on the page and for what is swapped in later
  const each = (selector, act) => {
    rules.push([selector, act]);
    document.querySelectorAll(selector).forEach(act);
  };
  window.jicai = { each, script };
  document.addEventListener("htmx:load", (event) => {
    if (event.target !== document.body) apply(event.target);
  });

  // what a page needs is loaded when an element asks for it
  const needs = {
    "[data-picker]": ["vendor/tom-select.complete.min.js", "js/picker.js"],
    "[data-what-if]": ["js/figures.js", "js/retention.js"],
    "[data-grid]": ["vendor/tabulator.min.js", "js/figures.js", "js/grid.js"],
    "[data-demand]": ["js/demand.js"],
    "[data-plan]": ["js/plan.js"],
    "[data-autosave]": ["js/autosave.js"],
    "[data-spread]": ["vendor/echarts.min.js", "js/plots.js", "js/spread.js"],
    "[data-plot]": ["vendor/echarts.min.js", "js/plots.js"],
    "[data-price]": ["js/bid.js"],
    "[data-composition]": ["js/composition.js"],
    "[data-part]": ["js/sum.js"],
    "[data-pool]": ["js/pool.js"],
    "[data-progress]": ["js/progress.js"],
  };
  const sheets = {
    "[data-grid]": "vendor/tabulator_bootstrap5.min.css",
    "[data-picker]": "vendor/tom-select.bootstrap5.min.css",
  };
  const require = async (root) => {
    for (const [selector, names] of Object.entries(needs)) {
      if (!root.querySelector(selector)) continue;
      if (sheets[selector]) sheet(sheets[selector]);
      for (const name of names) await script(name);
    }
  };
  require(document);
  document.addEventListener("htmx:load", (event) => require(event.target));

  // a table that fits keeps its head in sight and is no stop of the tab key; a wider one scrolls in its own box
  each(".scroll", (box) => {
    const fit = () => {
      const fits = box.scrollWidth <= box.clientWidth;
      box.classList.toggle("fits", fits);
      if (fits) box.removeAttribute("tabindex");
      else box.tabIndex = 0;
    };
    const watch = new ResizeObserver(fit);
    [box, ...box.children].forEach((part) => watch.observe(part));
  });

  // clock and countdown: the server's instant carried on by this machine's steady timer, shown in Beijing time
  const pad = (number) => String(number).padStart(2, "0");
  const started = performance.now();
  const origin = document.querySelector("[data-clock]");
  const drift = origin ? new Date(origin.dataset.clock).getTime() - Date.now() : 0;
  const serverNow = () =>
    new Date(origin ? origin.dataset.clock : Date.now()).getTime() + (origin ? performance.now() - started : 0);
  const beijing = (time) => {
    const wall = new Date(time + 8 * 3600e3);
    return [wall.getUTCHours(), wall.getUTCMinutes(), wall.getUTCSeconds()].map(pad).join(":");
  };
  const fill = (format, parts) => format.replace(/\{(\w)\}/g, (_, name) => parts[name]);
  const left = (element, time) => {
    const seconds = Math.ceil((new Date(element.dataset.left).getTime() - time) / 1000);
    element.classList.toggle("soon", seconds < 86400);
    element.classList.toggle("now", seconds < 900);
    if (seconds <= 0) {
      element.textContent = element.dataset.over;
      return;
    }
    const days = Math.floor(seconds / 86400);
    const parts = {
      d: days,
      h: Math.floor(seconds / 3600),
      m: pad(Math.floor(seconds / 60) % 60),
      s: pad(seconds % 60),
    };
    if (days >= 3) parts.h -= days * 24;
    element.textContent = fill(days >= 3 ? element.dataset.long : element.dataset.format, parts);
  };
  const tick = () => {
    const time = serverNow();
    document.querySelectorAll("[data-clock]").forEach((element) => {
      element.textContent = beijing(time);
    });
    document.querySelectorAll("[data-left]").forEach((element) => left(element, time));
  };
  tick();
  setInterval(tick, 1000);
  addEventListener("jicai:swapped", tick);
  each("[data-drift]", (element) => {
    element.textContent = fill(element.dataset.drift, { s: (Math.abs(drift) / 1000).toFixed(1) });
  });

  // clicks
  const toggle = (button) => {
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    document.getElementById(button.getAttribute("aria-controls")).hidden = !open;
  };
  const swapTheme = () => {
    const root = document.documentElement;
    root.dataset.bsTheme = root.dataset.bsTheme === "dark" ? "light" : "dark";
    try {
      localStorage.setItem("theme", root.dataset.bsTheme);
    } catch {
      /* kept for this page alone */
    }
    dispatchEvent(new Event("themechange"));
  };
  const openDialog = (id) => {
    const dialog = document.getElementById(id);
    dialog.dispatchEvent(new Event("jicai:open"));
    dialog.showModal();
  };
  const acts = {
    ".open": toggle,
    "[data-all]": (button) =>
      (button.closest(".panel") ?? document).querySelectorAll(".open[aria-expanded=false]").forEach(toggle),
    "[data-open-all]": (button) =>
      (button.closest(".panel") ?? document).querySelectorAll("details").forEach((one) => {
        one.open = true;
      }),
    "button[data-theme]": swapTheme,
    "[data-dialog]": (button) => openDialog(button.dataset.dialog),
    "[data-close]": (button) => button.closest("dialog").close(),
    "[data-back]": () => history.back(),
    "[data-print]": () => print(),
  };
  document.addEventListener("click", (event) => {
    for (const [selector, act] of Object.entries(acts)) {
      const element = event.target.closest(selector);
      if (element) act(element);
    }
    if (event.target.tagName === "DIALOG") event.target.close(); // the ground around a dialog
  });

  // keys: "/" goes to the search field; binding acts have no key
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable], .tabulator");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const field = document.getElementById("search");
    if (field) {
      event.preventDefault();
      field.focus();
      field.select();
    }
  });

  // filters submit themselves; empty ones stay out of the address
  each("form[data-filters]", (form) => {
    form.querySelector("[data-go]").classList.add("visually-hidden");
    form.addEventListener("change", () => form.requestSubmit());
    form.addEventListener("formdata", (event) => {
      [...event.formData].forEach(([name, value]) => {
        if (value === "") event.formData.delete(name);
      });
    });
  });
  // a form sent once is not sent again by an impatient second click
  document.addEventListener("submit", (event) => {
    if (event.target.method !== "post") return;
    if (event.target.dataset.sent) {
      event.preventDefault();
      return;
    }
    event.target.dataset.sent = "1";
    setTimeout(() => {
      delete event.target.dataset.sent;
    }, 4000);
  });
  each("[data-summary]", (summary) => summary.focus());
})();
