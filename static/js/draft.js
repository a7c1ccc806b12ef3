// A draft's board keeps itself up to date: asks every two seconds, and nothing is swapped while somebody writes in it.
// Focus, the chosen region and what is unfolded stay. Changes are said in a live region; one's own turn in the title.
(() => {
  "use strict";
  const EVERY = 2000;
  const WRITING = "textarea, select, input:not([type=radio])";
  const watch = (box) => {
    const said = document.getElementById(box.dataset.said);
    const lost = document.getElementById(box.dataset.lost);
    const title = document.title;
    let tag = "";
    const part = () => box.firstElementChild;
    const tell = () => {
      const own = part().hasAttribute("data-mine");
      document.title = own ? `● ${title}` : title;
      if (said.textContent !== part().dataset.say) said.textContent = part().dataset.say;
    };
    const busy = () =>
      box.querySelector("dialog[open]") || (box.contains(document.activeElement) && document.activeElement.matches(WRITING));
    const ids = (selector) => [...box.querySelectorAll(selector)].map((one) => one.id).filter(Boolean);
    const swap = (html) => {
      const focus = box.contains(document.activeElement) ? document.activeElement.id : "";
      const [checked, open] = [ids("input:checked"), ids("details[open]")];
      box.innerHTML = html;
      const back = (names, act) => names.map((id) => document.getElementById(id)).filter(Boolean).forEach(act);
      back(checked, (one) => (one.checked = true));
      back(open, (one) => (one.open = true));
      back([focus], (one) => one.focus({ preventScroll: true }));
      tell();
      dispatchEvent(new Event("jicai:swapped"));
    };
    const ask = async () => {
      if (!box.isConnected) return;
      try {
        const answer = await fetch(box.dataset.draft, {
          headers: tag ? { "If-None-Match": tag } : {},
          cache: "no-store",
        });
        if (answer.status !== 304) {
          if (!answer.ok) throw new Error(String(answer.status));
          const html = await answer.text();
          if (!busy()) {
            tag = answer.headers.get("ETag") ?? "";
            swap(html);
          }
        }
        lost.hidden = true;
      } catch {
        lost.hidden = false;
      }
      if (!part().hasAttribute("data-over")) setTimeout(ask, EVERY);
    };
    tell();
    if (!part().hasAttribute("data-over")) setTimeout(ask, EVERY);
  };
  document.querySelectorAll("[data-draft]").forEach(watch);
})();
