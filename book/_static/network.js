/* A published network in plain JavaScript: the tokenizer of lib/text/vocabulary.py and the steps of lib/dynamics/cells.py.
   A script of a network (lib/book/browser.py) adds what it holds to `published`; `new Network(published[0])` reads it. */
"use strict";

globalThis.published ??= [];

/* Python's \w and \s; a lower-cased text is cut into words and punctuation marks, each with its place in the text. */
const WORD = String.raw`[\p{L}\p{N}_]`;
const SPACE = String.raw`\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;
const BREAK = new RegExp(`<br[${SPACE}]*/?>`, "gu");
const TOKEN = new RegExp(`${WORD}+(?=n't)|n't|'(?:s|m|d|re|ve|ll)(?!${WORD})|${WORD}+|([^\\p{L}\\p{N}_${SPACE}])\\1*`, "gu");

function tokenize(text) {
  const plain = text.toLowerCase().replaceAll("’", "'").replace(BREAK, (mark) => " ".repeat(mark.length));
  return [...plain.matchAll(TOKEN)].map((match) => ({ word: match[1] ?? match[0], start: match.index }));
}

/* Numbers of 16 bits (IEEE 754 half precision, little-endian) in base64, and their values. */
function half(bits) {
  const exponent = (bits >> 10) & 31, fraction = bits & 1023;
  return (bits & 0x8000 ? -1 : 1) * (exponent ? 2 ** (exponent - 25) * (1024 + fraction) : 2 ** -24 * fraction);
}

function decode(base64) {
  const text = atob(base64), bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  const view = new DataView(bytes.buffer), values = new Float32Array(bytes.length / 2);
  for (let i = 0; i < values.length; i++) values[i] = half(view.getUint16(2 * i, true));
  return values;
}

/* M v + b, with M one row after the other. */
function affine(matrix, vector, bias) {
  return bias.map((start, row) => {
    let sum = start;
    for (let i = 0, at = row * vector.length; i < vector.length; i++) sum += matrix[at + i] * vector[i];
    return sum;
  });
}

const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
const sigmoid = (x) => 1 / (1 + Math.exp(-x));
const between = (from, to, share) => from + share * (to - from);

/* One step F(h, x) for n units: a = W x + b is what the word contributes, u = U h + c what the state does. */
const CELLS = {
  linear: (h, a, u) => h.map((_, i) => a[i] + u[i]),
  vanilla: (h, a, u) => h.map((_, i) => Math.tanh(a[i] + u[i])),
  gru: (h, a, u, n) => h.map((old, i) => {
    const reset = sigmoid(a[i] + u[i]), update = sigmoid(a[n + i] + u[n + i]);
    return between(Math.tanh(a[2 * n + i] + reset * u[2 * n + i]), old, update);
  }),
  ugrnn: (h, a, u, n) => h.map((old, i) => between(Math.tanh(a[n + i] + u[n + i]), old, sigmoid(a[i] + u[i]))),
  lstm: (h, a, u, n) => {
    const gate = (k, i) => a[k * n + i] + u[k * n + i];
    const memory = h.slice(n).map((old, i) => sigmoid(gate(1, i)) * old + sigmoid(gate(0, i)) * Math.tanh(gate(2, i)));
    return Float64Array.of(...memory.map((value, i) => sigmoid(gate(3, i)) * Math.tanh(value)), ...memory);
  },
};

class Network {
  constructor(holds) {
    Object.assign(this, holds); // name, label, architecture, words, and what there is to draw
    this.weights = Object.fromEntries(Object.entries(holds.weights).map(([name, values]) => [name, decode(values)]));
    this.index = new Map(holds.words.map((word, i) => [word, i]));
    this.units = this.weights["readout.weight"].length;
    this.inputs = this.weights["inward.weight"].length / this.weights["inward.bias"].length;
    this.tokens = [];
    this.states = [new Float64Array(this.architecture === "lstm" ? 2 * this.units : this.units)];
  }

  encode(words) {
    return words.map((word) => this.index.get(word) ?? 1);
  }

  vector(token) {
    return this.weights.embedding.subarray(token * this.inputs, (token + 1) * this.inputs);
  }

  step(state, token) {
    const { weights, units } = this;
    const drive = affine(weights["inward.weight"], this.vector(token), Float64Array.from(weights["inward.bias"]));
    const recurrent = affine(weights["recurrent.weight"], state.subarray(0, units), Float64Array.from(weights["recurrent.bias"]));
    return CELLS[this.architecture](state, drive, recurrent, units);
  }

  /* The states before the first token and after each; what was read before is kept as far as it is the same. */
  read(tokens) {
    let same = 0;
    while (same < tokens.length && tokens[same] === this.tokens[same]) same++;
    this.states.length = same + 1;
    for (const token of tokens.slice(same)) this.states.push(this.step(this.states.at(-1), token));
    this.tokens = tokens;
    return this.states;
  }

  logit(state) {
    return dot(this.weights["readout.weight"], state) + this.weights["readout.bias"][0];
  }
}
