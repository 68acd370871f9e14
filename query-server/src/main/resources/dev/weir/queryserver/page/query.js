import { ApiError, instant, metricNames, range } from './api.js';
import { Chart } from './chart.js';
import { byId, h } from './dom.js';
import { clock } from './format.js';
import { change, state } from './state.js';
import { aligned } from './times.js';

const MAX_LINES = 50;
const MAX_ROWS = 500;
const EXAMPLES = [
  ['Output tokens per second, by model', 'sum by (model_name) (rate(inference_output_tokens_total{source="scrapes", vantage="engine"}[1m]))'],
  ['p99 time to first token, by model', 'histogram_quantile(0.99, sum by (model_name) (rate(inference_time_to_first_token_seconds{source="scrapes", vantage="engine"}[5m])))'],
  ['Replicas that do not answer', 'up == 0'],
];
const POSITION = /(?:^|[^0-9])([0-9]+):([0-9]+): parse error: /;

/** A PromQL box: a graph over the page's time range, and a table of the values at its end. */
export class QueryView {
  constructor() {
    this.box = h('textarea', { id: 'expr', rows: '2', spellcheck: 'false', autocapitalize: 'off', autocomplete: 'off', 'aria-describedby': 'expr-error expr-keys', placeholder: 'PromQL, such as up' });
    this.mirror = h('pre', { class: 'mirror', 'aria-hidden': 'true' });
    this.error = h('div', { id: 'expr-error', class: 'expr-error', role: 'alert', hidden: true });
    this.names = h('datalist', { id: 'metric-names' });
    this.pick = h('input', { id: 'metric', list: 'metric-names', placeholder: 'Insert a metric…', 'aria-label': 'Insert a metric', autocomplete: 'off', onfocus: () => this.loadNames(), onchange: () => this.insert() });
    this.notes = h('ul', { class: 'notes' });
    this.plot = h('div', { class: 'plot', role: 'img', 'aria-label': 'Graph' });
    this.legend = h('ul', { class: 'legend wide' });
    this.graph = h('section', { class: 'card', id: 'graph', 'aria-label': 'Graph', hidden: true }, this.plot, this.legend);
    this.table = h('section', { class: 'card', id: 'table', 'aria-label': 'Table', hidden: true });
    this.examples = h('section', { class: 'examples' }, h('h2', {}, 'To begin with'), h('ul', {}, ...EXAMPLES.map((example) => this.example(example))));
    this.chart = new Chart(this.plot, 280, { text: plainNumber, zoom: (start, end) => change({ from: String(Math.floor(start)), to: String(Math.ceil(Math.max(end, start + 30))) }), cursor: (index) => this.showValues(index) });
    const run = h('button', { type: 'submit', class: 'primary' }, 'Run');
    const form = h(
      'form',
      { class: 'query-form', onsubmit: (event) => this.submitted(event) },
      h('label', { class: 'hidden-label', for: 'expr' }, 'PromQL expression'),
      h('div', { class: 'editor' }, this.mirror, this.box),
      this.error,
      h('div', { class: 'actions' }, run, this.pick, this.names, h('span', { class: 'hint', id: 'expr-keys' }, 'Enter runs, Shift+Enter begins a line')),
    );
    byId('query').append(form, this.notes, this.graph, this.table, this.examples);
    this.box.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) this.submitted(event);
    });
    this.box.addEventListener('input', () => this.edited());
    this.rows = [];
    this.answered = '';
    this.synced = '';
  }

  example([title, expression]) {
    return h('li', {}, h('button', { type: 'button', class: 'link', onclick: () => change({ expr: expression }) }, title), h('code', {}, expression));
  }

  /** Shows the state's expression where that is a new one: what somebody is typing stays. */
  sync() {
    if (this.synced !== state.expr) {
      this.synced = state.expr;
      this.box.value = state.expr;
      this.edited();
    }
    this.examples.hidden = state.expr !== '';
  }

  focus() {
    this.box.focus();
  }

  submitted(event) {
    event.preventDefault();
    const expr = this.box.value.trim();
    if (expr === state.expr) {
      this.again();
    } else {
      change({ expr });
    }
  }

  edited() {
    this.box.style.height = 'auto';
    this.box.style.height = this.box.scrollHeight + 2 + 'px';
    this.mirror.replaceChildren();
    this.error.hidden = true;
    this.box.removeAttribute('aria-invalid');
  }

  async loadNames() {
    if (this.names.childElementCount) return;
    try {
      const names = await metricNames({ project: state.project });
      this.names.replaceChildren(...names.map((name) => h('option', { value: name })));
    } catch (failure) {
      this.pick.placeholder = failure.message;
    }
  }

  insert() {
    const name = this.pick.value;
    if (!name) return;
    this.pick.value = '';
    this.box.setRangeText(name, this.box.selectionStart, this.box.selectionEnd, 'end');
    this.edited();
    this.focus();
  }

  /** @param asked {times, project, signal} */
  async load({ times, project, signal }) {
    const { expr } = state;
    if (!expr) {
      [this.graph, this.table].forEach((part) => (part.hidden = true));
      this.notes.replaceChildren();
      return;
    }
    byId('query').setAttribute('aria-busy', 'true');
    const settled = await Promise.allSettled([instant(expr, times.end, { project, signal }), range(expr, times, { project, signal })]);
    if (signal.aborted) return;
    byId('query').setAttribute('aria-busy', 'false');
    const [table, graph] = settled;
    if (table.status === 'rejected') {
      this.failed(table.reason, expr);
      return;
    }
    this.mirror.replaceChildren();
    this.error.hidden = true;
    this.box.removeAttribute('aria-invalid');
    this.showNotes(table.value);
    this.showTable(table.value.data, times);
    // A range vector has no graph, but a table.
    this.showGraph(graph.status === 'fulfilled' ? graph.value.data.result : [], times);
    this.answered = expr;
  }

  failed(failure, expr) {
    const message = failure instanceof ApiError ? failure.message.replace(/^invalid parameter "query": /, '') : String(failure);
    const place = POSITION.exec(message);
    this.error.replaceChildren();
    if (place && this.box.value.trim() === expr) {
      const at = characterAt(this.box.value, this.box.value.length - this.box.value.trimStart().length, Number(place[1]), Number(place[2]));
      const [before, word, after] = wordAt(this.box.value, at);
      this.mirror.replaceChildren(before, h('mark', {}, word || ' '), after);
      this.error.append(this.lineWithCaret(at), h('p', {}, message.replace(/^.*?parse error: /, '')), h('p', { class: 'hint' }, `line ${place[1]}, column ${place[2]}`));
    } else {
      this.error.append(h('p', {}, message));
    }
    this.error.hidden = false;
    this.box.setAttribute('aria-invalid', 'true');
    if (this.answered !== expr) [this.graph, this.table].forEach((part) => (part.hidden = true));
    this.notes.replaceChildren();
  }

  /** The line at fault, and a caret below the place, which a click goes to. */
  lineWithCaret(at) {
    const text = this.box.value;
    const start = text.lastIndexOf('\n', at - 1) + 1;
    const end = text.indexOf('\n', at) < 0 ? text.length : text.indexOf('\n', at);
    const from = Math.max(start, at - 40);
    const line = (from > start ? '…' : '') + text.slice(from, Math.min(end, at + 40));
    const caret = ' '.repeat(at - from + (from > start ? 1 : 0)) + '^';
    const go = () => {
      this.box.focus();
      this.box.setSelectionRange(at, at);
    };
    return h('button', { type: 'button', class: 'place', title: 'Go there', onclick: go }, h('code', {}, line + '\n' + caret));
  }

  showNotes({ warnings = [], infos = [] }) {
    const shown = infos.filter((info) => !info.includes('evaluated at the newest complete window'));
    this.notes.replaceChildren(...warnings.map((text) => h('li', { class: 'warning' }, text)), ...shown.map((text) => h('li', {}, text)));
  }

  showGraph(matrix, times) {
    const { rows, times: axis } = aligned(matrix.slice(0, MAX_LINES), times);
    this.rows = rows.filter((row) => row.values.some((value) => value !== null)).map((row, i) => ({ ...row, color: i % 8, dash: Math.floor(i / 8) }));
    const common = commonLabels(this.rows.map((row) => row.labels));
    this.rows.forEach((row) => (row.name = labelText(without(row.labels, common)) || labelText(row.labels) || 'value'));
    this.axis = axis;
    this.graph.hidden = this.rows.length === 0;
    if (this.graph.hidden) {
      this.chart.clear();
      return;
    }
    this.values = this.rows.map(() => h('span', { class: 'value' }));
    const more = matrix.length > MAX_LINES ? [h('li', { class: 'hint' }, `The first ${MAX_LINES} of ${matrix.length} series.`)] : [];
    this.legend.replaceChildren(
      ...this.rows.map((row, i) => h('li', {}, h('span', { class: 'key' }, h('span', { class: 'swatch s' + row.color + (row.dash ? ' dashed' : '') }), h('span', { class: 'name', title: row.name }, row.name), this.values[i]))),
      ...more,
    );
    this.chart.draw(axis, this.rows, times);
    this.showValues(null);
  }

  showValues(index) {
    this.rows.forEach((row, i) => {
      const at = index ?? row.values.findLastIndex((value) => value !== null);
      this.values[i].textContent = row.values[at] === null ? '–' : plainNumber(row.values[at]);
    });
  }

  showTable({ resultType, result }, times) {
    const rows = resultType === 'scalar' || resultType === 'string' ? [{ metric: {}, value: result }] : result;
    this.table.hidden = false;
    const common = commonLabels(rows.map((row) => row.metric));
    const names = [...new Set(rows.flatMap((row) => Object.keys(row.metric)))].filter((name) => !(name in common)).sort();
    const caption = rows.length === 0 ? 'Nothing matches at ' : rows.length === 1 ? '1 result at ' : rows.length + ' results at ';
    this.table.replaceChildren(
      h('p', { class: 'caption', id: 'table-caption' }, caption + clock(times.end) + (rows.length > MAX_ROWS ? `, the first ${MAX_ROWS} are shown` : ''), ...(Object.keys(common).length ? [', all with ', h('code', {}, labelText(common))] : [])),
      rows.length === 0
        ? h('p', { class: 'hint' }, 'No series has these names and labels then, or none passes the filter.')
        : h(
            'div',
            { class: 'scroll', tabindex: '0', role: 'region', 'aria-labelledby': 'table-caption' },
            h(
              'table',
              {},
              h('thead', {}, h('tr', {}, ...names.map((name) => h('th', { scope: 'col' }, name === '__name__' ? 'metric' : name)), h('th', { scope: 'col', class: 'number' }, 'value'))),
              h('tbody', {}, ...rows.slice(0, MAX_ROWS).map((row) => h('tr', {}, ...names.map((name) => h('td', {}, row.metric[name] ?? '')), h('td', { class: 'number' }, valueText(row))))),
            ),
          ),
    );
  }

  /** Told of a wish to run the same expression again. */
  again() {}

  restyle() {
    this.chart.restyle();
  }
}

