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
  // rows of the other specifications: data-factor, data-cap on the row; cells [data-computed], [data-filed], [data-cut]
  const ratio = (table, text) => {
    const places = Number(table.dataset.places ?? 2);
    all("tr[data-factor]", table).forEach((row) => {
      const value = text === null ? null : Number(text) * Number(row.dataset.factor);
      const capped = value !== null && row.dataset.cap && value > Number(row.dataset.cap);
      row.querySelector("[data-computed]").textContent = value === null ? "—" : value.toFixed(places);
      const filed = row.querySelector("[data-filed]"); // absent where the bidder types it
      if (filed) filed.textContent = value === null ? "—" : (capped ? Number(row.dataset.cap) : value).toFixed(places);
      const cut = row.querySelector("[data-cut]");
      if (cut) cut.hidden = !capped;
    });
  };
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
