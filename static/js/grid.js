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
    bottomCalc: column.total ? (values) => sum(values) : column.frozen ? () => words.sum : undefined,
  });

  const start = (element) => {
    const { columns, rows } = JSON.parse(document.getElementById(element.dataset.grid).textContent);
    const words = element.dataset,
      field = document.getElementById(words.name);
    const status = document.querySelector(`[data-said="${element.id}"]`);
    const touched = new Set(),
      undone = [];
    const open = columns.filter((column) => !column.readonly).map((column) => column.field);
    // the first column heads the rows when it is frozen: it stays in sight and no block can start in it
    const shown = columns.map((column) => columnOf(column, touched, words));
    const heading = columns[0].frozen ? shown.shift() : undefined;
    const table = new Tabulator(element, {
      data: rows,
      index: "id",
      columns: shown,
      ...(heading ? { rowHeader: heading } : {}),
      layout: matchMedia("(max-width: 575.98px)").matches ? "fitDataFill" : "fitColumns",
      placeholder: words.empty,
      columnDefaults: { headerSort: false },
      height: rows.length > 18 ? Number(words.height) || 560 : undefined,
      selectableRange: 1,
      selectableRangeRows: Boolean(heading),
      editTriggerEvent: "dblclick",
      clipboard: "copy",
      clipboardCopyRowRange: "range",
      clipboardCopyConfig: { columnHeaders: false, columnCalcs: false },
    });

    table.on("tableBuilt", () => {
      element.querySelector(".tabulator-tableholder").setAttribute("role", "rowgroup");
      element.querySelector(".tabulator-table").setAttribute("role", "presentation");
      const first = columns.find((column) => !column.readonly),
        row = table.getRows()[0];
      if (first && row) table.getRanges()[0]?.setBounds(row.getCell(first.field), row.getCell(first.field));
    });
    const remember = (changes) => {
      if (!changes.length) return;
      undone.push(changes);
      changes.forEach((change) => touched.add(`${change.id} ${change.field}`));
      element.dispatchEvent(new CustomEvent("jicai:changed", { bubbles: true }));
    };
    // several cells at once, in one pass over the rows
    const write = (changes, which) => {
      const byRow = new Map();
      changes.forEach((change) =>
        byRow.set(change.id, { ...byRow.get(change.id), id: change.id, [change.field]: change[which] }),
      );
      return table.updateData([...byRow.values()]).then(() => {
        byRow.forEach((_, id) => table.getRow(id).reformat());
        table.recalc();
      });
    };
    let quiet = false;
    table.on("cellEdited", (cell) => {
      if (quiet) return;
      remember([
        { id: cell.getRow().getIndex(), field: cell.getField(), old: cell.getOldValue(), value: cell.getValue() },
      ]);
      cell.getRow().reformat();
    });

    const block = (text) =>
      text
        .replace(/\r\n?/g, "\n")
        .replace(/\n$/, "")
        .split("\n")
        .map((line) => line.split("\t"));
    const valueFor = (column, text) => {
      if (column.kind === "number") return NUMBER.test(plain(text)) ? plain(text) : text.trim();
      if (column.kind !== "choice") return text.trim();
      return (
        Object.keys(column.choices).find((key) => key === text.trim() || column.choices[key] === text.trim()) ??
        text.trim()
      );
    };
    const paste = (text) => {
      const corner = table.getRanges()[0]?.getCells()?.[0]?.[0] ?? table.getRanges()[0]?.getCells()?.[0];
      if (!corner) return;
      const lines = table.getRows("active"),
        top = lines.findIndex((row) => row.getIndex() === corner.getRow().getIndex());
      const left = columns.findIndex((column) => column.field === corner.getField());
      const changes = [];
      let cut = 0;
      block(text).forEach((cells, down) =>
        cells.forEach((given, across) => {
          const row = lines[top + down],
            column = columns[left + across];
          if (!row || !column || column.readonly) {
            cut += 1;
            return;
          }
          const value = valueFor(column, given),
            old = row.getData()[column.field];
          changes.push({ id: row.getIndex(), field: column.field, old, value });
        }),
      );
      remember(changes);
      write(changes, "value");
      const kinds = Object.fromEntries(columns.map((column) => [column.field, column]));
      const bad = changes.filter((change) => wrong(change.value, kinds[change.field])).length;
      status.textContent = [
        said(words.pasted, changes.length),
        cut ? said(words.cut, cut) : "",
        bad ? said(words.bad, bad) : "",
      ]
        .filter(Boolean)
        .join(" ");
    };
    const undo = () => {
      const changes = undone.pop();
      if (!changes) return;
      changes.forEach((change) => touched.delete(`${change.id} ${change.field}`));
      quiet = true;
      write([...changes].reverse(), "old").finally(() => {
        quiet = false;
      });
    };
    document.addEventListener("paste", (event) => {
      if (event.target.tagName === "INPUT" || !element.contains(document.activeElement)) return;
      event.preventDefault();
      paste(event.clipboardData.getData("text/plain"));
    });
    const selected = () =>
      (table.getRanges()[0]?.getCells() ?? []).flat().filter((cell) => open.includes(cell.getField()));
    const empty = () => {
      const changes = selected().map((cell) => ({
        id: cell.getRow().getIndex(),
        field: cell.getField(),
        old: cell.getValue(),
        value: "",
      }));
      remember(changes);
      write(changes, "value");
    };
    // as in a spreadsheet: typing replaces the cell, Delete empties the block, Ctrl+Z takes the last act back
    element.addEventListener("keydown", (event) => {
      if (event.target.tagName === "INPUT") return;
      const command = event.ctrlKey || event.metaKey;
      if (command && event.key.toLowerCase() === "z") {
        event.preventDefault();
        undo();
        return;
      }
      if (command || event.altKey) return;
      if (event.key === "Delete" || event.key === "Backspace") {
        event.preventDefault();
        empty();
        return;
      }
      if (event.key.length !== 1 || event.key === " ") return;
      const [cell] = selected();
      if (!cell) return;
      event.preventDefault();
      cell.edit(true);
      const input = cell.getElement().querySelector("input");
      if (input && !input.readOnly) input.value = event.key;
    });
    document.querySelector(`[data-undo="${element.id}"]`)?.addEventListener("click", undo);
    field.form?.addEventListener(
      "submit",
      () => {
        const kept = (row) => Object.fromEntries(["id", ...open].map((name) => [name, row[name] ?? ""]));
        field.value = JSON.stringify(table.getData().map(kept));
      },
      { capture: true },
    );
    addEventListener("beforeunload", (event) => {
      if (undone.length && !field.value) event.preventDefault();
    });
    element.jicaiGrid = { table, paste, undo };
  };
  window.jicai.each("[data-grid]", start);
})();
