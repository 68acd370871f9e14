import { spanSeconds } from './format.js';

/**
 * What the page shows, all of it in the address behind the #, so that an address can be shared and the browser's Back works. What is behind
 * the # is never sent to a server.
 */
const DEFAULTS = {
  view: 'overview',
  project: '',
  pipeline: '',
  model: '',
  measured: '',
  split: 'workload',
  quantile: '0.99',
  range: '15m',
  from: '',
  to: '',
  expr: '',
  live: 'on',
};

export const QUANTILES = ['0.5', '0.9', '0.95', '0.99'];
export const RANGES = ['5m', '15m', '1h', '6h', '24h', '7d'];
export const SPLITS = ['workload', 'model', 'pipeline', 'engine', 'total'];

const CHECKS = {
  view: (value) => value === 'overview' || value === 'query',
  split: (value) => SPLITS.includes(value),
  quantile: (value) => QUANTILES.includes(value),
  range: (value) => spanSeconds(value) <= 90 * 86400,
  from: (value) => /^[0-9]{9,11}$/.test(value),
  to: (value) => /^[0-9]{9,11}$/.test(value),
  live: (value) => value === 'on' || value === 'off',
};

const listeners = [];
export let state = read();

function read() {
  const given = new URLSearchParams(location.hash.slice(1));
  const found = { ...DEFAULTS };
  for (const name of Object.keys(DEFAULTS)) {
    const value = given.get(name);
    if (value !== null && (!CHECKS[name] || CHECKS[name](value))) {
      found[name] = value;
    }
  }
  if (!found.from || !found.to || Number(found.from) >= Number(found.to)) {
    found.from = found.to = '';
  }
  return found;
}

function address() {
  const shown = new URLSearchParams();
  for (const [name, value] of Object.entries(state)) {
    if (value !== DEFAULTS[name]) {
      shown.set(name, value);
    }
  }
  return location.pathname + location.search + (shown.size ? '#' + shown : '');
}

/** Changes what is shown, as a new entry of the browser's history. */
export function change(changes) {
  const former = state;
  state = { ...state, ...changes };
  if (Object.keys(state).every((name) => state[name] === former[name])) return;
  history.pushState(null, '', address());
  listeners.forEach((listener) => listener(state, former));
}

/** @param listener called with the new and the former state */
export function onChange(listener) {
  listeners.push(listener);
}

/** The range of an absolute choice in seconds since the epoch; null where the newest is asked for. */
export const fixedRange = () => (state.from ? { start: Number(state.from), end: Number(state.to) } : null);

function readAgain() {
  const former = state;
  state = read();
  listeners.forEach((listener) => listener(state, former));
}

// A move through the history tells both events, and an address that somebody edits only the second.
addEventListener('hashchange', readAgain);
addEventListener('popstate', readAgain);
