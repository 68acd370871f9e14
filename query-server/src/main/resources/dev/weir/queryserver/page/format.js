const SI = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
];

/** Three significant digits, without an exponent where people would not write one. */
function digits(value) {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return trimmed(value.toFixed(1));
  if (size >= 1) return trimmed(value.toFixed(2));
  return size < 1e-3 ? value.toExponential(1) : trimmed(value.toPrecision(2));
}

const trimmed = (text) => (text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text);

function scaled(value) {
  const step = SI.find(([factor]) => Math.abs(value) >= factor * 0.9995);
  return step ? digits(value / step[0]) + step[1] : digits(value);
}

export function seconds(value) {
  const size = Math.abs(value);
  if (size === 0) return '0 s';
  if (size < 1e-3) return digits(value * 1e6) + ' µs';
  if (size < 1) return digits(value * 1e3) + ' ms';
  if (size < 120) return digits(value) + ' s';
  return size < 7200 ? digits(value / 60) + ' min' : digits(value / 3600) + ' h';
}

function percent(value) {
  const shown = value * 100;
  return (shown > 99 && shown < 100 ? trimmed((Math.floor(shown * 100) / 100).toFixed(2)) : digits(shown)) + ' %';
}

const UNITS = {
  rate: (value) => scaled(value) + '/s',
  count: scaled,
  seconds,
  ratio: percent,
};

/** A number with its unit; a dash for no number. */
export function format(unit, value) {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  return UNITS[unit](value);
}

const SPAN_UNITS = { s: 1, m: 60, h: 3600, d: 86400 };

/** Seconds of a span such as 15m; NaN if it is none. */
export function spanSeconds(text) {
  const match = /^([1-9][0-9]{0,4})([smhd])$/.exec(text);
  return match ? Number(match[1]) * SPAN_UNITS[match[2]] : NaN;
}

/** Seconds as PromQL and people write them: 90s, 5m, 2h. */
export function spanText(secondsOfIt) {
  for (const unit of ['d', 'h', 'm']) {
    if (secondsOfIt % SPAN_UNITS[unit] === 0) return secondsOfIt / SPAN_UNITS[unit] + unit;
  }
  return secondsOfIt + 's';
}

const pad = (number) => String(number).padStart(2, '0');

/** A time of day, with its date where the day is another one. */
export function clock(epochSeconds, withSeconds = true) {
  const date = new Date(epochSeconds * 1000);
  const time = pad(date.getHours()) + ':' + pad(date.getMinutes()) + (withSeconds ? ':' + pad(date.getSeconds()) : '');
  return date.toDateString() === new Date().toDateString() ? time : day(date) + ' ' + time;
}

const day = (date) => date.getFullYear() + '-' + pad(date.getMonth() + 1) + '-' + pad(date.getDate());

/** The value of an input of type datetime-local. */
export function localInput(epochSeconds) {
  const date = new Date(epochSeconds * 1000);
  return day(date) + 'T' + pad(date.getHours()) + ':' + pad(date.getMinutes()) + ':' + pad(date.getSeconds());
}

export function ago(secondsOfIt) {
  if (secondsOfIt < 120) return Math.max(0, Math.round(secondsOfIt)) + ' s';
  return secondsOfIt < 7200 ? Math.round(secondsOfIt / 60) + ' min' : Math.round(secondsOfIt / 3600) + ' h';
}
