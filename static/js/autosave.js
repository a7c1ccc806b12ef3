// A grid that saves itself: what is typed is kept in this browser at once and at the server a moment later, one request
// at a time. A local copy goes when the server has it; a page left, a browser killed, a line cut lose nothing.
(() => {
  "use strict";
  const PAUSE = 900,
    AGAIN = [3000, 10000, 30000];
  const same = (a, b, fields) => fields.every((name) => String(a?.[name] ?? "") === String(b?.[name] ?? ""));
  const said = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");
  const clock = (instant) =>
    new Date(instant).toLocaleTimeString("en-GB", { timeZone: "Asia/Shanghai", hour12: false });

  const tell = (keeper, tone, text, act = "") => {
    keeper.line.textContent = text;
    keeper.line.dataset.tone = tone;
    keeper.reload.hidden = act !== "reload";
  };

  // the copy in this browser: one entry for each row the server does not have, with what the row was before
  const store = (keeper) => {
    const rows = Object.fromEntries(keeper.kept);
    const typing = keeper.typing;
    if (typing) rows[typing.id] = { ...entry(keeper, typing.id), [typing.field]: typing.value };
    try {
      if (Object.keys(rows).length) localStorage.setItem(keeper.name, JSON.stringify(rows));
      else localStorage.removeItem(keeper.name);
    } catch {
      keeper.grid.kept = false; // no room, or not allowed: leaving the page asks again
    }
  };
  const entry = (keeper, id) => {
    const row = keeper.rows.get(id),
      was = keeper.saved.get(id) ?? {};
    return { ...Object.fromEntries(keeper.fields.map((name) => [name, row?.[name] ?? ""])), was };
  };
  const changed = (keeper, ids) => {
    if ([...ids].some((id) => !keeper.rows.has(id))) keeper.grid.rows().forEach((row) => keeper.rows.set(row.id, row));
    for (const id of ids) {
      const now = entry(keeper, id);
      if (same(now, now.was, keeper.fields) && !keeper.sent?.has(id)) keeper.kept.delete(id);
      else keeper.kept.set(id, now);
      keeper.refused.delete(id);
    }
    store(keeper);
    later(keeper);
  };
  const due = (keeper) => [...keeper.kept].filter(([id]) => !keeper.refused.has(id));
  const later = (keeper, pause = PAUSE) => {
    clearTimeout(keeper.timer);
    keeper.timer = setTimeout(() => flush(keeper), pause);
  };

  const post = (keeper, rows) =>
    fetch(keeper.form.dataset.autosave, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": keeper.form.elements.csrf_token.value },
      body: JSON.stringify({ version: Number(keeper.form.elements.version.value), rows }),
    });
  // true: everything that can be saved is; false: something stands in the way, and the line says what
  const flush = async (keeper) => {
    clearTimeout(keeper.timer);
    if (keeper.sending) return keeper.sending.then(() => flush(keeper));
    const batch = due(keeper);
    if (keeper.stopped || !batch.length) return !keeper.stopped;
    keeper.sent = new Map(batch);
    tell(keeper, "busy", keeper.words.saving);
    keeper.sending = send(keeper, batch);
    const done = await keeper.sending;
    keeper.sending = keeper.sent = null;
    if (done && due(keeper).length) later(keeper);
    return done;
  };
  const send = async (keeper, batch) => {
    const rows = batch.map(([id, one]) => ({ id, ...Object.fromEntries(keeper.fields.map((name) => [name, one[name]])) }));
    try {
      const answer = await post(keeper, rows);
      const body = await answer.json().catch(() => ({}));
      if (answer.ok) return taken(keeper, batch, body);
      return answer.status >= 500 ? wait(keeper) : refuse(keeper, answer.status, body);
    } catch {
      return wait(keeper);
    }
  };
  const taken = (keeper, batch, body) => {
    keeper.tries = 0;
    keeper.form.elements.version.value = body.version;
    const refused = new Map(body.refused.map((one) => [one.id, one.detail]));
    for (const [id, one] of batch) {
      const now = keeper.kept.get(id);
      if (refused.has(id)) {
        if (now && same(now, one, keeper.fields)) keeper.refused.set(id, refused.get(id));
        continue;
      }
      keeper.saved.set(id, Object.fromEntries(keeper.fields.map((name) => [name, one[name]])));
      if (now && same(now, one, keeper.fields)) keeper.kept.delete(id);
      else if (now) now.was = keeper.saved.get(id);
    }
    store(keeper);
    keeper.grid.element.dispatchEvent(new CustomEvent("jicai:saved", { detail: { body, ids: batch.map(([id]) => id) } }));
    mark(keeper);
    const facts = { time: clock(body.saved_at ?? Date.now()), n: keeper.refused.size };
    tell(keeper, keeper.refused.size ? "bad" : "good", said(keeper.refused.size ? keeper.words.partly : keeper.words.saved, facts));
    return true;
  };
  const mark = (keeper) => {
    const detail = new Map(keeper.refused);
    keeper.grid.element.dispatchEvent(new CustomEvent("jicai:refused", { detail }));
  };
  const wait = (keeper) => {
    tell(keeper, "bad", keeper.words.offline);
    later(keeper, AGAIN[Math.min(keeper.tries++, AGAIN.length - 1)]);
    return false;
  };
  const refuse = (keeper, status, body) => {
    const met = body.title === "changed-meanwhile";
    keeper.stopped = true;
    if (met) tell(keeper, "bad", keeper.words.met, "reload");
    else if (status === 401 || status === 400) tell(keeper, "bad", keeper.words.out, "reload");
    else tell(keeper, "bad", said(keeper.words.refused, { detail: body.detail ?? status }));
    return false;
  };

  // what an earlier page left behind: laid over the server's figures, but never over what somebody else wrote meanwhile
  const left = (keeper) => {
    const found = new Map();
    for (const name of Object.keys(localStorage).filter((each) => each.startsWith(`${keeper.prefix} `))) {
      for (const [id, one] of Object.entries(JSON.parse(localStorage.getItem(name)))) found.set(id, one);
      localStorage.removeItem(name);
    }
    return found;
  };
  const changesOf = (keeper, id, one) => {
    const row = keeper.rows.get(id);
    return keeper.fields.map((field) => ({ id, field, old: row[field] ?? "", value: one[field] ?? "" }));
  };
  const restore = (keeper) => {
    const laid = [],
      clashes = [];
    for (const [id, one] of left(keeper)) {
      if (!keeper.rows.has(id) && keeper.grid.adopt?.(id)) {
        keeper.grid.rows().forEach((row) => keeper.rows.set(row.id, row));
      }
      const now = keeper.saved.get(id) ?? {};
      if (!keeper.rows.has(id) || same(now, one, keeper.fields)) continue;
      if (same(now, one.was, keeper.fields)) laid.push(...changesOf(keeper, id, one));
      else clashes.push([id, one]);
    }
    for (const [id, one] of clashes) keeper.kept.set(id, one);
    const count = keeper.grid.change(laid);
    if (count) tell(keeper, "busy", said(keeper.words.recovered, { n: count }));
    if (clashes.length) ask(keeper, clashes);
  };
  const ask = (keeper, clashes) => {
    const box = keeper.form.querySelector("[data-clash-box]");
    const shown = clashes.slice(0, 8).map(([id, one]) => {
      const item = document.createElement("li"),
        row = keeper.rows.get(id);
      const facts = { item: `${row.variety} ${row.text} ${row.maker}`, mine: one.quantity || "—", theirs: row.quantity || "—" };
      item.textContent = said(keeper.words.clash, facts);
      return item;
    });
    keeper.stopped = true;
    store(keeper);
    box.querySelector("ul").replaceChildren(...shown);
    box.querySelector("[data-clashes]").textContent = said(keeper.words.clashes, { n: clashes.length });
    box.hidden = false;
    const end = (mine) => {
      box.hidden = true;
      keeper.stopped = false;
      clashes.forEach(([id]) => keeper.kept.delete(id));
      if (mine) keeper.grid.change(clashes.flatMap(([id, one]) => changesOf(keeper, id, one)));
      store(keeper);
      later(keeper);
    };
    box.querySelector("[data-mine]").addEventListener("click", () => end(true), { once: true });
    box.querySelector("[data-theirs]").addEventListener("click", () => end(false), { once: true });
  };

  const listen = (keeper) => {
    const { grid, form } = keeper;
    grid.element.addEventListener("jicai:changed", (event) => changed(keeper, event.detail.ids));
    grid.table.on("cellEditing", (cell) => {
      keeper.typing = { id: cell.getRow().getIndex(), field: cell.getField(), value: cell.getValue() ?? "" };
    });
    const ended = () => {
      keeper.typing = null;
      store(keeper);
    };
    grid.table.on("cellEdited", ended);
    grid.table.on("cellEditCancelled", ended);
    grid.element.addEventListener("input", (event) => {
      if (!keeper.typing || keeper.typing.field === "reason") return;
      keeper.typing.value = event.target.value;
      store(keeper);
    });
    addEventListener("online", () => flush(keeper));
    addEventListener("pagehide", () => store(keeper));
    document.addEventListener("visibilitychange", () => document.hidden && flush(keeper));
    keeper.reload.addEventListener("click", () => location.reload());
    form.addEventListener(
      "submit",
      (event) => {
        if (keeper.settled || keeper.stopped || !(keeper.sending || due(keeper).length)) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        const button = event.submitter;
        flush(keeper).then((done) => {
          keeper.settled = done;
          if (done) form.requestSubmit(button);
        });
      },
      { capture: true },
    );
  };
  const tab = () => {
    sessionStorage.tab ??= String(Math.random()).slice(2);
    return sessionStorage.tab;
  };
  window.jicai.each("[data-autosave]", async (form) => {
    const grid = form.querySelector("[data-grid]").grid,
      line = form.querySelector("[data-saved-line]");
    await grid.ready;
    if ((form.dataset.demand || form.dataset.plan) && !grid.checked) await new Promise((done) => form.addEventListener("jicai:checked", done, { once: true }));
    const rows = new Map(grid.rows().map((row) => [row.id, row]));
    const fieldsOf = (row) => Object.fromEntries(grid.open.map((name) => [name, row[name] ?? ""]));
    const saved = new Map([...rows].map(([id, row]) => [id, row.server ?? fieldsOf(row)])); // a refused page shows what was typed
    const keeper = {
      form, grid, line, rows, saved, words: line.dataset, fields: grid.open, kept: new Map(), refused: new Map(), tries: 0,
      reload: form.querySelector("[data-reload]"), prefix: form.dataset.keep, name: `${form.dataset.keep} ${tab()}`,
    };
    grid.kept = true;
    listen(keeper);
    try {
      restore(keeper);
    } catch {
      tell(keeper, "bad", keeper.words.lost); // what lies in this browser can't be read
    }
    const unsaved = [...rows].filter(([id, row]) => !same(row, saved.get(id), grid.open)).map(([id]) => id);
    if (unsaved.length) changed(keeper, new Set(unsaved));
    form.dataset.keeping = "1";
  });
})();
