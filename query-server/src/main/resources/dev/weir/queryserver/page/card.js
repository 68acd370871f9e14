import { range } from './api.js';
import { Chart } from './chart.js';
import { h } from './dom.js';
import { clock, format, spanText } from './format.js';
import { queries } from './panels.js';
import { aligned } from './times.js';

const CHART_HEIGHT = 150;
const MAX_LINES = 12;
const NATIVE_ERROR = 1.022;

/** One panel: a chart, and the values at the cursor, else the newest ones. */
export class Card {
  /** @param actions {zoom: start and end, explain: shows an expression, pick: label text to single out} */
  constructor(panel, actions) {
    this.panel = panel;
    this.rows = [];
    this.hidden = new Set();
    this.note = h('p', { class: 'card-note' });
    this.at = h('span', { class: 'card-at' });
    this.legend = h('ul', { class: 'legend' });
    this.plot = h('div', { class: 'plot', role: 'img', 'aria-label': panel.title });
    this.message = h('p', { class: 'card-message' });
    const explain = h('button', { type: 'button', class: 'quiet', title: 'Open its query', 'aria-label': 'Query of ' + panel.title, onclick: () => actions.explain(this.expression) }, 'PromQL');
    this.element = h(
      'article',
      { class: 'card', id: 'card-' + panel.id, 'aria-busy': 'true' },
      h('header', {}, h('h3', { title: panel.hint }, panel.title), this.at, explain),
      this.plot,
      this.message,
      this.legend,
      this.note,
    );
    this.chart = new Chart(this.plot, CHART_HEIGHT, {
      text: (value) => format(panel.unit, value),
      zoom: actions.zoom,
      cursor: (index) => this.showValues(index),
    });
    this.expression = '';
    this.isVisible = false;
    this.pending = null;
  }

  /** Loads what is asked, or leaves it until somebody can see it. */
  async load(asked) {
    this.pending = asked;
    if (!this.isVisible) return;
    this.pending = null;
    this.element.setAttribute('aria-busy', 'true');
    try {
      await this.fetch(asked);
      this.element.classList.remove('failed');
    } catch (failure) {
      if (asked.signal.aborted) return;
      this.failed(failure);
    }
    this.element.setAttribute('aria-busy', 'false');
  }

  async fetch(asked) {
    const { panel } = this;
    const { times, scope, split, quantile, catalogue, project, signal } = asked;
    const window = panel.kind === 'quantile' ? times.quantileWindow : times.rateWindow;
    const texts = queries(panel, { scope, split, quantile, window, step: times.step });
    const coverage = catalogue.coverage(panel, scope);
    this.expression = coverage.measuring.length || !texts.mean || !coverage.meanOnly.length ? texts.value : texts.mean;
    const load = async (text) => aligned((await range(text, times, { project, signal })).data.result, times);
    const wanted = coverage.measuring.length === 0 && coverage.meanOnly.length === 0 && !catalogue.isEmpty ? [] : ['value'];
    if (panel.kind === 'quantile' && wanted.length) {
      wanted.push(...(coverage.measuring.length ? ['lower', 'upper'] : []), ...(coverage.meanOnly.length ? ['mean'] : []));
    }
    const answers = await Promise.all(wanted.map((name) => load(texts[name])));
    if (signal.aborted) return;
    const parts = Object.fromEntries(wanted.map((name, i) => [name, answers[i]]));
    this.show(parts, asked, coverage);
  }

  show(parts, asked, coverage) {
    const { names, times } = asked;
    const rows = lines(parts, names, this.panel.kind === 'quantile' && asked.scope.source === 'requests');
    rows.sort((a, b) => peak(b) - peak(a));
    const shown = rows.slice(0, MAX_LINES);
    names.of(shown.map((row) => row.labels)).forEach((name, i) => {
      shown[i].name = name;
    });
    shown.sort((a, b) => (a.name < b.name ? -1 : 1));
    this.rows = shown;
    this.asked = asked;
    this.times = parts.value ? parts.value.times : [];
    this.element.classList.toggle('empty', shown.length === 0);
    this.message.textContent = shown.length ? '' : emptyText(this.panel, asked, coverage);
    this.note.textContent = noteText(asked, coverage, shown.length, rows.length);
    this.redraw();
    this.plot.setAttribute('aria-label', this.panel.title + ', ' + shown.length + ' series, from ' + clock(times.start) + ' to ' + clock(times.end));
  }

  redraw() {
    this.buildLegend();
    if (this.rows.length === 0) {
      this.chart.clear();
      return;
    }
    const visible = this.rows.filter((row) => !this.hidden.has(row.name));
    this.drawn = visible.length ? visible : this.rows;
    this.chart.draw(this.times, this.drawn, this.asked.times, this.panel.id === 'completeness' ? 1 : null);
    this.showValues(null);
  }

  restyle() {
    this.chart.restyle();
  }

  failed(failure) {
    this.element.classList.add('failed');
    if (this.rows.length === 0) {
      this.element.classList.add('empty');
      this.message.textContent = failure.message;
    } else {
      this.note.textContent = 'Not refreshed: ' + failure.message;
    }
  }

