// A panel, drawn for the steps that are in view.

const MARGIN = { right: 18, top: 12, bottom: 46, epochs: 44 };
const GAP = 14; // between rates and differences
const LINE = 17; // height of a line of text
const CLOSE = 9; // pixels between evaluated steps, from which on these are seen as dots

function make(tag, attributes = {}, ...children) {
  const inSvg = /^(svg|g|path|line|circle|text|rect|clipPath|defs)$/.test(tag);
  const one = inSvg
    ? document.createElementNS("http://www.w3.org/2000/svg", tag)
    : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, value);
  one.append(...children);
  return one;
}

const pen = document.createElement("canvas").getContext("2d");
function widthOf(text) {
  pen.font = `12px ${getComputedStyle(document.body).fontFamily}`;
  return pen.measureText(text).width;
}

function cut(text, room) {
  if (widthOf(text) <= room) return text;
  let kept = text.length;
  while (kept > 1 && widthOf(text.slice(0, kept) + "…") > room) kept--;
  return text.slice(0, kept) + "…";
}

/** Where in rising numbers one of them is nearest to a place. */
function nearest(numbers, place) {
  let low = 0, high = numbers.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (numbers[middle] <= place) low = middle; else high = middle;
  }
  return place - numbers[low] <= numbers[high] - place ? low : high;
}

/** Steps are written as ways from one to the next, and rates as multiples of a power of ten. */
function unpacked(line, grids) {
  const unit = power(-line.power);
  const values = line.values.map((value) => Number((value * unit).toPrecision(9)));
  return { ...line, steps: grids[line.grid], values, jumps: new Set(line.jumps) };
}

class Drawing {
  constructor(panel, number) {
    Object.assign(this, { panel, number, log: panel.log });
    const grids = panel.grids.map((ways) => ways.map(((sum) => (way) => (sum += way))(0)));
    this.curves = panel.curves.map((curve) => ({ ...unpacked(curve, grids), shown: true }));
    this.gaps = panel.differences.map((gap) => unpacked(gap, grids));
    this.full = [panel.first, Math.max(panel.last, panel.first + 1)];
    this.view = this.full;
    this.holder = make("div", { class: "chart" });
    this.svg = make("svg", { tabindex: 0, role: "application", "aria-label": panel.about,
      "aria-roledescription": "chart", "aria-describedby": "keys" });
    this.holder.append(this.svg);
  }

  // What is in view.

  /** The points of a line that are in view, and where it enters and leaves. */
  seen(line) {
    const [from, to] = this.view, points = [];
    line.steps.forEach((step, i) => {
      const before = i ? line.steps[i - 1] : step;
      for (const edge of line.dots ? [] : [from, to])
        if (before < edge && edge < step) {
          const part = (edge - before) / (step - before);
          points.push([edge, line.values[i - 1] + part * (line.values[i] - line.values[i - 1])]);
        }
      if (step >= from && step <= to) points.push([step, line.values[i]]);
    });
    return points;
  }

  rateRange() {
    if (this.panel.rates && (!this.log || this.panel.rates[0] > 0)) return this.panel.rates;
    const lines = this.curves.filter((curve) => curve.shown).map((curve) => this.seen(curve));
    const rates = lines.flat().map(([, rate]) => rate);
    if (!rates.length) return this.range;
    let low = rates.reduce((a, b) => Math.min(a, b)), high = rates.reduce((a, b) => Math.max(a, b));
    this.peak = high;
    if (this.log && high > 0) {
      const least = lines.filter((line) => line.length).map((line) => this.least(line, high));
      low = Math.min(Math.max(Math.min(...least), high * 1e-4), high / 1.5);
      const margin = (high / low) ** 0.04;
      return [low / margin, high * margin];
    }
    if (low >= 0 && (low === high || low <= high / 2)) low = 0;
    const margin = 0.04 * (high - low || 1);
    return [low - (low ? margin : 0), high + margin];
  }

  /** The rate below which a line is for a 50th of its steps: the eye sees no less. */
  least(line, high) {
    const steps = [line[0][0] - 0.5, ...line.map(([step]) => step), line.at(-1)[0] + 0.5];
    const rows = line.map(([, rate], i) => [rate, steps[i + 2] - steps[i]]);
    rows.sort((a, b) => a[0] - b[0]);
    let left = 0.02 * rows.reduce((sum, [, length]) => sum + length, 0);
    const [rate] = rows.find(([, length]) => (left -= length) < 0) || rows.at(-1);
    return rate > 0 ? rate : high * 1e-4;
  }

  // Drawing.

