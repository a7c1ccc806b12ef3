// Prices that add up: their sum in figures and capitals while they are typed. Display only, the server adds exactly.
(() => {
  "use strict";
  const STEP = 10000n;
  const ticks = (text) => {
    const plain = text
      .trim()
      .replace(/[０-９．]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
      .replace(/,(?=\d{3}\b)/g, "");
    const found = /^(\d{1,9})(?:\.(\d{1,4}))?$/.exec(plain);
    return found ? BigInt(found[1]) * STEP + BigInt((found[2] || "").padEnd(4, "0")) : null;
  };
  const groups = {};
  const show = (name) => {
    const parts = groups[name].map((field) => ticks(field.value));
    const known = parts.every((part) => part !== null && part > 0n);
    const total = known ? parts.reduce((sum, part) => sum + part, 0n) : 0n;
    const text = known ? `${total / STEP}.${String(total % STEP).padStart(4, "0")}` : "—";
    document.querySelectorAll(`[data-sum-figure="${name}"]`).forEach((spot) => (spot.textContent = text));
    document
      .querySelectorAll(`[data-sum-capitals="${name}"]`)
      .forEach((spot) => (spot.textContent = known ? window.jicai.capitals(text) : "—"));
  };
  window.jicai.each("[data-part]", (field) => {
    const name = field.dataset.part;
    (groups[name] ||= []).push(field);
    field.addEventListener("input", () => show(name));
  });
  Object.keys(groups).forEach(show);
})();
