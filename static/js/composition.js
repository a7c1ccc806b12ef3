// The sum of a cost composition while it is typed, in whole steps of 0.0001 yuan. The server adds up again.
(() => {
  "use strict";
  const read = (text) => {
    const plain = text.trim().replace("\u2212", "-");
    if (!/^-?\d{1,9}(\.\d{1,4})?$/.test(plain)) return null;
    const [left, right = ""] = plain.split(".");
    return BigInt(left + right.padEnd(4, "0"));
  };
  const write = (count, signed = false) => {
    const size = String(count < 0n ? -count : count).padStart(5, "0");
    const sign = count < 0n ? "\u2212" : signed && count > 0n ? "+" : "";
    return `${sign}${size.slice(0, -4)}.${size.slice(-4)}`;
  };
  window.jicai.each("[data-composition]", (table) => {
    const fields = [...table.querySelectorAll("[data-cost]")];
    const show = () => {
      const read_ = fields.map((field) => read(field.value));
      const sum = read_.reduce((total, each) => total + (each ?? 0n), 0n),
        apart = sum - read(table.dataset.composition);
      table.querySelector("[data-sum]").textContent = write(sum);
      const spot = table.querySelector("[data-apart]");
      spot.textContent = write(apart, true);
      spot.classList.toggle("t-bad", apart !== 0n && read_.every((each) => each !== null));
    };
    fields.forEach((field) => field.addEventListener("input", show));
    show();
  });
})();
