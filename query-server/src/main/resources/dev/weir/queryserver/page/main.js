import { ApiError } from './api.js';
import { Catalogue } from './catalogue.js';
import { byId, h, setOptions } from './dom.js';
import { ago, clock, localInput, spanSeconds } from './format.js';
import { Names } from './names.js';
import { Overview } from './overview.js';
import { QueryView } from './query.js';
import { change, fixedRange, onChange, RANGES, SPLITS, state } from './state.js';
import { freshness, pace, timesOf } from './times.js';
import { forgetToken, onTokenChange, token } from './token.js';

const CATALOGUE_SECONDS = 60;
const STALLED_SECONDS = 45;
const SPLIT_NAMES = { workload: 'Pipeline, model', model: 'Model', pipeline: 'Pipeline', engine: 'Engine', total: 'Nothing: total' };

const overview = new Overview({ explain: (expr) => change({ view: 'query', expr }) });
const query = new QueryView();
query.again = () => refresh();

let running = new AbortController();
let timer = 0;
let known = { key: '', loaded: 0, catalogue: Catalogue.EMPTY, projects: [] };
let times = null;

/** Draws everything anew, and again after a while where the newest is looked at. A refresh that is overtaken by another ends. */
async function refresh() {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  clearTimeout(timer);
  showControls();
  document.body.classList.add('loading');
  try {
    await load(signal);
    showAlert('');
  } catch (failure) {
    if (signal.aborted) return;
    showAlert(failure instanceof ApiError ? explanation(failure) : String(failure));
    if (!(failure instanceof ApiError)) throw failure;
  } finally {
    if (!signal.aborted) {
      document.body.classList.remove('loading');
      schedule();
    }
  }
}

async function load(signal) {
  const { project } = state;
  const now = await freshness({ project, signal });
  times = timesOf(now);
  showFreshness(now);
  if (state.view === 'query') {
    await loadProjects(signal);
    showControls();
    await query.load({ times, project, signal });
    return;
  }
  await loadCatalogue(signal);
  await loadProjects(signal);
  showControls();
  const { catalogue } = known;
  const [vantage, source] = measured().split('/');
  const scope = { pipeline: state.pipeline, model: state.model, vantage, source, groupsOfModel: state.model ? catalogue.groupsOfModel(state.model) : {} };
  const shown = catalogue.within(scope).map((entry) => entry.labels);
  const names = new Names(state.split, shown);
  await overview.load({ times, scope, catalogue, names, project, signal, split: state.split, quantile: state.quantile });
}

async function loadCatalogue(signal) {
  const key = JSON.stringify([state.project, state.range, state.from, state.to]);
  if (known.key === key && performance.now() - known.loaded < CATALOGUE_SECONDS * 1000) return;
  const catalogue = await Catalogue.load(times, { project: state.project, signal });
  known = { ...known, key, catalogue, loaded: performance.now() };
}

/** Projects are those with data; where one is chosen already, the others are not in its catalogue. */
async function loadProjects(signal) {
  if (!state.project && !known.catalogue.isEmpty) {
    known.projects = known.catalogue.projects();
  } else if (known.projects.length === 0) {
    try {
      known.projects = (await Catalogue.load(times, { signal })).projects();
    } catch (failure) {
      // A token of one project may not ask for all; then there is nothing to choose.
      if (signal.aborted || failure.status !== 403) throw failure;
      known.projects = [state.project];
    }
  }
}

function measured() {
  const offered = known.catalogue.measured().map((option) => option.value);
  return state.measured || offered[0] || '';
}

function schedule() {
  clearTimeout(timer);
  if (!fixedRange() && state.live === 'on' && !document.hidden) {
    timer = setTimeout(refresh, pace() * 1000);
  }
}

function explanation(failure) {
  if (failure.status === 403) return failure.message + '. Forget the token, or choose another project.';
  return failure.status === 0 ? failure.message + ' Trying again.' : failure.message;
}

function showAlert(text) {
  byId('alert').textContent = text;
  byId('alert').hidden = text === '';
}

function showFreshness({ now, frontier }) {
  const element = byId('freshness');
  const age = now - frontier;
  const isStalled = frontier > 0 && age > STALLED_SECONDS;
  element.classList.toggle('stalled', isStalled);
  element.classList.toggle('live', frontier > 0 && !isStalled && state.live === 'on' && !fixedRange());
  if (fixedRange()) {
    element.textContent = clock(times.start) + ' to ' + clock(times.end);
  } else if (frontier > 0) {
    element.textContent = (isStalled ? 'No new data since ' : 'Complete to ') + clock(frontier) + ', ' + ago(age) + ' ago';
  } else {
    element.textContent = 'At ' + clock(now);
  }
}

