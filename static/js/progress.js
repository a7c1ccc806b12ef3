// Long work: asks a JSON address how far it is, and opens the result when it is done.
// Answer: {"done": 120, "total": 900, "text": "…", "finished": false, "failed": false}
(() => {
  "use strict";
  const watch = (box) => {
    const bar = box.querySelector("progress"),
      text = box.querySelector("[data-text]");
    let wait = 700;
    const show = (state) => {
      if (state.total) {
        bar.max = state.total;
        bar.value = state.done;
      }
      box.querySelector("[data-done]").textContent = state.done ?? 0;
      box.querySelector("[data-total]").textContent = state.total || "—";
      if (state.text) text.textContent = state.text;
    };
    const ask = async () => {
      if (!box.isConnected) return;
      try {
        const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
        if (!answer.ok) throw new Error(String(answer.status));
        const state = await answer.json();
        show(state);
        if (state.finished || state.failed) {
          if (box.dataset.then) location.assign(box.dataset.then);
          return;
        }
        wait = Math.min(wait * 1.2, 5000);
      } catch {
        text.textContent = box.dataset.failed;
        wait = Math.min(wait * 2, 30000);
      }
      setTimeout(ask, wait);
    };
    ask();
  };
  window.jicai.each("[data-progress]", watch);
})();
