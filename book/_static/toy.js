/* The toy of the primer: h' = J h + x in two dimensions. The reader moves the eigenvalues of J and the angle between its right
   eigenvectors, and turns the input x that arrives at the first step. Plain SVG; `toy` may be used without a page, as tests do. */
"use strict";

const STEPS = 60, RADIUS = 100;  // tokens that are drawn; pixels of a state of length 1

function toy({ first, second, angle, input }) {
  const radians = (degrees) => (degrees * Math.PI) / 180;
  const unit = (degrees) => [Math.cos(radians(degrees)), Math.sin(radians(degrees))];
  const right = [unit(0), unit(angle)];  // the columns of R
  const sine = Math.sin(radians(angle));
  const left = [[1, -Math.cos(radians(angle)) / sine], [0, 1 / sine]];  // the rows of L = R⁻¹
  const along = (row, h) => row[0] * h[0] + row[1] * h[1];
  const values = [first, second];
  const step = (h) => {
    const amounts = left.map((row, a) => values[a] * along(row, h));
    return [0, 1].map((i) => amounts[0] * right[0][i] + amounts[1] * right[1][i]);
  };
  const path = (start) => {
    const states = [start];
    while (states.length <= STEPS) states.push(step(states[states.length - 1]));
    return states;
  };
  const kick = unit(input);
  return {
    right, left, kick, path,
    times: values.map((value) => Math.abs(1 / Math.log(Math.abs(value)))),
    kept: left.map((row) => along(row, kick)),  // ℓ·x, how far the input moves each mode
  };
}

function drawToy(root) {
  const svg = root.querySelector("svg");
  const told = root.querySelector(".toy-told");
  const read = (name) => Number(root.querySelector(`[name=${name}]`).value);
  const point = ([a, b]) => `${(a * RADIUS).toFixed(1)},${(-b * RADIUS).toFixed(1)}`;
  const line = (points, kind) => `<polyline class="toy-${kind}" points="${points.map(point).join(" ")}"/>`;
  const times = (n) => (n > 999 ? "for ever" : `${n.toPrecision(2)} tokens`);
  const draw = () => {
    const of = toy({ first: read("first"), second: read("second"), angle: read("angle"), input: read("input") });
    for (const range of root.querySelectorAll("input")) {
      range.nextElementSibling.textContent = range.name === "angle" || range.name === "input" ? `${range.value}°` : range.value;
    }
    const starts = Array.from({ length: 12 }, (_, i) => [1.1 * Math.cos((i * Math.PI) / 6), 1.1 * Math.sin((i * Math.PI) / 6)]);
    const [r1, r2] = of.right;
    const scaled = ([a, b], by) => [a * by, b * by];
    const length = Math.hypot(...of.left[0]);
    svg.innerHTML =
      starts.map((start) => line(of.path(start), "flow")).join("") +
      line([scaled(r1, -1.25), scaled(r1, 1.25)], "right") +
      line([scaled(r2, -1.25), scaled(r2, 1.25)], "right") +
      line([[0, 0], scaled(of.left[0], 1.1 / length)], "left") +
      line([[0, 0], of.kick], "kick") +
      line(of.path(of.kick), "path") +
      of.path(of.kick).map((h) => `<circle class="toy-step" r="2.5" cx="${point(h).split(",")[0]}" cy="${point(h).split(",")[1]}"/>`).join("") +
      [["r₁", scaled(r1, 1.33)], ["r₂", scaled(r2, 1.33)], ["ℓ₁", scaled(of.left[0], 1.22 / length)], ["x", scaled(of.kick, 1.1)]]
        .map(([name, at]) => `<text x="${point(at).split(",")[0]}" y="${point(at).split(",")[1]}">${name}</text>`).join("");
    told.textContent =
      `Mode 1 lasts ${times(of.times[0])}, mode 2 ${times(of.times[1])}. ` +
      `The input of length 1 moves the state by ${of.kept[0].toFixed(2)} along r₁ (ℓ₁·x) and by ${of.kept[1].toFixed(2)} along r₂.`;
  };
  root.addEventListener("input", draw);
  draw();
}

if (typeof document !== "undefined") {
  document.querySelectorAll(".toy").forEach(drawToy);
}