  draw() {
    const { panel, svg } = this;
    const width = Math.max(this.holder.clientWidth, 200);
    const isWide = width >= 560;
    const least = isWide ? 250 : 290 + (panel.perEpoch ? MARGIN.epochs : 0);
    const height = Math.round(Math.max(width * panel.ratio, least));
    this.range = this.rateRange() || [0, 1];
    const top = MARGIN.top + (panel.perEpoch ? MARGIN.epochs : 0) + (isWide ? 0 : LINE);
    const inner = height - top - MARGIN.bottom;
    const upper = this.gaps.length ? 0.68 * (inner - GAP) : inner;
    const notes = this.notes();
    const most = Math.min(Math.max(Math.floor(upper / 40), 3), 6);
    const scale = this.log && this.range[0] > 0 ? Math.log : (rate) => rate;
    const find = scale === Math.log ? logarithmic : linear;
    let rates = find(...this.range, most);
    let labels = rateLabels(rates, scale !== Math.log);
    [rates, labels] = this.withPeak(rates, labels, scale, upper);
    const gapRange = this.gapRange(), gapRates = this.gaps.length ? linear(...gapRange, 3) : [];
    const gapLabels = rateLabels(gapRates, true);
    const left = Math.max(...[...labels, ...gapLabels].map(widthOf)) + (isWide ? 38 : 10);
    const right = width - MARGIN.right;
    this.box = { left, right, top, bottom: height - MARGIN.bottom };

    const inset = 0.015 * (right - left);
    const [from, to] = this.view;
    this.x = (step) => left + inset + ((step - from) / (to - from)) * (right - left - 2 * inset);
    this.stepAt = (x) => from + ((x - left - inset) / (right - left - 2 * inset)) * (to - from);
    const rows = this.placeNotes(notes);
    const part = Math.min((rows * LINE + (rows ? 6 : 0)) / upper, 0.6);
    const [low, high] = this.range.map(scale), room = (high - low) / (panel.rates ? 1 : 1 - part);
    const bottom = top + upper;
    this.y = (rate) => {
      const place = rate > 0 || scale !== Math.log ? scale(rate) : -1e9;
      return Math.min(Math.max(bottom - ((place - low) / room) * upper, top - 1e4), bottom + 1e4);
    };
    const below = { top: bottom + GAP, bottom: height - MARGIN.bottom };
    const [down, up] = gapRange;
    this.gapY = (gap) => below.bottom - ((gap - down) / (up - down)) * (below.bottom - below.top);

    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.marker = make("g", { class: "cursor" });
    this.area = make("rect", { class: "area" });
    svg.replaceChildren(
      this.clip("upper", left, top, right, bottom),
      this.clip("lower", left, below.top, right, below.bottom),
      this.grid(rates, labels, this.y),
      this.grid(gapRates, gapLabels, this.gapY),
      this.axes(height, upper),
      this.axisNames(isWide, height, upper),
      this.drawnNotes(notes),
      this.lines(this.curves, this.y, "upper"),
      this.lines(this.gaps, this.gapY, "lower"),
      this.marker,
      this.area,
    );
  }

  withPeak(rates, labels, scale, height) {
    const [low, high] = this.range, peak = this.peak;
    if (!(peak > low && peak <= high)) return [rates, labels];
    const label = peakLabel(peak, labels);
    const per = height / (scale(high) - scale(low));
    const both = rates.map((rate, i) => [rate, labels[i]]).filter(([rate, text]) =>
      Math.abs(scale(rate) - scale(peak)) * per >= 16 && text !== label);
    both.push([peak, label]);
    return [both.map(([rate]) => rate), both.map(([, text]) => text)];
  }

  gapRange() {
    const gaps = this.gaps.flatMap((gap) => this.seen(gap).map(([, value]) => value));
    const low = gaps.reduce((a, b) => Math.min(a, b), 0);
    const high = gaps.reduce((a, b) => Math.max(a, b), 0);
    const margin = 0.1 * (high - low || 1);
    return [low - margin, high + margin];
  }

  clip(name, left, top, right, bottom) {
    const height = Math.max(bottom - top + 4, 0);
    const box = make("rect", { x: left - 1, y: top - 2, width: right - left + 2, height });
    return make("clipPath", { id: `${name}-${this.number}` }, box);
  }

  grid(rates, labels, y) {
    const { left, right } = this.box, group = make("g", { class: "rates" });
    rates.forEach((rate, i) => {
      group.append(make("path", { class: "grid", d: `M${left} ${y(rate)}H${right}` }),
        make("text", { x: left - 7, y: y(rate) + 4, "text-anchor": "end" }, labels[i]));
    });
    return group;
  }

  axes(height, upper) {
    const { left, right, top, bottom } = this.box, { panel } = this;
    const group = make("g", { class: "steps" });
    const most = Math.max(Math.floor((right - left) / 70), 2);
    const rule = (y, kind = "axis") => make("path", { class: kind, d: `M${left} ${y}H${right}` });
    const axis = (places, per, y, down) => {
      const labels = stepLabels(places);
      places.forEach((place, i) => {
        const x = this.x(place * per);
        if (x > right + 1 || x < left - 1) return;
        const text = { x, y: y + (down > 0 ? 19 : -9), "text-anchor": "middle" };
        group.append(
          make("path", { class: down > 0 ? "axis" : "grid", d: `M${x} ${y}v${5 * down}` }),
          make("text", text, labels[i]),
        );
      });
    };
    group.append(rule(bottom));
    if (this.gaps.length) group.append(rule(this.gapY(0)), rule(top + upper));
    const [from, to] = this.view, per = panel.perEpoch;
    const [first, last] = [Math.round(from), Math.round(to)];
    axis(whole(first, Math.max(last, first + 1), most), 1, bottom, 1);
    if (per) {
      group.append(rule(top, "grid"));
      axis(linear(from / per, (to + 0.01 * (to - from)) / per, most), per, top, -1);
    }
    return group;
  }

