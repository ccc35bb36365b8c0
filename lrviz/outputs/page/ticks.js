// Round places on axes and their labels, as in lrviz/outputs/ticks.py, and numbers as its tables
// have them.

const power = (exponent) => Number(`1e${exponent}`); // 10 ** -5 is not 1e-5
const clean = (number) => Number(number.toPrecision(12));
const series = (first, last, step) =>
  Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(15)));

function linear(low, high, most) {
  const span = high - low || Math.abs(high) || 1;
  const size = power(Math.floor(Math.log10(Math.max(span / Math.max(most, 1), 1e-300))));
  for (const times of [1, 2, 5, 10, 20, 50]) {
    const step = times * size;
    const first = Math.ceil(low / step - 1e-9), last = Math.floor(high / step + 1e-9);
    if (first <= last && last < first + most) return series(first, last, step);
  }
  return [low];
}

function logarithmic(low, high, most) {
  const first = Math.floor(Math.log10(low)), last = Math.ceil(Math.log10(high));
  let ticks = [];
  for (const within of [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 5], [1, 3], [1]]) {
    ticks = [];
    for (let e = first; e <= last; e++)
      for (const m of within) if (clean(m * power(e)) >= low && clean(m * power(e)) <= high)
        ticks.push(clean(m * power(e)));
    if (ticks.length <= most) break;
  }
  if (ticks.length <= 2) return linear(low, high, most);
  const every = Math.ceil(ticks.length / most);
  return ticks.filter((_, i) => i % every === 0);
}

function whole(first, last, most) {
  const span = last - first, fitting = new Map();
  const size = power(String(Math.floor(span / most)).length - 1);
  for (const times of [1, 2, 3, 5, 10, 20, 30, 50]) {
    const step = times * size;
    const begin = Math.ceil(first / step), end = Math.floor((last + 0.014 * span) / step);
    if (begin <= end && end < begin + most) fitting.set(step, series(begin, end, step));
  }
  const usual = [...fitting.keys()].find((step) => String(step)[0] !== "3");
  if (usual === undefined) return [first];
  const third = fitting.get((3 * usual) / 2) || [];
  const ends = third.length > 3 && third.at(-1) >= last && last > fitting.get(usual).at(-1);
  return ends ? third : fitting.get(usual);
}

function alone(tick) {
  if (tick === 0) return "0";
  if (Math.abs(tick) >= 1e-3 && Math.abs(tick) < 1e5) return String(Number(tick.toPrecision(10)));
  return Number(tick.toPrecision(10)).toExponential().replace("+", "");
}

function rateLabels(ticks, together) {
  if (!together) return ticks.map(alone);
  const largest = Math.max(0, ...ticks.map(Math.abs)) || 1;
  const exponent = Math.floor(Math.log10(largest) + 1e-9);
  const shift = exponent >= -3 && exponent <= 4 ? 0 : exponent;
  const scaled = ticks.map((tick) => clean(tick / power(shift)));
  const decimals = (tick) => (tick.toFixed(9).replace(/0+$/, "").split(".")[1] || "").length;
  const digits = Math.max(0, ...scaled.map(decimals));
  return scaled.map((tick) => (tick ? tick.toFixed(digits) + (shift ? `e${shift}` : "") : "0"));
}

function stepLabels(ticks) {
  const largest = Math.max(0, ...ticks.map(Math.abs));
  const units = [["e9", 1e9, 1e9], ["M", 1e6, 1e6], ["k", 1e3, 1e4], ["", 1, 0]];
  const fits = ([name, , least]) => !name || (least <= largest && largest < 1e12);
  const [unit, size] = units.find(fits);
  const labels = ticks.map((tick) => (tick ? alone(tick / size) + unit : "0"));
  return new Set(labels).size === labels.length ? labels : ticks.map(String);
}

function peakLabel(peak, labels) {
  const exponents = new Set(labels.filter((l) => l !== "0").map((l) => l.split("e")[1] || ""));
  const [exponent] = exponents;
  const short = (number) => String(Number(number.toPrecision(3)));
  if (exponents.size === 1 && exponent) return `${short(peak / power(exponent))}e${exponent}`;
  const same = labels.find((l) => Math.abs(Number(l) - peak) <= 1e-9 * peak);
  return same || alone(Number(peak.toPrecision(3)));
}

function rateText(rate) {
  const small = rate !== 0 && Math.abs(rate) < 1e-4, large = Math.abs(rate) >= 1e16;
  return small || large ? rate.toExponential().replace("+", "") : String(rate);
}

const stepText = (step) => String(step).replace(/\B(?=(\d{3})+$)/g, ",");
