// Charts that are read at the steps that were evaluated. What lies between is never guessed.

const HINT = matchMedia("(pointer: coarse)").matches
  ? "touch to read; pinch to zoom"
  : "hover, or press → ←, to read; drag to zoom";

class Chart extends Drawing {
  constructor(figure, panel, number) {
    super(panel, number);
    Object.assign(this, { figure, cursor: null, drag: null, fingers: new Map() });
    const planned = this.curves.filter((curve) => !curve.dots);
    const read = (planned.length ? planned : this.curves).map((curve) => curve.steps);
    this.steps = [...new Set(read.flat())].sort((a, b) => a - b);
    this.build();
    this.listen();
    new ResizeObserver(() => this.draw()).observe(this.holder);
  }

  // What is around the chart: where it is read, names to click, buttons.

  build() {
    this.at = make("p", { class: "at" });
    this.live = make("p", { class: "unseen", "aria-live": "polite" });
    this.names = make("ul", { class: "names" });
    this.curves.forEach((curve, i) => this.names.append(this.nameOf(curve, i)));
    const button = (text, title, does) => {
      const one = make("button", { type: "button", title }, text);
      one.addEventListener("click", does);
      return one;
    };
    this.logButton = button("log axis", "Logarithmic axis of rates (l)", () => this.toggleLog());
    this.allButton = button("show all", "All steps (Esc)", () => this.show(this.full));
    this.tools = make("div", { class: "tools" }, this.logButton,
      button("−", "Zoom out (-)", () => this.zoom(2)),
      button("+", "Zoom in (+)", () => this.zoom(1 / 2)), this.allButton);
    const bar = make("div", { class: "bar" }, this.at, this.tools);
    const count = this.panel.last - this.panel.first + 1, known = this.steps.length;
    const said = `rates are read at ${stepText(known)} of ${stepText(count)} steps`;
    const isPart = known < count && this.curves.some((curve) => !curve.dots);
    const note = make("p", { class: "note" }, isPart ? said : "");
    this.figure.append(this.names, bar, this.holder, note, this.live);
  }

  /** Make columns of names that are wide enough for the rates that will stand beside them. */
  arrangeNames() {
    const widest = (texts) => Math.max(0, ...texts.map(widthOf));
    const name = (7 / 6) * widest(this.curves.map((curve) => curve.label));
    const beside = widest(this.curves.flatMap((curve) => curve.dots
      ? [`at ${this.placeName(this.full[1])}`]
      : curve.phases.length > 1 ? curve.phases.map(([phase]) => phase) : []));
    const gap = this.gaps.length ? widthOf(", difference -1.2345678e-9") : 0;
    const column = `min(${Math.ceil(name + beside + gap) + 185}px, 100%)`;
    this.names.style.gridTemplateColumns = `repeat(auto-fill, ${column})`;
  }

  nameOf(curve, i) {
    curve.value = make("b");
    curve.aside = make("i");
    curve.button = make("button", { type: "button", "aria-pressed": "true",
      title: "Hide or show" + (i < 9 ? ` (${i + 1})` : "") },
      this.sample(curve), make("span", { class: "name", dir: "auto" }, curve.label));
    curve.button.addEventListener("click", () => this.toggle(curve));
    return make("li", {}, curve.button, curve.value, curve.aside);
  }

  sample(curve) {
    const mark = curve.dots
      ? make("circle", { cx: 13, cy: 6, r: 3, class: `dot c${curve.colour}` })
      : make("path", { d: "M1 6H25", class: `line c${curve.colour}`, ...this.stroke(curve) });
    return make("svg", { class: "sample", width: 26, height: 12, "aria-hidden": "true" }, mark);
  }

  draw() {
    super.draw();
    this.logButton.setAttribute("aria-pressed", this.log);
    this.logButton.disabled = !this.canLog();
    this.allButton.disabled = this.view === this.full;
    this.arrangeNames();
    this.read();
  }

  toggle(curve) {
    curve.shown = !curve.shown;
    curve.button.setAttribute("aria-pressed", curve.shown);
    this.draw();
  }

  toggleLog() {
    if (this.canLog()) this.log = !this.log;
    this.draw();
  }

