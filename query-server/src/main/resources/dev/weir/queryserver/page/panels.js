/**
 * What the page draws, and the PromQL for it. Only canonical families (docs/engines.md) are asked for, so that a panel works for every engine
 * that measures the thing.
 */

const P = 'inference_';

/** kind: how a family is asked; over: what a gauge is taken as over a step that is longer than a window. */
export const SECTIONS = [
  {
    title: 'Traffic',
    panels: [
      { id: 'requests', title: 'Requests', unit: 'rate', kind: 'rate', family: P + 'requests_total', hint: 'Finished requests' },
      { id: 'errors', title: 'Errors', unit: 'ratio', kind: 'share', family: P + 'request_errors_total', of: P + 'requests_total', hint: 'Share of the finished requests that failed' },
      { id: 'input', title: 'Input tokens', unit: 'rate', kind: 'rate', family: P + 'input_tokens_total', hint: 'Prompt tokens of finished requests' },
      { id: 'output', title: 'Output tokens', unit: 'rate', kind: 'rate', family: P + 'output_tokens_total', hint: 'Generated tokens' },
    ],
  },
  {
    title: 'Latency',
    panels: [
      { id: 'ttft', title: 'Time to first token', unit: 'seconds', kind: 'quantile', family: P + 'time_to_first_token_seconds', hint: 'From the request to its first token (TTFT)' },
      { id: 'tpot', title: 'Time per output token', unit: 'seconds', kind: 'quantile', family: P + 'time_per_output_token_seconds', hint: 'Mean time per token after the first, of each request (TPOT)' },
      { id: 'duration', title: 'Request duration', unit: 'seconds', kind: 'quantile', family: P + 'request_duration_seconds', hint: 'From the request to its last token' },
      { id: 'queue', title: 'Time in queue', unit: 'seconds', kind: 'quantile', family: P + 'queue_time_seconds', hint: 'From the request until the engine takes it up' },
    ],
  },
  {
    title: 'Capacity',
    panels: [
      { id: 'running', title: 'Running', unit: 'count', kind: 'gauge', agg: 'sum', over: 'avg', family: P + 'requests_running', hint: 'Requests in the engines’ batches' },
      { id: 'waiting', title: 'Waiting', unit: 'count', kind: 'gauge', agg: 'sum', over: 'max', family: P + 'requests_waiting', hint: 'Requests in the engines’ queues' },
      { id: 'kv', title: 'KV cache', unit: 'ratio', kind: 'gauge', agg: 'avg', over: 'avg', family: P + 'kv_cache_utilization_ratio', hint: 'Part of the key-value cache in use, mean of the replicas' },
      { id: 'replicas', title: 'Replicas', unit: 'count', kind: 'gauge', agg: 'sum', over: 'min', family: P + 'replicas', ofGroups: true, hint: 'Replicas that answered their newest scrape' },
      { id: 'completeness', title: 'Completeness', unit: 'ratio', kind: 'gauge', agg: 'min', over: 'min', family: P + 'completeness_ratio', ofGroups: true, hint: 'Replicas heard of, of those expected. Below 100 %, counts catch up when a replica answers again' },
    ],
  },
];

export const PANELS = SECTIONS.flatMap((section) => section.panels);

/** Every family that tells who measures what: those of the panels, and buckets apart from totals. */
export const CATALOGUE_SELECTORS = [
  '{__name__=~"' + PANELS.flatMap((panel) => (panel.kind === 'quantile' ? [panel.family, panel.family + '_count'] : [panel.family])).join('|') + '"}',
  '{__name__=~"' + PANELS.filter((panel) => panel.kind === 'quantile').map((panel) => panel.family + '_bucket').join('|') + '",le="+Inf"}',
];

const SPLIT_LABELS = {
  workload: ['project_id', 'pipeline_name', 'namespace', 'model_name'],
  model: ['model_name'],
  pipeline: ['pipeline_name'],
  engine: ['model_server'],
  total: [],
};

/** What the series of one group of replicas have in common, whatever their model. */
const GROUP_LABELS = ['project_id', 'pipeline_name', 'namespace', 'job', 'deploy_id', 'model_server', 'vantage', 'source'];

export const splitLabels = (split) => SPLIT_LABELS[split];

