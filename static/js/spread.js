// Spread of bids: one row a bidder in rank order; anchor, limit and cap as lines.
// A logarithmic axis by default, because the rules are multiples: 1.8 times is the same length in every round.
(() => {
  "use strict";
  const { css, draw, read, ground } = window.jicai.plots;
  const CROSS = "path://M2,0L10,8L18,0L20,2L12,10L20,18L18,20L10,12L2,20L0,18L8,10L0,2Z";
  const STEPS = [1, 1.2, 1.5, 2, 3, 5, 8];

  const places = (value) => (value >= 10 ? 0 : value >= 0.095 ? 1 : value >= 0.0095 ? 2 : 4);
  const ratioTicks = (low, high) => {
    const all = [];
    for (let power = Math.floor(Math.log10(low)) - 1; power <= Math.ceil(Math.log10(high)); power += 1) {
      STEPS.forEach((step) => all.push(step * 10 ** power));
    }
    const inside = all.filter((tick) => tick >= low * 0.999 && tick <= high * 1.001);
    const every = Math.ceil(inside.length / 7);
    return inside.filter((_, index) => index % every === 0);
  };
  const evenTicks = (high) => {
    const rough = high / 5,
      power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 2.5, 5, 10].find((one) => one * power >= rough) * power;
    return Array.from({ length: Math.ceil(high / step) + 1 }, (_, index) => index * step);
  };
  const look = (kind) => {
    const primary = css("--primary"),
      muted = css("--muted"),
      bad = css("--bad"),
      ground_ = css("--surface");
    return (
      {
        win: ["circle", primary, primary],
        rev: ["circle", ground_, primary],
        no: [CROSS, muted, muted],
        bad: ["triangle", ground_, bad],
      }[kind] ?? [CROSS, muted, muted]
    );
  };

  const scaleOf = (data, log) => {
    const marks = [data.anchor, data.limit, data.cap].filter((mark) => mark !== null && mark !== undefined).map(Number);
    const values = [...data.bids.map((bid) => Number(bid.p)), ...marks].filter((value) => value > 0);
    const low = Math.min(...values) / 1.25,
      high = Math.max(...values) * (log ? 1.2 : 1.08);
    const to = log ? Math.log10 : (value) => value;
    const back = log ? (value) => 10 ** value : (value) => value;
    const ticks = log ? ratioTicks(low, high) : evenTicks(high);
    const ends = log ? [to(low), to(high)] : [0, Math.max(high, ticks.at(-1))];
    return { to, back, ends, ticks: ticks.map(to) };
  };
  const bounds = (data, scale) => {
    const mark = (name, color, type) =>
      data[name] === null || data[name] === undefined
        ? []
        : [
            {
              xAxis: scale.to(Number(data[name])),
              lineStyle: { color, width: type === "solid" ? 1.5 : 1, type },
              label: {
                formatter: `${data.names[name]}\n${Number(data[name]).toFixed(4)}`,
                color,
                fontSize: 12,
                lineHeight: 15,
                position: "start",
                distance: 6,
              },
            },
          ];
    return [
      ...mark("anchor", css("--muted"), "dashed"),
      ...mark("limit", css("--bad"), "solid"),
      ...mark("cap", css("--muted"), "dashed"),
    ];
  };
  const band = (data, scale) =>
    data.limit === null || data.limit === undefined
      ? []
      : [
          [
            { xAxis: data.anchor ? scale.to(Number(data.anchor)) : scale.ends[0] },
            { xAxis: scale.to(Number(data.limit)) },
          ],
        ];

  const series = (data, scale) => [
    {
      type: "scatter",
      z: 6,
      data: data.bids.map((bid, row) => {
        const [symbol, color, border] = look(bid.g),
          price = Number(bid.p);
        return {
          value: [price > 0 ? scale.to(price) : null, row],
          symbol,
          symbolSize: bid.g === "no" ? 9 : 11,
          itemStyle: { opacity: 1, color, borderColor: border, borderWidth: bid.g === "no" ? 0 : 2 },
        };
      }),
      markLine: { symbol: "none", silent: true, data: bounds(data, scale) },
      markArea: { silent: true, itemStyle: { color: css("--primary-soft"), opacity: 0.6 }, data: band(data, scale) },
    },
  ];

  const option = (element, data, log) => {
    const phone = element.clientWidth < 520,
      scale = scaleOf(data, log);
    const longest = Math.max(
      ...data.bids.map((bid) => [...bid.n].reduce((sum, c) => sum + (c.charCodeAt(0) > 255 ? 12 : 6.5), 0)),
    );
    const names = Math.min(longest, phone ? 96 : 220) + 14;
    const ink = css("--ink"),
      muted = css("--muted"),
      line = css("--line"),
      base = ground();
    const rows = { type: "category", inverse: true, axisLine: { show: false }, axisTick: { show: false } };
    const every = { interval: 0, color: ink, fontSize: 12 };
    return {
      ...base,
      grid: { left: names, right: phone ? 56 : 68, top: 44, bottom: 26 },
      tooltip: {
        ...base.tooltip,
        trigger: "item",
        formatter: (point) =>
          `${data.bids[point.dataIndex].n}\n${Number(data.bids[point.dataIndex].p).toFixed(4)} ${data.unit}`,
      },
      xAxis: {
        type: "value",
        min: scale.ends[0],
        max: scale.ends[1],
        splitLine: { show: false },
        axisLine: { show: true, lineStyle: { color: line } },
        axisTick: { show: true, customValues: scale.ticks, lineStyle: { color: muted } },
        axisLabel: {
          customValues: scale.ticks,
          color: muted,
          fontSize: 12,
          hideOverlap: true,
          formatter: (value) => {
            const v = scale.back(value);
            return v.toFixed(places(v));
          },
        },
      },
      yAxis: [
        {
          ...rows,
          data: data.bids.map((_, row) => row),
          splitLine: { show: true, lineStyle: { color: line } },
          axisLabel: {
            ...every,
            align: "left",
            margin: names - 2,
            width: names - 12,
            overflow: "truncate",
            formatter: (row) => data.bids[row].n,
          },
        },
        {
          ...rows,
          position: "right",
          name: phone ? "" : data.unit,
          nameLocation: "start",
          nameGap: 14,
          nameTextStyle: { color: muted, fontSize: 12, align: "left" },
          data: data.bids.map((_, row) => row),
          axisLabel: { ...every, margin: 10, formatter: (row) => Number(data.bids[row].p).toFixed(4) },
        },
      ],
      series: series(data, scale),
    };
  };

  window.jicai.each("[data-spread]", (element) => {
    const data = read(element.dataset.spread);
    let log = true;
    element.style.height = `${Math.max(160, data.bids.length * 26 + 70)}px`;
    if (!data.bids.length) return;
    const again = draw(element, () => option(element, data, log));
    const buttons = document.querySelectorAll(`[data-scale][data-for="${element.id}"]`);
    const says = document.querySelector(`[data-scale-says="${element.id}"]`);
    buttons.forEach((button) =>
      button.addEventListener("click", () => {
        log = button.dataset.scale === "log";
        buttons.forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
        says.textContent = log ? says.dataset.log : says.dataset.linear;
        again();
      }),
    );
  });
})();