const plainNumber = (value) => (Number.isFinite(value) ? value.toLocaleString('en', { maximumSignificantDigits: 6 }).replace(/,/g, '\u202f') : String(value));

function valueText(row) {
  if (row.histogram) return `histogram: count ${row.histogram[1].count}, sum ${row.histogram[1].sum}`;
  if (row.values) return `${row.values.length} samples, last ${row.values[row.values.length - 1][1]}`;
  if (row.histograms) return `${row.histograms.length} histograms`;
  return row.value[1];
}

/** Labels that all of several sets have in common, which then need not be told for each. */
function commonLabels(sets) {
  if (sets.length < 2) return {};
  return Object.fromEntries(Object.entries(sets[0]).filter(([name, value]) => sets.every((labels) => labels[name] === value)));
}

const without = (labels, some) => Object.fromEntries(Object.entries(labels).filter(([name]) => !(name in some)));

function labelText({ __name__: name = '', ...labels }) {
  const inner = Object.entries(labels).map(([label, value]) => `${label}="${value}"`).join(', ');
  return name + (inner ? '{' + inner + '}' : '');
}

/** The index of a place that is told as line and column of the trimmed text, both from 1, columns in UTF-8 bytes. */
function characterAt(text, trimmed, line, column) {
  let start = trimmed;
  for (let i = 1; i < line; i++) start = text.indexOf('\n', start) + 1;
  let bytes = column - 1;
  let at = start;
  for (const character of text.slice(start)) {
    if (bytes <= 0 || character === '\n') break;
    bytes -= new TextEncoder().encode(character).length;
    at += character.length;
  }
  return Math.min(at, text.length);
}

/** The text before, the word at, and the text after a place. */
function wordAt(text, at) {
  const word = /^(?:[A-Za-z0-9_:.]+|[^\s])/u.exec(text.slice(at));
  const end = at + (word ? word[0].length : 0);
  return [text.slice(0, at), text.slice(at, end), text.slice(end)];
}

