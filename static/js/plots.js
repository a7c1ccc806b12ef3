// Plots: ECharts drawn as SVG, colours taken from the tokens and drawn again when the theme changes.
(() => {
  "use strict";
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const coloured = (value) => {
    if (typeof value === "string") return value.startsWith("--") ? css(value) : value;
    if (Array.isArray(value)) return value.map(coloured);
    if (value && typeof value === "object")
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, coloured(v)]));
    return value;
  };
  // draw(element, option): option is a function called again at each change of theme or width
  const draw = (element, option) => {
    const chart = echarts.init(element, null, { renderer: "svg" });
    const again = () => chart.setOption(option(element), true);
    again();
    let width = element.clientWidth;
    new ResizeObserver(() => {
      if (element.clientWidth === width) return;
      width = element.clientWidth;
      chart.resize();
      again();
    }).observe(element);
    addEventListener("themechange", again);
    return again;
  };
  const ground = () => ({
    animation: false,
    textStyle: { fontFamily: css("--sans") },
    tooltip: {
      renderMode: "richText",
      backgroundColor: css("--surface"),
      borderColor: css("--line"),
      textStyle: { color: css("--ink"), fontSize: 12 },
    },
  });
  window.jicai.plots = { css, draw, read, ground };
  window.jicai.each("[data-plot]", (element) => {
    const option = read(element.dataset.plot),
      lying = option.yAxis?.type === "category" ? option.yAxis.data.length : 0;
    if (lying) element.style.height = `${lying * 30 + 80}px`; // bars that lie: as high as they are many
    draw(element, () => {
      const own = coloured(option),
        base = ground();
      return { ...base, ...own, tooltip: { ...base.tooltip, ...own.tooltip } };
    });
  });
})();