const quoted = (text) => '"' + text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n') + '"';
const oneOf = (texts) => quoted(texts.map((text) => text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')).join('|'));

/**
 * What selects a panel's series.
 *
 * @param scope {pipeline, model, vantage, source, groupsOfModel: {label: values}}
 */
function matchers(panel, scope) {
  const all = [];
  const isTraffic = panel.kind !== 'gauge';
  if (panel.id === 'completeness') {
    // Groups that never answered have no vantage.
    if (scope.vantage) all.push('vantage=~' + oneOf([scope.vantage, '']));
  } else {
    if (scope.vantage) all.push('vantage=' + quoted(scope.vantage));
    // Requests' events know nothing of engines' queues and caches.
    if (scope.source) all.push('source=' + quoted(isTraffic ? scope.source : 'scrapes'));
  }
  if (scope.pipeline) all.push('pipeline_name=' + quoted(scope.pipeline));
  if (scope.model && panel.ofGroups) {
    for (const [label, values] of Object.entries(scope.groupsOfModel)) {
      all.push(label + '=~' + oneOf(values));
    }
  } else if (scope.model) {
    all.push('model_name=' + quoted(scope.model));
  }
  return all;
}

const selector = (family, all) => family + (all.length ? '{' + all.join(',') + '}' : '');

/**
 * The queries of a panel by what they give: value, and for quantiles lower and upper, the bounds of the bucket in which the quantile lies,
 * and mean, where only totals are told.
 *
 * @param asked {scope, split, quantile, window, step}: window and step in seconds
 */
export function queries(panel, asked) {
  const all = matchers(panel, asked.scope);
  const labels = splitLabels(asked.split);
  const by = (more = []) => 'sum by (' + [...labels, ...more].join(', ') + ') ';
  const rate = (family, more = []) => `rate(${selector(family, [...all, ...more])}[${asked.window}s])`;
  switch (panel.kind) {
    case 'rate':
      return { value: `${by()}(${rate(panel.family)})` };
    case 'share':
      return { value: share(panel, labels, rate) };
    case 'gauge': {
      const gauge = selector(panel.family, all);
      const value = asked.step > 15 ? `${panel.over}_over_time(${gauge}[${asked.step}s])` : gauge;
      return { value: `${panel.agg} by (${labels.join(', ')}) (${value})` };
    }
    default:
      return quantileQueries(panel, asked.quantile, { labels, by, rate });
  }
}

/**
 * Errors are a share of the requests of those who count errors: of others nobody knows. They may be counted for a whole server, without a
 * model: then they are a share of all its requests.
 */
function share(panel, labels, rate) {
  const ratio = (names, more) => {
    const errors = rate(panel.family, more);
    return `sum by (${names.join(', ')}) (${errors}) / sum by (${names.join(', ')}) (${rate(panel.of)} and on (${GROUP_LABELS.join(', ')}) ${errors})`;
  };
  const whole = labels.filter((label) => label !== 'model_name');
  return whole.length === labels.length || whole.length === 0 ? ratio(labels, []) : `${ratio(labels, [])} or ${ratio(whole, ['model_name=""'])}`;
}

/**
 * A histogram of classic buckets, each set to 1 from the one on in which the quantile lies, has all its weight in that bucket: its least and
 * largest quantiles are the bucket's bounds. Both are the highest bound where the quantile lies beyond it.
 */
function quantileQueries(panel, quantile, { labels, by, rate }) {
  const { family } = panel;
  const buckets = rate(family + '_bucket');
  const total = `${by()}(${rate(family + '_bucket', ['le="+Inf"'])})`;
  const inBucket = `${by(['le'])}(${buckets}) >= bool on (${labels.join(', ')}) group_left () (${quantile} * (${total} > 0))`;
  return {
    value: `histogram_quantile(${quantile}, ${by()}(${rate(family)})) or histogram_quantile(${quantile}, ${by(['le'])}(${buckets}))`,
    lower: `histogram_quantile(1e-9, ${inBucket})`,
    upper: `histogram_quantile(1, ${inBucket})`,
    mean: `${by()}(${rate(family + '_sum')}) / ${by()}(${rate(family + '_count')} > 0)`,
  };
}