  axisNames(isWide, height, upper) {
    const { left, right, top, bottom } = this.box, { panel } = this;
    const group = make("g", { class: "axis-names" });
    const name = (text, place) => group.append(make("text", place, text));
    const across = (y) => ({ x: (left + right) / 2, y, "text-anchor": "middle" });
    const upright = (y) =>
      ({ transform: `translate(13 ${y}) rotate(-90)`, "text-anchor": "middle" });
    name(panel.xname, across(height - 8));
    if (panel.perEpoch) name("epoch", across(top - 28));
    name(panel.name, isWide ? upright(top + upper / 2) : { x: 2, y: 12 });
    if (this.gaps.length && isWide) name("difference", upright((top + upper + GAP + bottom) / 2));
    return group;
  }

  lines(lines, y, clip) {
    const group = make("g", { "clip-path": `url(#${clip}-${this.number})` });
    for (const line of [...lines].sort((a, b) => b.behind - a.behind)) {
      const curve = this.curves[line.of] || line;
      if (!curve.shown) continue;
      const kind = `c${line.colour}`;
      if (line.line) {
        const path = { class: `line ${kind}`, d: this.path(line, y), ...this.stroke(line) };
        group.append(make("path", path));
      }
      if (!line.dots && line.steps.length > 1 && !this.isSparse(line)) continue;
      const r = line.dots ? 2.6 : line.width / 2 + 1.5;
      for (const [step, rate] of this.seen({ ...line, dots: true }))
        group.append(make("circle", { class: `dot ${kind}`, cx: this.x(step), cy: y(rate), r }));
    }
    return group;
  }

  /** Whether the evaluated steps lie so far apart that the lines between them could mislead. */
  isSparse(line) {
    const [from, to] = this.view, { left, right } = this.box;
    const count = line.steps.filter((step) => step >= from && step <= to).length;
    return this.view !== this.full && count && (right - left) / count >= CLOSE;
  }

  path(line, y) {
    const [from, to] = this.view, { steps, values, jumps } = line;
    let path = "", last = "M";
    const first = Math.max(steps.findIndex((step) => step >= from) - 1, 0);
    for (let i = first; i < steps.length; i++) {
      const x = this.x(steps[i]).toFixed(2);
      if (jumps.has(i) && i > first) path += `L${x} ${y(values[i - 1]).toFixed(2)}`;
      path += `${last}${x} ${y(values[i]).toFixed(2)}`;
      last = "L";
      if (steps[i] > to) break;
    }
    return path;
  }

  // Marks, and phases where the curves that are shown agree on them.

  notes() {
    const [from, to] = this.view;
    const notes = this.panel.marks.map(([step, text]) => ({ step, text, kind: "mark" }));
    const planned = this.curves.filter((curve) => curve.shown && !curve.dots);
    const distinct = new Set(planned.map((curve) => JSON.stringify(curve.phases)));
    if (distinct.size === 1 && planned[0].phases.length > 1)
      planned[0].phases.forEach(([text, start], i, all) => {
        const stop = all[i + 1] ? all[i + 1][1] : Infinity;
        if (stop > from) notes.push({ step: Math.max(start, from), text, kind: "phase", start });
      });
    const seen = notes.filter(({ step }) => step >= from && step <= to);
    return seen.sort((a, b) => a.step - b.step);
  }

  /** Put each text beside its step, in a row where it meets no other; return how many rows. */
  placeNotes(notes) {
    const ends = [], { left, right } = this.box;
    for (const note of notes) {
      const at = this.x(note.step);
      note.short = cut(note.text, Math.max(right - at, at - left) - 10);
      const size = widthOf(note.short);
      note.x = at + 5 + size <= right ? at + 5 : at - 5 - size;
      let row = ends.findIndex((end) => end + 8 <= note.x);
      if (row < 0) row = ends.length;
      ends[row] = note.x + size;
      for (let i = row + 1; i < ends.length; i++) ends[i] = Math.max(ends[i], note.x + size);
      note.row = row;
    }
    return ends.length;
  }

  drawnNotes(notes) {
    const { top, bottom } = this.box, group = make("g", { class: "notes" });
    // A text that begins at a step to the left is in a row above.
    const down = ({ step, row }) => `M${this.x(step)} ${top + row * LINE}V${bottom}`;
    const line = (note) => make("path", { class: note.kind, d: down(note) });
    for (const note of notes) {
      if (note.kind === "mark" || note.start > this.view[0])
        group.append(line(note));
      const place = { x: note.x, y: top + 13 + note.row * LINE, class: `${note.kind}-name` };
      group.append(make("text", place, note.short));
    }
    return group;
  }

  stroke(curve) {
    return { "stroke-width": curve.width, "stroke-dasharray": curve.dash || "none" };
  }
}