function showControls() {
  const { catalogue, projects } = known;
  const isQuery = state.view === 'query';
  document.body.dataset.view = state.view;
  byId('overview').hidden = isQuery;
  byId('query').hidden = !isQuery;
  byId('view-overview').setAttribute('aria-pressed', String(!isQuery));
  byId('view-query').setAttribute('aria-pressed', String(isQuery));
  query.sync();
  const any = (label) => ({ value: '', label });
  const options = (texts) => texts.map((text) => ({ value: text, label: text }));
  const vantage = measured().split('/')[0];
  setOptions(byId('project'), projects.length === 1 && !state.project ? [any(projects[0])] : [any('All projects'), ...options(projects)], state.project);
  byId('project-field').classList.toggle('single', projects.length < 2 && !state.project);
  setOptions(byId('pipeline'), [any('All pipelines'), ...options(catalogue.pipelines({ vantage }))], state.pipeline);
  setOptions(byId('model'), [any('All models'), ...options(catalogue.models({ vantage, pipeline: state.pipeline }))], state.model);
  setOptions(byId('measured'), catalogue.measured().length ? catalogue.measured() : [any('engines')], measured());
  setOptions(byId('split'), SPLITS.map((split) => ({ value: split, label: SPLIT_NAMES[split] })), state.split);
  for (const button of byId('ranges').children) {
    button.setAttribute('aria-pressed', String(!fixedRange() && button.dataset.value === state.range));
  }
  byId('custom').setAttribute('aria-pressed', String(Boolean(fixedRange())));
  const isLive = !fixedRange() && state.live === 'on';
  byId('live').setAttribute('aria-pressed', String(isLive));
  byId('live').title = isLive ? 'Stop refreshing' : 'Follow the newest data';
  byId('forget').hidden = !token();
  const parts = isQuery ? [state.expr || 'Query'] : [state.model || state.pipeline, state.project].filter(Boolean);
  document.title = [...parts, 'Weir'].join(' · ');
}

function toggleLive() {
  const isLive = !fixedRange() && state.live === 'on';
  change(isLive ? { live: 'off' } : { live: 'on', from: '', to: '' });
}

function wireControls() {
  byId('controls').addEventListener('submit', (event) => event.preventDefault());
  // What is below a choice may not exist for another one.
  byId('project').addEventListener('change', (event) => change({ project: event.target.value, pipeline: '', model: '', measured: '' }));
  byId('pipeline').addEventListener('change', (event) => change({ pipeline: event.target.value, model: '' }));
  byId('model').addEventListener('change', (event) => change({ model: event.target.value }));
  byId('measured').addEventListener('change', (event) => change({ measured: event.target.value, pipeline: '', model: '' }));
  byId('split').addEventListener('change', (event) => change({ split: event.target.value }));
  byId('ranges').append(
    ...RANGES.map((range) => h('button', { type: 'button', 'data-value': range, onclick: () => change({ range, from: '', to: '', live: 'on' }) }, range)),
  );
  byId('live').addEventListener('click', toggleLive);
  byId('view-overview').addEventListener('click', () => change({ view: 'overview' }));
  byId('view-query').addEventListener('click', () => change({ view: 'query' }));
  byId('forget').addEventListener('click', forgetToken);
}

function wireCustomRange() {
  const dialog = byId('custom-dialog');
  byId('custom').addEventListener('click', () => {
    const end = times ? times.end : Date.now() / 1000;
    byId('custom-from').value = localInput(times ? times.start : end - spanSeconds(state.range));
    byId('custom-to').value = localInput(end);
    byId('custom-error').textContent = '';
    dialog.showModal();
  });
  byId('custom-cancel').addEventListener('click', () => dialog.close());
  byId('custom-form').addEventListener('submit', (event) => {
    event.preventDefault();
    const [from, to] = ['custom-from', 'custom-to'].map((id) => Math.floor(new Date(byId(id).value).getTime() / 1000));
    if (!(from < to)) {
      byId('custom-error').textContent = 'From must lie before to.';
      return;
    }
    dialog.close();
    change({ from: String(from), to: String(to) });
  });
}

function wireKeys() {
  const actions = { '/': () => (change({ view: 'query' }), query.focus()), o: () => change({ view: 'overview' }), l: toggleLive };
  addEventListener('keydown', (event) => {
    const isTyping = event.target instanceof Element && event.target.closest('input, textarea, select, dialog');
    const action = actions[event.key];
    if (!action || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  });
}

wireControls();
wireCustomRange();
wireKeys();
onChange((next, former) => {
  refresh();
  if (next.view === 'query' && former.view !== 'query') query.focus();
});
onTokenChange(() => {
  known = { key: '', loaded: 0, catalogue: Catalogue.EMPTY, projects: [] };
  refresh();
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => [overview, query].forEach((view) => view.restyle()));
document.addEventListener('visibilitychange', () => (document.hidden ? clearTimeout(timer) : state.live === 'on' && !fixedRange() && refresh()));
refresh();
