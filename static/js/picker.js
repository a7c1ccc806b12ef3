// Search pickers: a select that asks data-picker?q=… for [{"value", "text", "detail"}] while the reader types.
(() => {
  "use strict";
  const line = (item, escape) =>
    `<div><span>${escape(item.text)}</span>${item.detail ? ` <span class="second">${escape(item.detail)}</span>` : ""}</div>`;
  const said = (words, escape) => `<div class="no-results">${escape(words)}</div>`;
  window.jicai.each("[data-picker]", (field) => {
    if (field.tomselect) return;
    const url = new URL(field.dataset.picker, location.href);
    let failed = false;
    const name = field.labels[0]?.textContent; // the picker takes the label over; the select behind it keeps a name
    new TomSelect(field, {
      valueField: "value",
      labelField: "text",
      searchField: [],
      maxOptions: 50,
      placeholder: field.dataset.placeholder,
      plugins: field.multiple ? ["remove_button"] : ["clear_button"],
      loadThrottle: 180,
      closeAfterSelect: !field.multiple,
      score: () => () => 1, // the server ranks
      shouldLoad: (query) => query.length > 0,
      load(query, done) {
        url.searchParams.set("q", query);
        this.clearOptions();
        fetch(url, { headers: { Accept: "application/json" } })
          .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
          .then((found) => {
            failed = false;
            done(Array.isArray(found) ? found : found.items);
          })
          .catch(() => {
            failed = true;
            done();
          });
      },
      render: {
        option: line,
        no_results: (_data, escape) => said(failed ? field.dataset.failed : field.dataset.none, escape),
      },
    });
    if (name) field.setAttribute("aria-label", name);
  });
})();
