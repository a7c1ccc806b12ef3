// A demand report while it is typed: what looks odd is said beside the cell, a makers' row is added in place, last year
// is copied. The numbers come with the page from the server's rules; the server checks the same and has the last word.
(() => {
  "use strict";
  const { NOTHING, plain, isNumber, read, plus, times, compare, apart, thousandths, write } = window.jicai.figures;
  const said = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");
  const given = (row) => plain(row.quantity) !== "";
  const good = (row) => isNumber(row.quantity) && !plain(row.quantity).startsWith("-");
  const grouped = (rows, key) => {
    const found = new Map();
    for (const row of rows) found.set(row[key], [...(found.get(row[key]) ?? []), row]);
    return found;
  };
  const whole = (number) => ({ whole: BigInt(number), places: 0 });
  const total = (rows) => rows.filter(good).reduce((all, row) => plus(all, read(row.quantity)), NOTHING);

  // which pack a quantity seems off by: below 0 packs were typed for units, above 0 the reverse, 0 neither
  const mixedUp = (quantity, last, packs, limits) => {
    for (const pack of packs.filter((each) => each >= Number(limits.pack)).toSorted((a, b) => a - b)) {
      const near = times(read(limits.near), last),
        much = times(last, whole(pack));
      if (compare(apart(times(quantity, whole(pack)), last), near) <= 0) return -pack;
      if (compare(apart(quantity, much), times(read(limits.near), much)) <= 0) return pack;
    }
    return 0;
  };
  const slip = (quantity, last, limits) => {
    const factor = read(limits.slip);
    if (compare(quantity, times(last, factor)) >= 0) return 1;
    return compare(times(quantity, factor), last) <= 0 ? -1 : 0;
  };
  const doubt = (rows, { limits, words }) => {
    const head = rows.find((row) => row.last !== ""),
      quantity = total(rows);
    if (!head || compare(read(head.last), NOTHING) === 0 || compare(quantity, NOTHING) === 0) return "";
    const last = read(head.last),
      pack = mixedUp(quantity, last, head.packs, limits);
    const facts = { last: write(last), pack: Math.abs(pack) };
    if (pack) return said(pack < 0 ? words.packs : words.units, facts);
    const side = slip(quantity, last, limits);
    return side ? said(side > 0 ? words.tenfold : words.tenth, facts) : "";
  };
  const below = (rows, floor) => {
    if (floor === undefined || rows.some((row) => given(row) && row.reason)) return false;
    const parts = grouped(rows, "spec");
    const sum = [...parts.values()].map((each) => times(total(each), read(each[0].factor))).reduce(plus, NOTHING);
    return compare(thousandths(sum), read(floor)) < 0;
  };

  const check = (page, ids) => {
    const { grid, facts } = page;
    const lots = new Set([...ids].map((id) => page.byId.get(id)?.lot));
    const drawn = new Set(ids);
    for (const lot of lots) {
      const rows = page.lots.get(lot) ?? [],
        filled = rows.filter(given);
      const low = filled.length > 0 && below(rows, facts.floors[lot]);
      const odd = new Map([...grouped(filled, "spec").keys()].map((spec) => [spec, doubt(page.specs.get(spec), facts)]));
      for (const row of rows) {
        const parts = given(row) ? [odd.get(row.spec)] : [];
        if (given(row) && row.decimals === 0 && isNumber(row.quantity) && plain(row.quantity).includes("."))
          parts.push(facts.words.whole);
        if (low && row === filled[0]) parts.push(said(facts.words.floor, { floor: write(read(facts.floors[lot])) }));
        const text = [page.refused.get(row.id), ...parts].filter(Boolean).join("; ");
        const note = text && { text, tone: page.refused.has(row.id) ? "bad" : "warn", field: low && row === filled[0] ? "reason" : "" };
        if (note) grid.notes.set(row.id, note);
        else grid.notes.delete(row.id);
        drawn.add(row.id);
      }
    }
    grid.redraw(drawn);
    count(page);
  };
  const count = (page) => {
    const { notes } = page.grid,
      left = page.rows.filter((row) => plain(row.last) !== "" && !page.lots.get(row.lot).some(given));
    const lots = new Set(left.map((row) => row.lot)).size;
    page.said.textContent = [
      notes.size ? said(page.facts.words.odd, { n: notes.size }) : page.facts.words.none,
      lots ? said(page.facts.words.left, { n: lots }) : "",
    ].filter(Boolean).join(" ");
    page.next.disabled = !notes.size;
  };

  const index = (page, row) => {
    page.byId.set(row.id, row);
    for (const [map, key] of [[page.lots, row.lot], [page.specs, row.spec]])
      map.set(key, [...(map.get(key) ?? []), row]);
  };
  // a row for one company's product, below the other rows of its specification
  const addBrand = (page, spec, company) => {
    const id = `${spec}-${company}`,
      name = (page.facts.makers[spec] ?? []).find(([key]) => key === company)?.[1];
    if (page.byId.has(id)) return id;
    const head = page.specs.get(spec)?.[0];
    if (!head || !name) return "";
    const row = { ...head, id, maker: name, before: "", last: "", quantity: "", reason: "" };
    const after = page.specs.get(spec).at(-1).id;
    page.grid.table.addRow(row, false, after);
    const kept = page.grid.table.getRow(id).getData(); // the table's own copy: what is typed is written there
    page.rows.push(kept);
    index(page, kept);
    return id;
  };
  const adopt = (page, id) => {
    const [spec, company] = id.split("-").map(Number);
    return page.byId.has(id) || Boolean(company && addBrand(page, spec, company));
  };
  const goTo = (page, id, field) => {
    const row = page.grid.table.getRow(id);
    if (!row) return;
    page.grid.table.scrollToRow(row, "center", false).finally(() => {
      const cell = row.getCell(field);
      page.grid.table.getRanges()[0]?.setBounds(cell, cell);
      page.grid.element.querySelector(".tabulator-tableholder").focus({ preventScroll: true });
    });
  };
  const offer = (page) => {
    const row = page.grid.cell()?.getRow().getData(),
      select = page.form.querySelector("[data-brand-choice]");
    const known = row ? (page.facts.makers[row.spec] ?? []).filter(([key]) => !page.byId.has(`${row.spec}-${key}`)) : [];
    select.replaceChildren(...known.map(([key, name]) => new Option(name, key)));
    page.brandOf = row?.spec;
    page.form.querySelector("[data-brand-of]").textContent = row ? `${row.variety} ${row.text}` : "";
    page.form.querySelector("[data-brand-add]").disabled = !known.length;
    page.form.querySelector("[data-brand-none]").hidden = known.length > 0;
  };

  // what a copy writes: use stands at the generic name alone; a report may hold brands, whose rows are added
  const wanted = (page, source) => {
    if (source === "use") return new Map(page.rows.filter((row) => row.last !== "").map((row) => [row.id, row.last]));
    const found = Object.entries(page.facts.earlier).filter(([id]) => adopt(page, id));
    return new Map(found);
  };
  const copy = (page, source, replace) => {
    const values = wanted(page, source);
    const specs = new Set([...values.keys()].map((id) => page.byId.get(id).spec));
    const changes = [];
    for (const spec of specs) {
      const rows = page.specs.get(spec);
      if (!replace && rows.some(given)) continue; // a part that is filled in says what the whole should be
      for (const row of rows)
        changes.push({ id: row.id, field: "quantity", old: row.quantity, value: values.get(row.id) ?? "" });
    }
    const written = page.grid.change(changes);
    page.grid.status.textContent = said(page.facts.words.copied, { n: written });
  };

  const listen = (page) => {
    const { form, grid } = page;
    grid.element.addEventListener("jicai:changed", (event) => {
      event.detail.ids.forEach((id) => page.refused.delete(id));
      check(page, event.detail.ids);
    });
    grid.element.addEventListener("jicai:refused", (event) => {
      page.refused = event.detail;
      check(page, new Set([...event.detail.keys()]));
    });
    page.next.addEventListener("click", () => {
      const order = grid.table.getRows("active").map((row) => row.getIndex()).filter((id) => grid.notes.has(id));
      const now = order.indexOf(page.at);
      page.at = order[(now + 1) % order.length];
      if (page.at) goTo(page, page.at, grid.notes.get(page.at).field || "quantity");
    });
    form.querySelector("#brand")?.addEventListener("jicai:open", () => offer(page));
    form.querySelector("[data-brand-add]")?.addEventListener("click", () => {
      const id = addBrand(page, page.brandOf, Number(form.querySelector("[data-brand-choice]").value));
      if (id) setTimeout(() => goTo(page, id, "quantity"));
    });
    form.querySelector("[data-copy]")?.addEventListener("click", () => {
      const chosen = (name) => form.querySelector(`[name=${name}]:checked`)?.value;
      copy(page, chosen("copy-source"), chosen("copy-how") === "replace");
    });
    if (page.facts.show === "used") grid.table.setFilter((row) => row.used || given(row) || !row.id.endsWith("-0"));
  };
  window.jicai.each("[data-demand]", async (form) => {
    const grid = form.querySelector("[data-grid]").grid;
    const facts = JSON.parse(document.getElementById(form.dataset.demand).textContent);
    const page = {
      form, grid, facts, refused: new Map(), byId: new Map(), lots: new Map(), specs: new Map(),
      said: form.querySelector("[data-odd]"), next: form.querySelector("[data-next-odd]"),
    };
    grid.adopt = (id) => adopt(page, id);
    await grid.ready;
    page.rows = grid.rows();
    page.rows.forEach((row) => index(page, row));
    listen(page);
    check(page, new Set(page.byId.keys()));
    form.dispatchEvent(new CustomEvent("jicai:checked"));
    grid.checked = true;
  });
})();