  buildLegend() {
    const key = JSON.stringify(this.rows.map((row) => [row.name, row.color, row.dash, Boolean(row.soft), this.hidden.has(row.name)]));
    if (this.legendKey === key) return;
    this.legendKey = key;
    this.values = this.rows.map(() => h('span', { class: 'value' }));
    this.legend.replaceChildren(
      ...this.rows.map((row, i) =>
        h(
          'li',
          {},
          h(
            'button',
            { type: 'button', class: 'key', title: row.name + (row.soft ? ' (mean)' : ''), 'aria-pressed': String(!this.hidden.has(row.name)), onclick: () => this.toggle(row.name) },
            h('span', { class: 'swatch s' + row.color + (row.dash || row.soft ? ' dashed' : '') }),
            h('span', { class: 'name' }, row.name, row.soft ? h('em', {}, ' mean') : null),
            this.values[i],
          ),
        ),
      ),
    );
  }

  /** The first click shows one alone, further ones add and remove. */
  toggle(name) {
    const others = this.rows.map((row) => row.name).filter((one) => one !== name);
    if (this.hidden.size === 0) {
      others.forEach((one) => this.hidden.add(one));
    } else if (!this.hidden.delete(name)) {
      this.hidden.add(name);
    }
    if (this.rows.every((row) => this.hidden.has(row.name))) this.hidden.clear();
    this.redraw();
  }

  showValues(index) {
    const { unit } = this.panel;
    const at = index ?? lastIndex(this.rows);
    this.at.textContent = index === null || !this.times.length ? '' : clock(this.times[index]);
    this.rows.forEach((row, i) => {
      const bounds = row.upper && row.values[at] !== null ? boundsText(unit, row.lower[at], row.upper[at]) : '';
      this.values[i].replaceChildren(bounds ? h('small', {}, bounds) : '', format(unit, row.values[at]));
    });
  }
}

/** One line for each label set, with its band, and a dashed one of means where no quantile is known. */
function lines(parts, names, isNative) {
  const key = (labels) => names.key(labels);
  const byKey = (part) => new Map((part ? part.rows : []).map((row) => [key(row.labels), row.values]));
  const [lower, upper] = [byKey(parts.lower), byKey(parts.upper)];
  const rows = (parts.value ? parts.value.rows : []).filter(hasNumbers).map((row) => {
    const low = lower.get(key(row.labels));
    const band = low ? openEnded(low, upper.get(key(row.labels)) || low) : isNative ? around(row.values) : {};
    return { ...row, ...names.look(row.labels), ...band };
  });
  const known = new Set(rows.map((row) => key(row.labels)));
  const means = (parts.mean ? parts.mean.rows : []).filter((row) => hasNumbers(row) && !known.has(key(row.labels)));
  return [...rows, ...means.map((row) => ({ ...row, ...names.look(row.labels), soft: true }))];
}

/** Beyond the highest bound, both answers are that bound, and the upper one is not known. */
function openEnded(lower, upper) {
  return { lower, upper: upper.map((value, i) => (value !== null && value - lower[i] <= 1e-6 * value ? Infinity : value)) };
}

/** The native buckets of request events are that wide. */
function around(values) {
  const scaled = (factor) => values.map((value) => (value === null ? null : value * factor));
  return { lower: scaled(1 / NATIVE_ERROR), upper: scaled(NATIVE_ERROR) };
}

const hasNumbers = (row) => row.values.some((value) => value !== null);

const peak = (row) => row.values.reduce((most, value) => (value !== null && value > most ? value : most), -Infinity);

/** The newest time at which any line has a value. */
function lastIndex(rows) {
  return rows.reduce((last, row) => Math.max(last, row.values.findLastIndex((value) => value !== null)), 0);
}

export function boundsText(unit, lower, upper) {
  return lower === null || upper === null ? '' : format(unit, lower < 1e-6 ? 0 : lower) + ' – ' + format(unit, upper);
}

function emptyText(panel, { catalogue, scope, quantile }, coverage) {
  if (catalogue.isEmpty) return 'No data in this time range.';
  if (coverage.measuring.length === 0 && coverage.meanOnly.length === 0) {
    return coverage.silent.length ? 'Not measured by ' + coverage.silent.join(', ') + '.' : 'Not measured here.';
  }
  if (panel.kind === 'share') return 'No requests in this time range' + (scope.model ? ' of this model' : '') + ', or errors not counted by model.';
  return 'No ' + (panel.kind === 'quantile' ? `p${quantile * 100}` : 'values') + ' in this time range: nothing happened.';
}

function noteText({ split }, coverage, shown, all) {
  const parts = [];
  if (shown < all) parts.push(`The largest ${shown} of ${all}; choose a pipeline, or split by less.`);
  if (shown && coverage.silent.length) parts.push('Not measured by ' + coverage.silent.join(', ') + '.');
  if (shown && coverage.meanOnly.length && split !== 'total') parts.push('Mean only: ' + coverage.meanOnly.join(', ') + '.');
  return parts.join(' ');
}

/** What the rates and quantiles of a section are taken over. */
export function windowText(section, times) {
  if (section.panels[0].kind === 'gauge') return '';
  return 'over ' + spanText(section.panels[0].kind === 'quantile' ? times.quantileWindow : times.rateWindow);
}
