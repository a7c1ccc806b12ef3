// A price while it is typed: capitals, price of one unit, distance from the cap, the other specifications by ratio.
// Display only: the server computes with exact decimals and has the last word.
(() => {
  "use strict";
  const DIGITS = "零壹贰叁肆伍陆柒捌玖";
  const UNITS = ["", "拾", "佰", "仟"];
  const GROUPS = ["", "万", "亿", "万亿"];

  const group = (digits) => {
    let words = "",
      zero = false;
    [...digits].forEach((digit, index) => {
      if (digit === "0") {
        zero = words !== "";
        return;
      }
      words += (zero ? "零" : "") + DIGITS[digit] + UNITS[digits.length - 1 - index];
      zero = false;
    });
    return words;
  };
  const whole = (digits) => {
    let words = "";
    const groups = [];
    for (let end = digits.length; end > 0; end -= 4) groups.unshift(digits.slice(Math.max(0, end - 4), end));
    groups.forEach((part, index) => {
      const text = group(part.replace(/^0+/, ""));
      if (!text) return;
      words += (words && part[0] === "0" ? "零" : "") + text + GROUPS[groups.length - 1 - index];
    });
    return words;
  };
  const capitals = (text) => {
    const [left, right = ""] = text.split(".");
    const words = whole(left.replace(/^0+/, "")),
      fraction = right.replace(/0+$/, "");
    let parts = "";
    [...fraction].forEach((digit, place) => {
      if (digit !== "0") parts += DIGITS[digit] + "角分厘毫"[place];
      else if ((words || place) && !parts.endsWith("零")) parts += "零";
    });
    if (!words && !parts) return "人民币零元整";
    return `人民币${words ? `${words}元` : ""}${parts || "整"}`;
  };
  const plain = (text) =>
    text
      .trim()
      .replace(/[０-９．]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
      .replace(/,(?=\d{3}\b)/g, "");
  const valid = (text, places) => new RegExp(`^\\d{1,9}(\\.\\d{1,${places}})?$`).test(text) && Number(text) > 0;

  const all = (name, root = document) => root.querySelectorAll(name);
  const show = (field) => {
    const text = plain(field.value),
      good = valid(text, field.dataset.places),
      { cap, pack } = field.dataset;
    const over = good && cap !== undefined && Number(text) > Number(cap);
    all(`[data-capitals="${field.id}"]`).forEach((line) => {
      line.textContent = good ? capitals(text) : text ? line.dataset.bad : "";
      line.classList.toggle("t-bad", over || !good);
    });
    all(`[data-figure="${field.id}"]`).forEach((line) => {
      const per = line.querySelector("[data-per]"),
        off = line.querySelector("[data-off]"),
        side = line.querySelector("[data-side]");
      if (per) per.textContent = good ? (text / pack).toFixed(4) : "—";
      if (off) off.textContent = good ? (Math.abs(1 - text / cap) * 100).toFixed(2) : "—";
      if (side) side.textContent = over ? line.dataset.above : line.dataset.below;
      line.classList.toggle("t-bad", over);
    });
    all(`[data-ratio="${field.id}"]`).forEach((table) => ratio(table, good ? text : null));
  };
  // Other specifications: data-main and data-factor are factors × 10^12, prices count steps of 0.0001 yuan: whole
  // numbers, so that this is the server's half-up rounding to the digit (procurement.bids.rules.following).
  const SCALE = 10n ** 12n;
  const steps = (text) => {
    const [left, right = ""] = text.split(".");
    return BigInt(left + right.padEnd(4, "0"));
  };
  const yuan = (count) => {
    const digits = String(count).padStart(5, "0");
    return `${digits.slice(0, -4)}.${digits.slice(-4)}`;
  };
  const halfUp = (above, below) => (2n * above + below) / (2n * below);
  const follow = (row, table, price) => {
    const comparable = halfUp(steps(price) * SCALE, BigInt(table.dataset.main));
    const found = halfUp(comparable * BigInt(row.dataset.factor), SCALE);
    const cap = row.dataset.cap ? steps(row.dataset.cap) : null;
    return cap !== null && found > cap ? { price: yuan(cap), cut: true } : { price: yuan(found), cut: false };
  };
  const field = (row) => row.querySelector("[data-follows]");
  const differ = (row, words) => {
    const { follows } = row.dataset,
      own = plain(field(row).value),
      spot = row.querySelector("[data-difference]");
    if (!follows || !valid(own, 4)) {
      spot.textContent = follows && !own ? words.empty : "";
      return;
    }
    const apart = steps(own) - steps(follows),
      size = apart < 0n ? -apart : apart,
      sign = apart < 0n ? "\u2212" : "+";
    const share = halfUp(size * 1000n, steps(follows) || 1n);
    const percent = `${share / 10n}.${share % 10n}`;
    spot.textContent =
      apart === 0n
        ? words.same
        : words.differs.replace("{yuan}", sign + yuan(size)).replace("{share}", `${sign}${percent} %`);
    spot.classList.toggle("t-warn", apart !== 0n);
  };
  const ratio = (table, text) => {
    all("tr[data-factor]", table).forEach((row) => {
      const found = text === null ? null : follow(row, table, text);
      row.dataset.follows = found ? found.price : "";
      row.querySelector("[data-computed]").textContent = found ? found.price : "—";
      row.querySelector("[data-cut]").hidden = !found?.cut;
      row.querySelector("[data-take]").disabled = !found;
      differ(row, table.dataset);
    });
    const every = table.querySelector("[data-take-all]");
    if (every) every.disabled = text === null;
  };
  // what was typed changes by an act alone, and the act can be taken back
  window.jicai.each("[data-ratio]", (table) => {
    const past = [],
      undo = table.querySelector("[data-undo-take]");
    const rows = [...all("tr[data-factor]", table)];
    const set = (row, value) => {
      field(row).value = value;
      field(row).dispatchEvent(new Event("input", { bubbles: true }));
    };
    const take = (chosen) => {
      const before = chosen.map((row) => [row, field(row).value]).filter(([row, value]) => value !== row.dataset.follows);
      if (!before.length) return;
      past.push(before);
      before.forEach(([row]) => set(row, row.dataset.follows));
      undo.disabled = false;
    };
    rows.forEach((row) => {
      row.querySelector("[data-take]").addEventListener("click", () => take([row]));
      field(row).addEventListener("input", () => differ(row, table.dataset));
    });
    table.querySelector("[data-take-all]").addEventListener("click", () => take(rows.filter((row) => row.dataset.follows)));
    undo.addEventListener("click", () => {
      (past.pop() ?? []).forEach(([row, value]) => set(row, value));
      undo.disabled = !past.length;
    });
  });
  window.jicai.capitals = capitals;
  window.jicai.each("[data-price]", (field) => {
    field.addEventListener("input", () => show(field));
    show(field);
  });
  // a dialog repeats what it binds to
  window.jicai.each("dialog", (dialog) =>
    dialog.addEventListener("jicai:open", () => {
      all("[data-repeat]", dialog).forEach((spot) => {
        const typed = document.getElementById(spot.dataset.repeat).value.trim();
        spot.textContent = typed ? `${typed} ${spot.dataset.unit || ""}`.trim() : spot.dataset.none || "—";
      });
      all("[data-repeat-capitals]", dialog).forEach((spot) => {
        const field = document.getElementById(spot.dataset.repeatCapitals),
          text = plain(field.value);
        spot.textContent = valid(text, field.dataset.places) ? capitals(text) : "—";
      });
    }),
  );
})();
