/* The page "Your own review": two cards, each a network that reads the same text up to the same word. */
"use strict";
{
  const app = document.querySelector(".own-review");
  const field = app.querySelector("textarea");
  const networks = Object.fromEntries(published.map((holds) => [holds.name, new Network(holds)]));
  const MODIFIERS = ["not", "very"];
  const [WIDTH, PLANE, TRACE, MARGIN] = [360, 230, 120, 22];
  let words = []; // of the text, each with its place
  let position = 0; // words read

  const signed = (value) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(1)}`;
  const verdict = (logit) => (logit > 0 ? "positive" : "negative");

  function draw(parent, tag, attributes, text = "") {
    const element = parent.appendChild(document.createElementNS("http://www.w3.org/2000/svg", tag));
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.textContent = text;
    return element;
  }

  /* From the range of some values to a range on the screen. */
  function scale(values, from, to) {
    const low = Math.min(...values), high = Math.max(...values);
    return (value) => from + ((value - low) / (high - low)) * (to - from);
  }

  class Card {
    constructor(element, number) {
      Object.assign(this, { element, number });
      this.select = element.querySelector("select");
      [this.verdict, this.list, this.plane, this.trace] = ["verdict", "words", "plane", "trace"].map((part) =>
        element.querySelector(`.own-review-${part}`));
    }

    /* Read all of the text; what is shown of it, `show` decides. */
    read() {
      const network = this.network = networks[this.select.value];
      this.tokens = network.encode(words.map(({ word }) => word));
      const states = network.read(this.tokens);
      this.logits = states.map((state) => network.logit(state));
      this.path = states.map((state) => this.project(state));
      this.list.replaceChildren(...words.map(({ word }, i) => this.option(word, i)));
      this.drawPlane();
    }

    project(state) {
      const { axes, mean } = this.network.weights;
      const away = mean.map((value, i) => state[i] - value);
      return [0, 1].map((axis) => dot(axes.subarray(axis * mean.length, (axis + 1) * mean.length), away));
    }

    option(word, i) {
      const option = Object.assign(document.createElement("span"), { id: `own-review-word-${this.number}-${i}`, textContent: word });
      const known = this.network.index.has(word);
      const push = dot(this.network.weights.push, this.network.vector(this.tokens[i])) / this.network.reach;
      option.setAttribute("role", "option");
      option.className = `${known ? "" : "unknown "}${push > 0 ? "positive" : "negative"}`;
      option.title = known ? `input projection ${signed(push)}` : "a word that this network does not know";
      option.style.setProperty("--strength", Math.min(1, Math.abs(push)).toFixed(2));
      option.addEventListener("click", () => show(i + 1));
      return option;
    }

    drawPlane() {
      const { low, high, bins, cells } = this.network.density;
      const x = scale([low[0], high[0], ...this.path.map((at) => at[0])], MARGIN, WIDTH - 6);
      const y = scale([low[1], high[1], ...this.path.map((at) => at[1])], PLANE - MARGIN, 6);
      const [wide, tall] = [0, 1].map((axis) => (high[axis] - low[axis]) / bins[axis]);
      this.at = ([first, second]) => [x(first).toFixed(1), y(second).toFixed(1)];
      this.plane.replaceChildren();
      const size = { width: x(wide) - x(0) + 0.3, height: y(0) - y(tall) + 0.3 };
      for (const [column, row, positive, negative] of cells) {
        const place = { x: x(low[0] + column * wide).toFixed(1), y: y(low[1] + (row + 1) * tall).toFixed(1), ...size };
        if (positive) draw(this.plane, "rect", { ...place, class: "positive", opacity: 0.7 * positive });
        if (negative) draw(this.plane, "rect", { ...place, class: "negative", opacity: 0.7 * negative });
      }
      for (const point of this.network.slow) {
        const [cx, cy] = this.at(point);
        draw(this.plane, "circle", { cx, cy, r: 1.8, class: "slow" });
      }
      draw(this.plane, "text", { x: WIDTH / 2, y: PLANE - 6, "text-anchor": "middle" }, "PC 1 of the states");
      draw(this.plane, "text", { x: 0, y: 0, transform: `translate(13 ${PLANE / 2}) rotate(-90)`, "text-anchor": "middle" }, "PC 2");
      this.moving = draw(this.plane, "g", {});
    }

    show(reach) {
      const logit = this.logits[position];
      this.verdict.textContent = `${verdict(logit)}${position < words.length ? " so far" : ""}, logit ${signed(logit)}`;
      this.verdict.className = `own-review-verdict ${verdict(logit)}`;
      [...this.list.children].forEach((option, i) => {
        option.setAttribute("aria-selected", i === position - 1);
        option.classList.toggle("read", i < position);
      });
      const current = this.list.children[position - 1];
      this.list.setAttribute("aria-activedescendant", current?.id ?? "");
      this.list.scrollTop = current ? current.offsetTop - this.list.clientHeight / 2 : 0;
      this.moving.replaceChildren();
      const path = this.path.slice(0, position + 1).map(this.at);
      for (const name of ["halo", "path"]) draw(this.moving, "polyline", { points: path.join(" "), class: name });
      for (const [name, r, [cx, cy]] of [["start", 4, path[0]], ["now", 5.5, path.at(-1)]]) {
        draw(this.moving, "circle", { cx, cy, r, class: name });
      }
      this.drawTrace(reach);
    }

    drawTrace(reach) {
      const x = scale([0, Math.max(1, words.length)], 34, WIDTH - 10);
      const y = scale([-reach, reach], TRACE - 8, 8);
      const at = this.logits.map((value, i) => [x(i).toFixed(1), y(value).toFixed(1)]);
      this.trace.replaceChildren();
      for (const value of [-reach, 0, reach]) {
        draw(this.trace, "line", { x1: 34, x2: WIDTH - 6, y1: y(value), y2: y(value), class: "grid" });
        draw(this.trace, "text", { x: 28, y: y(value) + 4, "text-anchor": "end" }, value ? signed(value) : "0");
      }
      draw(this.trace, "polyline", { points: at.join(" "), class: "ahead" });
      draw(this.trace, "polyline", { points: at.slice(0, position + 1).join(" "), class: "path" });
      draw(this.trace, "circle", { cx: at[position][0], cy: at[position][1], r: 4.5, class: "now" });
      draw(this.trace, "text", { x: WIDTH - 8, y: 18, "text-anchor": "end" }, "logit");
    }
  }

  const cards = [...app.querySelectorAll(".own-review-card")].map((element, i) => new Card(element, i + 1));

  /* Where "not" and "very" stand before the selected word, if they do. */
  function modifiers() {
    let first = position - 1;
    while (first > 0 && MODIFIERS.includes(words[first - 1].word)) first--;
    return { first, there: new Set(words.slice(Math.max(0, first), Math.max(0, position - 1)).map(({ word }) => word)) };
  }

  function show(to) {
    position = Math.max(0, Math.min(words.length, to));
    const reach = Math.max(2, ...cards.flatMap((card) => card.logits.map(Math.abs)));
    for (const card of cards) card.show(reach);
    const { there } = modifiers();
    for (const button of app.querySelectorAll("[data-modifier]")) {
      button.disabled = position === 0;
      button.setAttribute("aria-pressed", there.has(button.dataset.modifier));
    }
    announce();
  }

  let waiting;
  function announce() {
    const word = position ? `Word ${position} of ${words.length}, “${words[position - 1].word}”. ` : "Before the first word. ";
    const told = cards.map(({ network, verdict: { textContent } }) => `${network.label}: ${textContent}.`).join(" ");
    clearTimeout(waiting);
    waiting = setTimeout(() => { app.querySelector(".own-review-told").textContent = word + told; }, 250);
  }

  function read(to = Infinity) {
    words = tokenize(field.value);
    for (const card of cards) card.read();
    show(to);
  }

  /* Put "not" or "very" before the selected word, or take it away; "not" comes first. */
  function toggle(modifier) {
    const { first, there } = modifiers();
    there.has(modifier) ? there.delete(modifier) : there.add(modifier);
    const wanted = MODIFIERS.filter((word) => there.has(word));
    const [from, to] = [words[first].start, words[position - 1].start];
    const text = field.value.toLowerCase().length === field.value.length ? field.value : field.value.toLowerCase();
    field.value = text.slice(0, from) + wanted.map((word) => `${word} `).join("") + text.slice(to);
    read(first + wanted.length + 1);
  }

  function choose({ text, note, beside }) {
    field.value = text;
    app.querySelector(".own-review-note").textContent = note;
    if (beside in networks) cards[1].select.value = beside;
    read();
  }

  const STEPS = { start: () => 0, back: () => position - 1, forward: () => position + 1, end: () => words.length };
  const KEYS = { Home: "start", ArrowLeft: "back", ArrowRight: "forward", End: "end" };

  app.addEventListener("click", ({ target: { dataset } }) => {
    if (dataset.step) show(STEPS[dataset.step]());
    if (dataset.modifier) toggle(dataset.modifier);
    if (dataset.text) choose(dataset);
  });
  app.addEventListener("keydown", (event) => {
    if (!(event.key in KEYS) || event.target.matches("textarea, select") || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    show(STEPS[KEYS[event.key]]());
  });
  field.addEventListener("input", () => {
    app.querySelector(".own-review-note").textContent = "";
    read();
  });
  for (const card of cards) card.select.addEventListener("change", () => read(position));
  choose(app.querySelector("[data-text]").dataset);
}