  canLog() {
    return this.curves.some((curve) => curve.values.some((rate) => rate > 0));
  }

  /** Show steps from one to another, as long as three that were evaluated are among them. */
  show([from, to]) {
    const span = to - from, [first, last] = this.full;
    if (span >= last - first) this.view = this.full;
    else {
      const start = Math.min(Math.max(from, first), last - span);
      const within = this.steps.filter((step) => step >= start && step <= start + span).length;
      if (within < 3 && span < this.view[1] - this.view[0]) return false;
      this.view = [start, start + span];
    }
    this.draw();
    return true;
  }

  zoom(factor, about = this.cursor ?? (this.view[0] + this.view[1]) / 2) {
    const [from, to] = this.view;
    const place = Math.min(Math.max(about, from), to);
    return this.show([place - (place - from) * factor, place + (to - place) * factor]);
  }

  // Reading.

  /** Move the cursor to the evaluated step that is nearest to a place; to none without one. */
  moveTo(place) {
    this.cursor = place === null ? null : this.steps[nearest(this.steps, place)];
    this.read();
  }

  /** Move the cursor by so many evaluated steps, and say aloud what is there. */
  moveBy(ways) {
    const here = this.steps.findIndex((step) => step >= (this.cursor ?? this.view[0]));
    const there = this.cursor === null && Number.isFinite(ways) ? here : here + ways;
    this.cursor = this.steps[Math.min(Math.max(there, 0), this.steps.length - 1)];
    const [from, to] = this.view, half = (to - from) / 2;
    if (this.cursor < from || this.cursor > to) this.show([this.cursor - half, this.cursor + half]);
    this.read();
    const said = this.curves.filter((curve) => curve.shown).map((curve) =>
      `${curve.label} ${curve.value.textContent} ${curve.aside.textContent}`.trim());
    this.live.textContent = [this.at.textContent, ...said].join(", ");
  }

  read() {
    const { cursor } = this, { left, right, top, bottom } = this.box;
    this.marker.replaceChildren();
    this.at.textContent = cursor === null ? HINT : this.placeName(cursor);
    this.at.classList.toggle("hint", cursor === null);
    for (const curve of this.curves) {
      curve.value.textContent = curve.aside.textContent = "";
      if (cursor !== null && curve.shown) this.readCurve(curve);
    }
    const x = cursor === null ? -1 : this.x(cursor);
    if (x >= left && x <= right)
      this.marker.prepend(make("path", { class: "hair", d: `M${x} ${top}V${bottom}` }));
  }

  placeName(step) {
    const per = this.panel.perEpoch;
    const epoch = per ? `, epoch ${Number((step / per).toPrecision(6))}` : "";
    return `${this.panel.xname} ${stepText(step)}${epoch}`;
  }

  /** Write the rate at the cursor; of a log that has none there the nearest, and where that is. */
  readCurve(curve) {
    const i = nearest(curve.steps, this.cursor), step = curve.steps[i], rate = curve.values[i];
    curve.value.textContent = rateText(rate);
    const [phase] = curve.phases.filter(([, start]) => start <= step).at(-1) || [""];
    const named = curve.phases.length > 1 ? phase : "";
    const aside = [step === this.cursor ? named : `at ${this.placeName(step)}`];
    const gap = this.gaps.find(({ of }) => this.curves[of] === curve);
    const there = gap ? nearest(gap.steps, step) : -1;
    if (gap && gap.steps[there] === step) aside.push(`difference ${rateText(gap.values[there])}`);
    curve.aside.textContent = aside.filter((text) => text).join(", ");
    if (step < this.view[0] || step > this.view[1]) return;
    const place = { cx: this.x(step), cy: this.y(rate), r: 4 };
    this.marker.append(make("circle", { class: `dot c${curve.colour}`, ...place }));
  }

  // What the reader does.

  listen() {
    const { svg } = this;
    const on = (name, does, ...options) => svg.addEventListener(name, does.bind(this), ...options);
    on("pointerdown", this.pressed);
    on("pointermove", this.moved);
    on("pointerup", this.released);
    on("pointercancel", (event) => this.fingers.delete(event.pointerId));
    on("pointerleave", this.left);
    on("dblclick", () => this.show(this.full));
    on("keydown", this.typed);
    on("blur", () => this.moveTo(null));
    on("wheel", this.turned, { passive: false });
  }

