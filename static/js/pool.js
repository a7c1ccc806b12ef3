// What is left of a hospital's pool while it is divided. Display only: the server checks every unit.
(() => {
  "use strict";
  window.jicai.each("[data-pool]", (part) => {
    const fields = [...part.querySelectorAll("[data-give]")];
    const says = part.querySelector("[data-pool-says]");
    const show = () => {
      const texts = fields.map((field) => field.value.trim());
      const known = texts.every((text) => /^\d{0,12}$/.test(text));
      const left = Number(part.dataset.pool) - texts.reduce((sum, text) => sum + Number(text || 0), 0);
      const words = left === 0 ? part.dataset.done : left > 0 ? part.dataset.short : part.dataset.more;
      says.textContent = known ? words.replace("{n}", Math.abs(left).toLocaleString("en-US")) : "";
      says.classList.toggle("t-warn", known && left !== 0);
    };
    fields.forEach((field) => field.addEventListener("input", show));
    show();
  });
})();
