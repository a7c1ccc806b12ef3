// A purchase plan while it is typed: products are added by search or from a pasted list, amounts and what stands beyond
// the agreements are shown beside each row. The server says what can't be bought; it prices the plan when it is placed.
(() => {
  "use strict";
  const { plain, isNumber, read, times, plus, compare, write, grouped } = window.jicai.figures;
  const said = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");
  const given = (row) => plain(row.quantity) !== "";
  const good = (row) => isNumber(row.quantity) && !plain(row.quantity).startsWith("-");
  const minus = (a, b) => plus(a, { whole: -b.whole, places: b.places });
  const bare = (figure) => write(figure).replaceAll(",", "");

  // yuan to the fen, half-up, as the server rounds an amount
  const fen = (figure) => {
    if (figure.places <= 2) return figure;
    const unit = 10n ** BigInt(figure.places - 2);
    return { whole: (figure.whole + unit / 2n) / unit, places: 2 };
  };
  const amount = (row) => {
    const price = row.price || row.own;
    return good(row) && isNumber(price) ? bare(fen(times(read(price), read(row.quantity)))) : "";
  };
  const words = (page, row) => {
    const { facts, refused, odd } = page,
      parts = [];
    if (refused.has(row.id)) parts.push(refused.get(row.id));
    else if (odd.has(row.id)) parts.push(odd.get(row.id));
    else if (row.issue && !(plain(row.own ?? "") && given(row))) parts.push(row.issue);
    if (!given(row) || !good(row)) return parts;
    const beyond = row.agreed ? minus(read(row.quantity), read(row.left || "0")) : null;
    if (beyond && beyond.whole > 0n) parts.push(said(facts.words.beyond, { n: write(beyond) }));
    const whole = isNumber(row.quantity) && !plain(row.quantity).includes(".");
    if (row.pack > 1 && (!whole || BigInt(plain(row.quantity).replace("+", "")) % BigInt(row.pack) !== 0n))
      parts.push(said(facts.words.packs, { n: grouped(String(row.pack)) }));
    return parts;
  };
  const check = (page, ids) => {
    const { grid } = page,
      worth = [];
    for (const id of ids) {
      const row = page.byId.get(id);
      if (!row) continue;
      const cost = amount(row),
        text = words(page, row).join("; ");
      if (cost !== row.amount) worth.push({ id, field: "amount", value: cost });
      const bad = page.refused.has(id) || page.odd.has(id) || (row.issue && !plain(row.own ?? ""));
      if (text) grid.notes.set(id, { text, tone: bad ? "bad" : "warn", field: "quantity" });
      else grid.notes.delete(id);
    }
    if (worth.length) grid.put(worth);
    grid.redraw(new Set(ids));
    count(page);
  };
  const count = (page) => {
    const { notes } = page.grid,
      lines = page.form.querySelector("[data-lines-count]");
    page.said.textContent = notes.size ? said(page.facts.words.odd, { n: notes.size }) : page.facts.words.none;
    page.next.disabled = !notes.size;
    lines.textContent = said(page.facts.words.lines, { n: [...page.byId.values()].filter(given).length });
  };

  // rows that were added are kept in this browser until the server has them: the draft may have to be laid over again
  const box = (page) => `rows ${page.form.dataset.keep}`;
  const remember = (page) => {
    try {
      localStorage.setItem(box(page), JSON.stringify(page.added));
    } catch {
      return; // no room: the rows are there again once the server has them
    }
  };
  const index = (page, row) => page.byId.set(row.id, row);
  const add = (page, rows) => {
    const fresh = rows.filter((row) => !page.byId.has(row.id)).map((row) => ({ ...row, quantity: "", own: "", remark: "", amount: "" }));
    if (!fresh.length) return;
    for (const row of fresh) page.added[row.id] = row;
    remember(page);
    page.grid.table.addData(fresh, false); // at once: the rows are data already
    for (const row of fresh) index(page, page.grid.table.getRow(row.id).getData());
    if (page.byId.size > 18) page.grid.table.setHeight(560);
  };
  const adopt = (page, id) => {
    const known = page.added[id];
    if (known) add(page, [known]);
    return page.byId.has(id);
  };
  // an undo takes all of it back; rows that say something already stay as they are
  const fill = (page, rows) => {
    add(page, rows);
    const changes = rows.flatMap((row) => {
      const held = page.byId.get(row.id);
      return given(held) ? [] : [{ id: row.id, field: "quantity", old: held.quantity ?? "", value: row.quantity }];
    });
    const done = page.grid.change(changes);
    page.grid.status.textContent = said(page.facts.words.added, { n: done });
    check(page, rows.map((row) => row.id));
  };
  const complain = (page, wrong) => {
    const line = page.form.querySelector("[data-unread]");
    line.hidden = !wrong.length;
    line.querySelector("h2").textContent = said(page.facts.words.wrong, { n: wrong.length });
    line.querySelector("ul").replaceChildren(
      ...wrong.slice(0, 30).map((one) => {
        const item = document.createElement("li");
        item.textContent = `${one.line}: ${one.text} — ${one.detail}`;
        return item;
      }),
    );
  };
  const ask = async (page, url, options) => {
    const answer = await fetch(url, { headers: { Accept: "application/json" }, ...options }).catch(() => null);
    if (!answer?.ok) {
      page.grid.status.textContent = page.form.querySelector("[data-saved-line]").dataset.offline;
      return;
    }
    const found = await answer.json();
    complain(page, found.wrong);
    fill(page, found.rows);
  };
  const goTo = (page, id) => {
    const row = page.grid.table.getRow(id);
    if (!row) return;
    page.grid.table.scrollToRow(row, "center", false).finally(() => {
      const cell = row.getCell("quantity");
      const [range] = page.grid.table.getRanges();
      if (range) range.setBounds(cell, cell);
      else page.grid.table.addRange(cell, cell); // the grid began empty
      page.grid.element.querySelector(".tabulator-tableholder").focus({ preventScroll: true });
    });
  };

  const listen = (page) => {
    const { form, grid } = page;
    grid.element.addEventListener("jicai:changed", (event) => {
      for (const id of event.detail.ids) {
        page.refused.delete(id);
        page.odd.delete(id);
      }
      check(page, event.detail.ids);
    });
    grid.element.addEventListener("jicai:saved", (event) => {
      const { body, ids } = event.detail;
      for (const id of ids) {
        page.odd.delete(id);
        delete page.added[id];
      }
      for (const one of body.said ?? []) page.odd.set(one.id, one.detail);
      form.parentElement.querySelectorAll("[data-version]").forEach((field) => (field.value = body.version));
      remember(page);
      check(page, ids);
    });
    grid.element.addEventListener("jicai:refused", (event) => {
      page.refused = event.detail;
      check(page, [...event.detail.keys()]);
    });
    page.next.addEventListener("click", () => {
      const order = grid.table.getRows("active").map((row) => row.getIndex()).filter((id) => grid.notes.has(id));
      page.at = order[(order.indexOf(page.at) + 1) % order.length];
      if (page.at) goTo(page, page.at);
    });
    const picker = form.querySelector("[data-add-product]");
    picker.addEventListener("change", () => {
      const row = picker.tomselect?.options[picker.value]?.row;
      if (!row) return;
      add(page, [row]);
      check(page, [row.id]);
      picker.tomselect.clear(true);
      picker.tomselect.clearOptions();
      picker.tomselect.blur();
      setTimeout(() => goTo(page, row.id), 50); // the picker takes the focus back once more
    });
    form.querySelector("[data-block]").addEventListener("click", () => {
      const text = form.querySelector("[data-block-text]");
      if (!text.value.trim()) return;
      const headers = { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrf_token.value };
      ask(page, form.dataset.block, { method: "POST", headers, body: JSON.stringify({ text: text.value }) });
      text.value = "";
    });
    form.querySelector("[data-usual]").addEventListener("click", () => {
      const url = new URL(form.dataset.rows, location.href);
      url.searchParams.set("source", form.querySelector("[name=usual-source]:checked").value);
      ask(page, url);
    });
  };
  window.jicai.each("[data-plan]", async (form) => {
    const grid = form.querySelector("[data-grid]").grid;
    const facts = JSON.parse(document.getElementById(form.dataset.plan).textContent);
    const page = {
      form, grid, facts, refused: new Map(), odd: new Map(), byId: new Map(), added: {},
      said: form.querySelector("[data-odd]"), next: form.querySelector("[data-next-odd]"),
    };
    try {
      page.added = JSON.parse(localStorage.getItem(box(page)) ?? "{}");
    } catch {
      page.added = {};
    }
    grid.adopt = (id) => adopt(page, id);
    await grid.ready;
    grid.rows().forEach((row) => index(page, row));
    listen(page);
    check(page, [...page.byId.keys()]);
    form.dispatchEvent(new CustomEvent("jicai:checked"));
    grid.checked = true;
  });
})();