  /** Where in the drawing a pointer is, which may be shown larger or smaller. */
  placeOf(event) {
    const box = this.svg.getBoundingClientRect();
    return ((event.clientX - box.left) / box.width) * this.svg.viewBox.baseVal.width;
  }

  pressed(event) {
    if (event.button) return;
    const x = this.placeOf(event);
    this.svg.setPointerCapture(event.pointerId);
    if (event.pointerType === "touch") {
      this.fingers.set(event.pointerId, { x, step: this.stepAt(x) });
      this.moveTo(this.stepAt(x));
    } else this.drag = x;
  }

  moved(event) {
    const x = this.placeOf(event), finger = this.fingers.get(event.pointerId);
    if (finger) finger.x = x;
    if (this.fingers.size === 2) return this.pinched();
    if (finger || this.drag === null) return this.moveTo(this.stepAt(x));
    const { left, right, top, bottom } = this.box;
    const [from, to] = [this.drag, x]
      .map((place) => Math.min(Math.max(place, left), right))
      .sort((a, b) => a - b);
    const box = { x: from, y: top, width: to - from, height: bottom - top };
    for (const [name, value] of Object.entries(box)) this.area.setAttribute(name, value);
  }

  /** Keep the steps under two fingers. */
  pinched() {
    const [a, b] = [...this.fingers.values()], ratio = (b.step - a.step) / (b.x - a.x);
    if (!(ratio > 0) || !Number.isFinite(ratio)) return;
    const half = this.x(this.view[0]), whole = this.x(this.view[1]) - half;
    const from = a.step - (a.x - half) * ratio;
    this.show([from, from + whole * ratio]);
  }

  released(event) {
    this.fingers.delete(event.pointerId);
    if (this.drag === null) return;
    const [from, to] = [this.drag, this.placeOf(event)].sort((a, b) => a - b);
    this.drag = null;
    if (to - from > 6) this.show([this.stepAt(from), this.stepAt(to)]);
    this.area.removeAttribute("width");
    this.moveTo(this.stepAt(this.placeOf(event)));
  }

  /** A mouse that goes takes the cursor along; a finger that is lifted leaves it for reading. */
  left(event) {
    if (event.pointerType !== "touch" && this.drag === null) this.moveTo(null);
  }

  turned(event) {
    const way = event.deltaY * (event.deltaMode ? 33 : 1); // counted in pixels, or in lines
    const factor = Math.exp(Math.max(Math.min(way, 100), -100) * 0.003);
    const before = this.view;
    this.zoom(factor, this.stepAt(this.placeOf(event)));
    if (this.view !== before || factor < 1) event.preventDefault(); // else the page scrolls on
  }

  typed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const far = event.shiftKey ? 10 : 1;
    const keys = {
      ArrowRight: () => this.moveBy(far), ArrowLeft: () => this.moveBy(-far),
      PageDown: () => this.moveBy(10), PageUp: () => this.moveBy(-10),
      Home: () => this.moveBy(-Infinity), End: () => this.moveBy(Infinity),
      "+": () => this.zoom(1 / 2), "=": () => this.zoom(1 / 2), "-": () => this.zoom(2),
      Escape: () => this.show(this.full), 0: () => this.show(this.full),
      l: () => this.toggleLog(),
    };
    const curve = /^[1-9]$/.test(event.key) ? this.curves[event.key - 1] : null;
    if (!curve && !keys[event.key]) return;
    event.preventDefault();
    if (curve) this.toggle(curve); else keys[event.key]();
  }
}

const data = JSON.parse(document.getElementById("data").textContent);
document.querySelectorAll("figure").forEach((figure, i) => new Chart(figure, data[i], i));

const copy = document.getElementById("copy"), config = document.getElementById("config");
copy?.addEventListener("click", async () => {
  getSelection().selectAllChildren(config); // so that it can be copied by hand if it may not here
  try {
    await navigator.clipboard.writeText(config.textContent);
    copy.textContent = "copied";
  } catch { copy.textContent = "press Ctrl+C"; }
});
