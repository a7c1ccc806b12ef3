// Long entry: cells edited in place, a block pasted from Excel or WPS, undo, read-only columns, exact totals.
// Values stay text; the server reads and judges them. The form posts the editable fields of every row as JSON.
(() => {
  "use strict";
  const { plain, isNumber, fraction, grouped, sum, write: figure } = window.jicai.figures;
  const escaped = (text) => {
    const box = document.createElement("span");
    box.textContent = text;
    return box.innerHTML;
  };
  const said = (text, count) => text.replace("{n}", count);

  const wrong = (value, column, row) => {
    const text = plain(value);
    if (column.kind !== "number" || column.readonly || text === "") return false;
    return !isNumber(text) || fraction(text) > (row.decimals ?? column.decimals ?? Infinity) || text.startsWith("-");
  };
  // a note is said of a row by whoever checks it: {text, tone, field}; the field it is about is drawn with it
  const drawn = (cell, { column, grid }) => {
    const value = cell.getValue(),
      row = cell.getRow(),
      data = row.getData(),
      box = cell.getElement(),
      note = grid.notes.get(row.getIndex());
    box.classList.toggle("bad", wrong(value, column, data));
    box.classList.toggle("changed", grid.touched.has(`${row.getIndex()} ${column.field}`));
    box.classList.toggle("asked", note?.field === column.field);
    if (column.kind === "note") {
      box.classList.toggle("refused", note?.tone === "bad");
      box.title = note?.text ?? "";
      return escaped(note?.text ?? "");
    }
    if (column.kind === "choice") return escaped(column.choices[value] ?? value ?? "");
    const text = column.kind === "number" && isNumber(value) ? grouped(plain(value)) : (value ?? "");
    if (!grid.narrow || !column.second) return escaped(text);
    return `${escaped(text)}<br><span class="small">${column.second.map((name) => escaped(data[name] ?? "")).join(" ")}</span>`;
  };
  const columnOf = (column, grid, words) => ({
    field: column.field,
    title: escaped(column.title) + (column.unit ? `<br>${escaped(column.unit)}` : ""),
    editor: column.readonly ? false : column.kind === "choice" ? "list" : "input",
    editorParams: column.kind === "choice" ? { values: column.choices } : { selectContents: true },
    variableHeight: grid.narrow,
    cssClass: [column.readonly ? "fixed" : "", column.kind === "number" ? "r" : ""].join(" ").trim() || undefined,
    hozAlign: column.kind === "number" ? "right" : "left",
    headerHozAlign: column.kind === "number" ? "right" : "left",
    formatter: drawn,
    formatterParams: { column, grid },
    frozen: Boolean(column.frozen),
    width: grid.narrow ? (column.narrow ?? column.width) : column.width,
    minWidth: 72,
    widthGrow: column.kind === "text" && column.readonly ? 2 : 1,
    bottomCalc: column.total ? (values) => figure(sum(values)) : column.frozen && words.totals ? () => words.sum : undefined,
  });

  const build = (grid, rows) => {
    const words = { ...grid.words, totals: grid.columns.some((column) => column.total) };
    const shown = grid.columns.map((column) => columnOf(column, grid, words));
    // the first column heads the rows when it is frozen: it stays in sight and no block can start in it
    const heading = grid.columns[0].frozen ? shown.shift() : undefined;
    return new Tabulator(grid.element, {
      data: rows,
      index: "id",
      columns: shown,
      ...(heading ? { rowHeader: heading } : {}),
      layout: grid.narrow ? "fitDataFill" : "fitColumns",
      placeholder: grid.words.empty,
      columnDefaults: { headerSort: false },
      height: rows.length > 18 ? Number(grid.words.height) || 560 : undefined,
      selectableRange: 1,
      selectableRangeRows: Boolean(heading),
      editTriggerEvent: "dblclick",
      clipboard: "copy",
      clipboardCopyRowRange: "range",
      clipboardCopyConfig: { columnHeaders: false, columnCalcs: false },
    });
  };
  const settle = (grid) => {
    grid.element.querySelector(".tabulator-tableholder").setAttribute("role", "rowgroup");
    grid.element.querySelector(".tabulator-table").setAttribute("role", "presentation");
    const row = grid.table.getRows()[0];
    if (!row || !grid.open.length) return;
    const cell = row.getCell(grid.open[0]);
    grid.table.getRanges()[0]?.setBounds(cell, cell);
  };

  // a change is {id, field, old, value}; what was done together is taken back, and done again, together
  const mark = (grid, change, step) => {
    const name = `${change.id} ${change.field}`,
      times = (grid.touched.get(name) ?? 0) + step;
    if (times > 0) grid.touched.set(name, times);
    else grid.touched.delete(name);
  };
  const tell = (grid, changes) => {
    for (const [name, stack] of [["undo", grid.done], ["redo", grid.undone]]) {
      const button = document.querySelector(`[data-${name}="${grid.element.id}"]`);
      if (button) button.disabled = !stack.length;
    }
    const detail = { grid, ids: new Set(changes.map((change) => change.id)) };
    grid.element.dispatchEvent(new CustomEvent("jicai:changed", { bubbles: true, detail }));
  };
  const remember = (grid, changes) => {
    if (!changes.length) return;
    grid.done.push(changes);
    grid.undone.length = 0;
    changes.forEach((change) => mark(grid, change, 1));
  };
  const redraw = (grid, ids) => {
    for (const row of grid.table.getRows("visible")) if (ids.has(row.getIndex())) row.reformat();
  };
  // values go into the rows themselves; only what is in sight is drawn, the rest when it comes into sight
  const write = (grid, changes, which) => {
    const ids = new Set(),
      byId = new Map(grid.table.getRows().map((row) => [row.getIndex(), row]));
    grid.writing = true;
    for (const { id, field, [which]: value } of changes) {
      const row = byId.get(id);
      if (!row) continue;
      row.getData()[field] = value;
      row.getCell(field)._cell.value = value;
      ids.add(id);
    }
    byId.forEach((row, id) => {
      if (ids.has(id)) row._row.initialized = false;
    });
    redraw(grid, ids);
    if (grid.words.totals) grid.table.recalc();
    grid.writing = false;
  };
  const change = (grid, changes) => {
    const real = changes.filter((one) => one.old !== one.value);
    remember(grid, real);
    write(grid, real, "value");
    if (real.length) tell(grid, real);
    return real.length;
  };
  const turn = (grid, from, to, step, which) => {
    const changes = from.pop();
    if (!changes) return;
    to.push(changes);
    changes.forEach((one) => mark(grid, one, step));
    write(grid, step < 0 ? changes.toReversed() : changes, which);
    tell(grid, changes);
  };
  const undo = (grid) => turn(grid, grid.done, grid.undone, -1, "old");
  const redo = (grid) => turn(grid, grid.undone, grid.done, 1, "value");

  const block = (text) =>
    text
      .replace(/\r\n?/g, "\n")
      .replace(/\n$/, "")
      .split("\n")
      .map((line) => line.split("\t"));
  const valueFor = (column, text) => {
    const given = text.trim();
    if (column.kind === "number") return isNumber(given) ? plain(given) : given;
    if (column.kind !== "choice") return given;
    return Object.keys(column.choices).find((key) => key === given || column.choices[key] === given) ?? given;
  };
  const selected = (grid) => (grid.table.getRanges()[0]?.getCells() ?? []).flat();
  // the changes a pasted block makes, and how many of its cells have no place
  const placed = (grid, text, corner) => {
    const lines = grid.table.getRows("active"),
      rows = new Map();
    const top = lines.findIndex((row) => row.getIndex() === corner.getRow().getIndex());
    const left = grid.columns.findIndex((column) => column.field === corner.getField());
    const changes = [];
    let cut = 0,
      bad = 0;
    block(text).forEach((cells, down) =>
      cells.forEach((given, across) => {
        const row = lines[top + down];
        const column = grid.columns[left + across];
        if (!row || !column || column.readonly) {
          cut += 1;
          return;
        }
        const data = rows.get(row) ?? row.getData();
        rows.set(row, data);
        const value = valueFor(column, given);
        if (wrong(value, column, data)) bad += 1;
        changes.push({ id: data.id, field: column.field, old: data[column.field] ?? "", value });
      }),
    );
    return { changes, cut, bad };
  };
  const paste = (grid, text) => {
    const [corner] = selected(grid);
    if (!corner) return;
    const { changes, cut, bad } = placed(grid, text, corner);
    change(grid, changes);
    const parts = [said(grid.words.pasted, changes.length)];
    if (cut) parts.push(said(grid.words.cut, cut));
    if (bad) parts.push(said(grid.words.bad, bad));
    grid.status.textContent = parts.join(" ");
  };
  const empty = (grid) => {
    const changes = selected(grid)
      .filter((cell) => grid.open.includes(cell.getField()))
      .map((cell) => ({ id: cell.getRow().getIndex(), field: cell.getField(), old: cell.getValue(), value: "" }));
    change(grid, changes);
  };
  const type = (grid, key) => {
    const cell = selected(grid).find((one) => grid.open.includes(one.getField()));
    if (!cell) return false;
    cell.edit(true);
    const input = cell.getElement().querySelector("input");
    if (input && !input.readOnly) input.value = key;
    return true;
  };
  // as in a spreadsheet: typing replaces the cell, Delete empties the block, Ctrl+Z takes the last act back
  const key = (grid, event) => {
    if (event.target.tagName === "INPUT" || event.altKey) return;
    const command = event.ctrlKey || event.metaKey;
    let done = true;
    const letter = event.key.toLowerCase();
    if (command && letter === "z") (event.shiftKey ? redo : undo)(grid);
    else if (command && letter === "y") redo(grid);
    else if (command) done = false;
    else if (event.key === "Delete" || event.key === "Backspace") empty(grid);
    else done = event.key.length === 1 && event.key !== " " && type(grid, event.key);
    if (done) event.preventDefault();
  };

  const listen = (grid) => {
    const { element, table, field } = grid;
    table.on("tableBuilt", () => settle(grid));
    table.on("cellEdited", (cell) => {
      if (grid.writing) return;
      const id = cell.getRow().getIndex();
      const changes = [{ id, field: cell.getField(), old: cell.getOldValue() ?? "", value: cell.getValue() }];
      remember(grid, changes);
      cell.getRow().reformat();
      tell(grid, changes);
    });
    document.addEventListener("paste", (event) => {
      if (event.target.tagName === "INPUT" || !element.contains(document.activeElement)) return;
      event.preventDefault();
      paste(grid, event.clipboardData.getData("text/plain"));
    });
    element.addEventListener("keydown", (event) => key(grid, event));
    document.querySelector(`[data-undo="${element.id}"]`)?.addEventListener("click", () => undo(grid));
    document.querySelector(`[data-redo="${element.id}"]`)?.addEventListener("click", () => redo(grid));
    field.form?.addEventListener(
      "submit",
      () => {
        const kept = (row) => Object.fromEntries(["id", ...grid.open].map((name) => [name, row[name] ?? ""]));
        field.value = JSON.stringify(grid.rows().map(kept));
      },
      { capture: true },
    );
    addEventListener("beforeunload", (event) => {
      if (grid.done.length && !field.value && !grid.kept) event.preventDefault();
    });
  };
  window.jicai.each("[data-grid]", (element) => {
    const { columns, rows } = JSON.parse(document.getElementById(element.dataset.grid).textContent);
    const narrow = matchMedia("(max-width: 575.98px)").matches;
    const rank = (column) => column.rank ?? 9;
    const grid = {
      element,
      columns: narrow ? columns.toSorted((a, b) => rank(a) - rank(b)) : columns, // on a phone the answer comes first
      narrow,
      words: element.dataset,
      field: document.getElementById(element.dataset.name),
      status: document.querySelector(`[data-said="${element.id}"]`),
      open: columns.filter((column) => !column.readonly).map((column) => column.field),
      touched: new Map(),
      notes: new Map(),
      done: [],
      undone: [],
      writing: false,
      kept: false, // somebody else keeps what is typed: leaving the page loses nothing
    };
    element.classList.toggle("narrow", narrow);
    grid.change = (changes) => change(grid, changes);
    grid.put = (changes) => write(grid, changes, "value"); // what follows from what was typed: not to be taken back
    grid.redraw = (ids) => redraw(grid, ids);
    grid.wrong = (row) => columns.some((column) => wrong(row[column.field], column, row));
    grid.rows = () => grid.table.getRows().map((row) => row.getData()); // the rows themselves; the table's getData copies
    grid.cell = () => selected(grid)[0];
    grid.ready = new Promise((done) => {
      grid.table = build(grid, rows);
      grid.table.on("tableBuilt", done);
    });
    listen(grid);
    element.grid = grid;
  });
})();
