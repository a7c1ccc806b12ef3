// What-if sliders of the retained balance: asks the server, which applies the rule; nothing is computed here.
(() => {
  "use strict";
  const WAIT = 150;
  window.jicai.each("[data-what-if]", (panel) => {
    const fields = [...panel.querySelectorAll("input[type=range]")];
    const said = panel.querySelector("[data-said]");
    const moved = [];
    let timer = 0,
      asked = 0;
    const share = (field) => (field.name === "score" ? field.value : (Number(field.value) / 100).toFixed(2));
    const repeat = (field) => (panel.querySelector(`[data-of="${field.name}"]`).textContent = field.value);
    const ask = async () => {
      const mine = ++asked;
      // what nobody moved stays as it is: a slider shows whole percents
      const query = new URLSearchParams(moved.map((field) => [field.name, share(field)]));
      try {
        const answer = await fetch(`${panel.dataset.whatIf}?${query}`, { headers: { Accept: "application/json" } });
        if (!answer.ok) throw new Error(String(answer.status));
        const found = await answer.json();
        if (mine !== asked) return;
        panel.querySelectorAll("[data-out]").forEach((spot) => {
          spot.textContent = window.jicai.figures.grouped(found[spot.dataset.out]);
        });
      } catch {
        if (mine === asked) said.textContent = panel.dataset.failed;
      }
    };
    fields.forEach((field) => {
      repeat(field);
      field.addEventListener("input", () => {
        repeat(field);
        if (!moved.includes(field)) moved.push(field);
        clearTimeout(timer);
        timer = setTimeout(ask, WAIT);
      });
    });
  });
})();
