import { ApiError, instant, number } from './api.js';
import { boundsText, Card, windowText } from './card.js';
import { byId, h } from './dom.js';
import { format } from './format.js';
import { PANELS, queries, SECTIONS } from './panels.js';
import { change, QUANTILES, state } from './state.js';

/** Panels whose totals are shown on top, and what a total is called. */
const STATS = [
  ['requests', 'Requests'],
  ['errors', 'Errors'],
  ['input', 'Input tokens'],
  ['output', 'Output tokens'],
  ['ttft', 'TTFT'],
  ['tpot', 'TPOT'],
  ['waiting', 'Waiting'],
  ['replicas', 'Replicas'],
  ['completeness', 'Completeness'],
];

/** The charts, and above them the newest totals. */
export class Overview {
  constructor({ explain }) {
    this.explain = explain;
    this.cards = PANELS.map((panel) => new Card(panel, { zoom, explain }));
    this.spans = [];
    this.stats = STATS.map(([id, name]) => new Stat(PANELS.find((panel) => panel.id === id), name));
    byId('stats').append(...this.stats.map((stat) => stat.element));
    byId('sections').append(...SECTIONS.map((section) => this.section(section)));
    const seen = new IntersectionObserver((entries) => entries.forEach((entry) => this.seen(entry)), { rootMargin: '200px' });
    this.cards.forEach((card) => seen.observe(card.element));
  }

  section(section) {
    const span = h('span', { class: 'span' });
    this.spans.push({ section, span });
    const cards = this.cards.filter((card) => section.panels.includes(card.panel));
    return h(
      'section',
      { 'aria-labelledby': 'title-' + section.title },
      h('header', { class: 'section' }, h('h2', { id: 'title-' + section.title }, section.title), section.title === 'Latency' ? quantiles() : null, span),
      h('div', { class: 'grid' }, ...cards.map((card) => card.element)),
    );
  }

  seen({ target, isIntersecting }) {
    const card = this.cards.find((one) => one.element === target);
    card.isVisible = isIntersecting;
    if (isIntersecting && card.pending) card.load(card.pending);
  }

  async load(asked) {
    this.spans.forEach(({ section, span }) => {
      span.textContent = windowText(section, asked.times);
    });
    showQuantile();
    await Promise.all([...this.stats, ...this.cards].map((one) => one.load(asked)));
  }

  restyle() {
    this.cards.forEach((card) => card.restyle());
  }
}

function zoom(start, end) {
  const from = Math.floor(start);
  change({ from: String(from), to: String(Math.max(from + 30, Math.ceil(end))) });
}

function quantiles() {
  return h(
    'div',
    { class: 'segments', id: 'quantiles', role: 'group', 'aria-label': 'Quantile' },
    ...QUANTILES.map((quantile) =>
      h('button', { type: 'button', 'data-value': quantile, onclick: () => change({ quantile }) }, 'p' + Number(quantile) * 100),
    ),
  );
}

function showQuantile() {
  byId('quantiles').querySelectorAll('button').forEach((button) => button.setAttribute('aria-pressed', String(button.dataset.value === state.quantile)));
}

/** The newest total of a panel, of everything that is selected. */
class Stat {
  constructor(panel, name) {
    this.panel = panel;
    this.name = name;
    this.label = h('dt', {}, name);
    this.value = h('dd', {}, '\u00a0');
    this.bounds = h('dd', { class: 'bounds' });
    this.element = h('div', { class: 'stat', id: 'stat-' + panel.id }, this.label, this.value, this.bounds);
  }

  async load({ times, scope, quantile, catalogue, project, signal }) {
    const { panel } = this;
    this.label.textContent = this.name + (panel.kind === 'quantile' ? ' p' + Number(quantile) * 100 : '');
    const coverage = catalogue.coverage(panel, scope);
    if (coverage.measuring.length === 0) {
      this.show('–', catalogue.isEmpty ? 'no data' : 'not measured');
      return;
    }
    const window = panel.kind === 'quantile' ? times.quantileWindow : times.rateWindow;
    const texts = queries(panel, { scope, split: 'total', quantile, window, step: times.step });
    const ask = async (text) => {
      const { result } = (await instant(text, times.end, { project, signal })).data;
      return result.length ? number(result[0].value[1]) : null;
    };
    try {
      const [value, lower, upper] = await Promise.all([texts.value, ...(panel.kind === 'quantile' ? [texts.lower, texts.upper] : [])].map(ask));
      const isOpen = upper && upper - lower <= 1e-6 * upper;
      this.show(format(panel.unit, value), panel.kind === 'quantile' && value !== null ? boundsText(panel.unit, lower, isOpen ? Infinity : upper) : '');
    } catch (failure) {
      if (!signal.aborted) this.show('–', failure instanceof ApiError ? 'failed' : String(failure));
    }
  }

  show(value, bounds) {
    this.value.textContent = value;
    this.bounds.textContent = bounds;
  }
}
