// The explorer: draws the charts of a chosen network beside those of the book's example, and hands out their numbers.
// A network's numbers are a script of their own, _static/explored/<name>.js, which calls explorer.add; nothing is fetched.
"use strict";

const explorer = (() => {
  const page = document.getElementById("explorer-app");
  const [form, told, charts, measures] = ["form", ".explorer-told", ".explorer-charts", ".explorer-measures"].map((s) => page.querySelector(s));
  const networks = JSON.parse(page.dataset.networks);
  const folder = document.currentScript.src.replace(/[^/]*$/, "explored/");
  const loaded = {}, waiting = {};
  const short = (name) => name.replace(/-seed0$/, "");
  const make = (tag, content = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), content);
    made.append(...children);
    return made;
  };

  const add = (bundle) => { loaded[bundle.name] = bundle; };
  const load = (name) => (waiting[name] ??= new Promise((done, failed) => {
    document.head.append(make("script", { src: `${folder}${name}.js`, onload: () => done(loaded[name]), onerror: failed }));
  }));

  // One series as a trace of plotly. Dots that are coloured by a value take the colours of the book's manifolds.
  const trace = ({ kind, name, color, x, y, values, low, high, faint, size }) => {
    const marker = { color: values ?? color, size: size ?? (faint ? 3 : 5), opacity: faint ? 0.35 : 0.85, symbol: "circle" };
    if (values) Object.assign(marker, { colorscale: [[0, "#9CC3E6"], [0.5, "#3B5BA5"], [1, "#2D0A45"]], colorbar: { title: { text: "θ" }, thickness: 8, len: 0.7 } });
    if (kind === "open") marker.symbol = "circle-open";
    if (kind === "crosses") Object.assign(marker, { symbol: "x-thin-open", color });
    if (kind === "bars") {
      const ends = low && { type: "data", symmetric: false, array: y.map((v, i) => high[i] - v), arrayminus: y.map((v, i) => v - low[i]) };
      return { type: "bar", name, x, y, opacity: 0.6, marker: { color }, ...(ends ? { error_y: ends } : {}) };
    }
    const line = { color, width: 1.5, dash: kind === "dashes" ? "dot" : "solid" };
    return { type: "scatter", name, x, y, mode: ["line", "dashes"].includes(kind) ? "lines" : "markers", marker, line };
  };

  const axis = (text, log, more = {}) => ({
    title: { text, standoff: 6 }, ...(log && { type: "log" }), exponentformat: "power", automargin: true, zeroline: false,
    showline: true, linecolor: "#222", ticks: "outside", gridcolor: "#eee", ...more,
  });

  // Names stand below one another, on the vertical axis.
  const named = (chart) => chart.series.some(({ x }) => typeof x[0] === "string");
  const turned = ({ x, y, error_y, ...rest }) => ({ x: y, y: x, error_x: error_y, orientation: "h", ...rest });

  const layout = (chart) => ({
    height: 320, margin: { l: 50, r: 10, t: 10, b: 40 }, barmode: "overlay", bargap: 0.05, paper_bgcolor: "#fff", plot_bgcolor: "#fff",
    font: { size: 12, color: "#222" }, legend: { orientation: "h", y: -0.25, yanchor: "top", font: { size: 11 } },
    ...(named(chart) ? {
      xaxis: axis(chart.y, chart.log === "y", chart.limits && { range: chart.limits }),
      yaxis: axis(chart.x, false, { autorange: "reversed" }),
    } : {
      xaxis: axis(chart.x, chart.log === "x", chart.falling && { autorange: "reversed" }),
      yaxis: axis(chart.y, chart.log === "y", { ...(chart.limits && { range: chart.limits }), ...(chart.equal && { scaleanchor: "x" }) }),
    }),
  });

  const draw = (chart, name) => {
    const label = `${chart.title}: ${short(name)}; ${chart.y} against ${chart.x || "name"}`;
    const plot = make("div", { className: "explorer-plot", role: "img", ariaLabel: label });
    const options = { responsive: true, displayModeBar: false };
    return [plot, () => Plotly.newPlot(plot, chart.series.map(trace).map(named(chart) ? turned : (one) => one), layout(chart), options)];
  };

  const quoted = (value) => (/[",\n]/.test(value) ? `"${String(value).replaceAll('"', '""')}"` : String(value ?? ""));
  const csv = (rows) => rows.map((row) => row.map(quoted).join(",")).join("\n") + "\n";
  const save = (file, rows) => {
    const href = URL.createObjectURL(new Blob([csv(rows)], { type: "text/csv" }));
    make("a", { href, download: file }).click();
    setTimeout(() => URL.revokeObjectURL(href), 1000);
  };

  const points = (name, chart) => chart.series.flatMap(({ name: series, x, y, values }) =>
    x.map((at, i) => [name, series, at, y[i], values?.[i]]));

  // The charts of one title, those of the chosen network first.
  const pair = (title, found) => {
    const drawn = found.map(([name, chart]) => [name, ...draw(chart, name)]);
    const figures = drawn.map(([name, plot]) => make("figure", {}, plot, make("figcaption", { textContent: short(name) })));
    const [, { x, y }] = found[0];
    const rows = () => [["network", "series", x || "name", y, "colour"], ...found.flatMap(([name, chart]) => points(name, chart))];
    const file = `${short(found[0][0])}-${title.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.csv`;
    const button = make("button", { type: "button", textContent: "data (CSV)", ariaLabel: `${title}: data (CSV)`, onclick: () => save(file, rows()) });
    charts.append(make("section", {}, make("h2", { textContent: title }), make("div", { className: "explorer-pair" }, ...figures), button));
    return drawn.map(([, , show]) => show);
  };

  const badge = (verdict) => make("span", { className: `verdict verdict-${verdict.replaceAll(" ", "-")}`, textContent: verdict });
  const key = ([claim, name]) => `${claim} ${name}`;

  const tabulate = (views) => {
    const all = new Map(views.flatMap(([, view]) => view.measures.map((row) => [key(row), row])));
    const by = views.map(([, view]) => new Map(view.measures.map((row) => [key(row), row])));
    const judged = views.some(([, view]) => view.measures.some((row) => row[5]));
    const cell = (scope, text) => make("th", { scope, textContent: text });
    const names = views.flatMap(([name]) => [short(name), ...(judged ? [`verdict, ${short(name)}`] : [])]);
    const head = make("tr", {}, ...(judged ? ["claim", "measure", "criterion"] : ["measure"]).concat(names).map((text) => cell("col", text)));
    const rows = [...all].map(([id, [claim, name, criterion]]) => {
      const row = make("tr", {}, ...(judged ? [make("td", { textContent: claim })] : []), cell("row", name));
      if (judged) row.append(make("td", { textContent: criterion }));
      for (const of of by) {
        row.append(make("td", { textContent: of.get(id)?.[3] ?? "—" }));
        if (judged) row.append(make("td", {}, ...(of.has(id) ? [badge(of.get(id)[5])] : [])));
      }
      return row;
    });
    measures.replaceChildren(make("table", { className: "table" }, make("thead", {}, head), make("tbody", {}, ...rows)));
    const numbers = views.flatMap(([name, view]) => view.measures.map(([claim, measure, criterion, , value, verdict]) => [name, view.label, claim, measure, criterion, value, verdict]));
    form.csv.onclick = () => save(`${short(views[0][0])}.csv`, [["network", "view", "claim", "measure", "criterion", "value", "verdict on the claim"], ...numbers]);
  };

  let turn = 0;
  const show = async (name, wanted = 0) => {
    const mine = ++turn;
    const entry = networks.find((one) => one.name === name);
    const names = [...new Set([name, entry.beside])];
    told.textContent = `Loading ${short(name)} …`;
    const bundles = await Promise.all(names.map(load)).catch(() => null);
    if (mine !== turn) return;
    if (!bundles) { told.textContent = `The numbers of ${short(name)} are not there.`; return; }
    const last = bundles[0].views.length - 1, n = Math.min(Math.max(wanted, 0), last);
    form.network.value = name;
    form.view.replaceChildren(...bundles[0].views.map((view, i) => make("option", { value: i, textContent: view.label })));
    form.view.value = n;
    form.view.parentElement.hidden = last === 0;
    const views = bundles.map((bundle, i) => [bundle.name, bundle.views[i ? Math.min(n, bundle.views.length - 1) : n]]);
    charts.querySelectorAll(".explorer-plot").forEach((plot) => Plotly.purge(plot));
    charts.replaceChildren();
    page.querySelector(".explorer-command").textContent = entry.command;
    const titles = [...new Set(views.flatMap(([, view]) => view.charts.map((chart) => chart.title)))];
    const draws = titles.flatMap((title) => pair(title, views.flatMap(([of, view]) => {
      const chart = view.charts.find((one) => one.title === title);
      return chart ? [[of, chart]] : [];
    })));
    tabulate(views);
    for (const drawing of draws) await drawing();
    const beside = views[1] ? `, beside ${short(views[1][0])} (${views[1][1].label})` : ", the book's example";
    told.textContent = `${short(name)}, ${entry.title}: ${views[0][1].label}${beside}.`;
  };

  // explorer.html#yelp-gru, and of a stack explorer.html#imdb-gru3-glove-layer-2
  const follow = () => {
    const [, of, layer] = /^#?(.*?)(?:-layer-(\d+))?$/.exec(decodeURIComponent(location.hash));
    const found = networks.find(({ name }) => short(name) === of || name === of);
    if (found) page.scrollIntoView();
    return show((found ?? networks[0]).name, layer ? layer - 1 : 0);
  };
  const choose = (view) => {
    const layer = view ? `-layer-${Number(view) + 1}` : "";
    history.replaceState(null, "", `#${short(form.network.value)}${layer}`);
    show(form.network.value, Number(view));
  };

  page.hidden = false;
  form.onsubmit = (event) => event.preventDefault();
  form.network.onchange = () => choose(0);
  form.view.onchange = () => choose(Number(form.view.value));
  addEventListener("hashchange", follow);
  addEventListener("load", follow);
  return { add };
})();
