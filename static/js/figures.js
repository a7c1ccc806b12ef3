// Figures as text, exactly: a decimal is a whole number of its finest step. Nothing here rounds but `thousandths`.
(() => {
  "use strict";
  const NUMBER = /^[+-]?\d+(\.\d+)?$/;
  const narrow = (text) => text.replace(/[０-９．－＋]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
  const plain = (text) =>
    narrow(String(text ?? ""))
      .trim()
      .replace(/,(?=\d{3}(\D|$))/g, "");
  const isNumber = (text) => NUMBER.test(plain(text));
  const fraction = (text) => (plain(text).split(".")[1] ?? "").length;
  const grouped = (text) => {
    const [left, right] = text.split(".");
    return left.replace(/\B(?=(\d{3})+$)/g, ",") + (right === undefined ? "" : `.${right}`);
  };

  const NOTHING = { whole: 0n, places: 0 };
  const ten = (places) => 10n ** BigInt(places);
  const read = (text) => ({ whole: BigInt(plain(text).replace("+", "").replace(".", "")), places: fraction(text) });
  const scaled = (figure, places) => figure.whole * ten(places - figure.places);
  const plus = (a, b) => {
    const places = Math.max(a.places, b.places);
    return { whole: scaled(a, places) + scaled(b, places), places };
  };
  const times = (a, b) => ({ whole: a.whole * b.whole, places: a.places + b.places });
  const compare = (a, b) => {
    const places = Math.max(a.places, b.places),
      left = scaled(a, places),
      right = scaled(b, places);
    return left < right ? -1 : left > right ? 1 : 0;
  };
  const apart = (a, b) => {
    const places = Math.max(a.places, b.places),
      gap = scaled(a, places) - scaled(b, places);
    return { whole: gap < 0n ? -gap : gap, places };
  };
  // half-up to 3 decimals, as the server rounds sums of demand; for figures of 0 and more
  const thousandths = (figure) => {
    if (figure.places <= 3) return figure;
    const unit = ten(figure.places - 3);
    return { whole: (figure.whole + unit / 2n) / unit, places: 3 };
  };
  const write = (figure) => {
    const digits = String(figure.whole < 0n ? -figure.whole : figure.whole).padStart(figure.places + 1, "0");
    const cut = digits.length - figure.places;
    const right = figure.places ? `.${digits.slice(cut)}` : "";
    return grouped((figure.whole < 0n ? "-" : "") + digits.slice(0, cut) + right);
  };
  const sum = (texts) => texts.filter(isNumber).map(read).reduce(plus, NOTHING);

  window.jicai.figures = {
    NOTHING, plain, isNumber, fraction, grouped, read, plus, times, compare, apart, thousandths, write, sum,
  };
})();
