// Long entry: cells edited in place, a block pasted from Excel or WPS, undo, read-only columns, exact totals.
// Values stay text; the server reads and judges them. The form posts the editable fields of every row as JSON.
(() => {
  "use strict";
  const NUMBER = /^[+-]?\d+(\.\d+)?$/;
  const narrow = (text) => text.replace(/[０-９．－＋]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
  const plain = (text) =>
    narrow(String(text ?? ""))
      .trim()
      .replace(/,(?=\d{3}(\D|$))/g, "");
  const grouped = (text) => {
    const [left, right] = text.split(".");
    return left.replace(/\B(?=(\d{3})+$)/g, ",") + (right === undefined ? "" : `.${right}`);
  };
  const fraction = (text) => (text.split(".")[1] ?? "").length;
  // adds decimal texts exactly, by whole numbers of the finest step
  const sum = (texts) => {
    const good = texts.map(plain).filter((text) => NUMBER.test(text));
    const places = Math.max(0, ...good.map(fraction));
    const whole = (text) => BigInt(text.replace("+", "").replace(".", "") + "0".repeat(places - fraction(text)));
    const total = good.reduce((all, text) => all + whole(text), 0n);
    const digits = String(total < 0n ? -total : total).padStart(places + 1, "0");
    const cut = digits.length - places;
    return grouped((total < 0n ? "-" : "") + digits.slice(0, cut) + (places ? `.${digits.slice(cut)}` : ""));
  };
  const escaped = (text) => {
    const box = document.createElement("span");
    box.textContent = text;
    return box.innerHTML;
  };
  const said = (text, count) => text.replace("{n}", count);

  const wrong = (value, column) => {
    const text = plain(value);
    if (column.kind !== "number" || text === "") return false;
    return !NUMBER.test(text) || (column.decimals !== undefined && fraction(text) > column.decimals);
  };
  const drawn = (cell, { column, touched }) => {
    const value = cell.getValue(),
      box = cell.getElement();
    box.classList.toggle("bad", wrong(value, column));
    box.classList.toggle("changed", touched.has(`${cell.getRow().getIndex()} ${column.field}`));
    if (column.kind === "choice") return escaped(column.choices[value] ?? value ?? "");
    if (column.kind === "number" && NUMBER.test(plain(value))) return grouped(plain(value));
    return escaped(value ?? "");
  };
  const columnOf = (column, touched, words) => ({
    field: column.field,
    title: escaped(column.title) + (column.unit ? `<br>${escaped(column.unit)}` : ""),
    editor: column.readonly ? false : column.kind === "choice" ? "list" : "input",
    editorParams: column.kind === "choice" ? { values: column.choices } : { selectContents: true },
    cssClass: [column.readonly ? "fixed" : "", column.kind === "number" ? "r" : ""].join(" ").trim() || undefined,
    hozAlign: column.kind === "number" ? "right" : "left",
    headerHozAlign: column.kind === "number" ? "right" : "left",
    sorter: column.kind === "number" ? (a, b) => Number(plain(a)) - Number(plain(b)) : "string",
    formatter: drawn,
    formatterParams: { column, touched },
    frozen: Boolean(column.frozen),
    width: column.width,
    minWidth: 72,
    widthGrow: column.kind === "text" && column.readonly ? 2 : 1,
    bottomCalc: column.total ? (values) => sum(values) : column.frozen && words.totals ? () => words.sum : undefined,
  });

  const build = (grid, rows) => {
    const words = { ...grid.words, totals: grid.columns.some((column) => column.total) };
    const shown = grid.columns.map((column) => columnOf(column, grid.touched, words));
    // the first column heads the rows when it is frozen: it stays in sight and no block can start in it
    const heading = grid.columns[0].frozen ? shown.shift() : undefined;
    return new Tabulator(grid.element, {
      data: rows,
      index: "id",
      columns: shown,
      ...(heading ? { rowHeader: heading } : {}),
      layout: matchMedia("(max-width: 575.98px)").matches ? "fitDataFill" : "fitColumns",
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

  // a change is {id, field, old, value}; what was done together is taken back together
  const remember = (grid, changes) => {
    if (!changes.length) return;
    grid.done.push(changes);
    changes.forEach((change) => grid.touched.add(`${change.id} ${change.field}`));
    grid.element.dispatchEvent(new CustomEvent("jicai:changed", { bubbles: true }));
  };
  const write = async (grid, changes, which) => {
    const rows = new Map();
    for (const { id, field, [which]: value } of changes) rows.set(id, { ...rows.get(id), id, [field]: value });
    grid.writing = true;
    grid.table.blockRedraw(); // totals are added once, not once a row
    await grid.table.updateData([...rows.values()]);
    grid.table.restoreRedraw();
    rows.forEach((_, id) => grid.table.getRow(id).reformat());
    grid.table.recalc();
    grid.writing = false;
  };
  const undo = (grid) => {
    const changes = grid.done.pop();
    if (!changes) return;
    changes.forEach((change) => grid.touched.delete(`${change.id} ${change.field}`));
    write(grid, changes.toReversed(), "old");
  };

  const block = (text) =>
    text
      .replace(/\r\n?/g, "\n")
      .replace(/\n$/, "")
      .split("\n")
      .map((line) => line.split("\t"));
  const valueFor = (column, text) => {
    const given = text.trim();
    if (column.kind === "number") return NUMBER.test(plain(given)) ? plain(given) : given;
    if (column.kind !== "choice") return given;
    return Object.keys(column.choices).find((key) => key === given || column.choices[key] === given) ?? given;
  };
  const selected = (grid) => (grid.table.getRanges()[0]?.getCells() ?? []).flat();
  // the changes a pasted block makes, and how many of its cells have no place
  const placed = (grid, text, corner) => {
    const lines = grid.table.getRows("active");
    const top = lines.findIndex((row) => row.getIndex() === corner.getRow().getIndex());
    const left = grid.columns.findIndex((column) => column.field === corner.getField());
    const changes = [];
    let cut = 0;
    block(text).forEach((cells, down) =>
      cells.forEach((given, across) => {
        const row = lines[top + down];
        const column = grid.columns[left + across];
        if (!row || !column || column.readonly) {
          cut += 1;
          return;
        }
        const old = row.getData()[column.field];
        changes.push({ id: row.getIndex(), field: column.field, old, value: valueFor(column, given), column });
      }),
    );
    return { changes, cut };
  };
  const paste = (grid, text) => {
    const [corner] = selected(grid);
    if (!corner) return;
    const { changes, cut } = placed(grid, text, corner);
    const bad = changes.filter((change) => wrong(change.value, change.column)).length;
    remember(grid, changes);
    write(grid, changes, "value");
    const parts = [said(grid.words.pasted, changes.length)];
    if (cut) parts.push(said(grid.words.cut, cut));
    if (bad) parts.push(said(grid.words.bad, bad));
    grid.status.textContent = parts.join(" ");
  };
  const empty = (grid) => {
    const changes = selected(grid)
      .filter((cell) => grid.open.includes(cell.getField()))
      .map((cell) => ({ id: cell.getRow().getIndex(), field: cell.getField(), old: cell.getValue(), value: "" }));
    remember(grid, changes);
    write(grid, changes, "value");
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
    if (command && event.key.toLowerCase() === "z") undo(grid);
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
      remember(grid, [{ id, field: cell.getField(), old: cell.getOldValue(), value: cell.getValue() }]);
      cell.getRow().reformat();
    });
    document.addEventListener("paste", (event) => {
      if (event.target.tagName === "INPUT" || !element.contains(document.activeElement)) return;
      event.preventDefault();
      paste(grid, event.clipboardData.getData("text/plain"));
    });
    element.addEventListener("keydown", (event) => key(grid, event));
    document.querySelector(`[data-undo="${element.id}"]`)?.addEventListener("click", () => undo(grid));
    field.form?.addEventListener(
      "submit",
      () => {
        const kept = (row) => Object.fromEntries(["id", ...grid.open].map((name) => [name, row[name] ?? ""]));
        field.value = JSON.stringify(table.getData().map(kept));
      },
      { capture: true },
    );
    addEventListener("beforeunload", (event) => {
      if (grid.done.length && !field.value) event.preventDefault();
    });
  };
  window.jicai.each("[data-grid]", (element) => {
    const { columns, rows } = JSON.parse(document.getElementById(element.dataset.grid).textContent);
    const grid = {
      element,
      columns,
      words: element.dataset,
      field: document.getElementById(element.dataset.name),
      status: document.querySelector(`[data-said="${element.id}"]`),
      open: columns.filter((column) => !column.readonly).map((column) => column.field),
      touched: new Set(),
      done: [],
      writing: false,
    };
    grid.table = build(grid, rows);
    listen(grid);
  });
})();
