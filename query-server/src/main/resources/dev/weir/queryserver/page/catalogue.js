import { series } from './api.js';
import { CATALOGUE_SELECTORS, PANELS } from './panels.js';

/** Traffic is measured in several ways, each of which counts the same requests; families that tell which there are. */
const TRAFFIC = new Set(PANELS.filter((panel) => panel.kind !== 'gauge').flatMap((panel) => [panel.family, panel.family + '_count']));

/** Families that name no model. */
const OF_GROUPS = new Set(PANELS.filter((panel) => panel.ofGroups).map((panel) => panel.family));

const MEASURED = {
  'engine/scrapes': 'engines',
  'gateway/scrapes': 'gateways',
  'engine/requests': 'request events',
  'gateway/requests': 'gateways’ request events',
};

/** Who measures what in a range: the label sets of the canonical families, which are few, since replicas are summed up in them. */
export class Catalogue {
  static EMPTY = new Catalogue([]);

  constructor(labelSets) {
    this.entries = labelSets.map((labels) => ({
      family: labels.__name__,
      project: labels.project_id || '',
      pipeline: labels.pipeline_name || '',
      namespace: labels.namespace || '',
      job: labels.job || '',
      model: labels.model_name || '',
      engine: labels.model_server || (labels.source === 'requests' ? 'request events' : ''),
      vantage: labels.vantage || '',
      source: labels.source || '',
      labels,
    }));
  }

  static async load(times, options) {
    return new Catalogue(await series(CATALOGUE_SELECTORS, times, options));
  }

  get isEmpty() {
    return this.entries.length === 0;
  }

  projects() {
    return values(this.entries, 'project');
  }

  /** {value, label} of each way in which traffic is measured; engines' scrapes first. */
  measured() {
    const found = new Set(this.entries.filter((entry) => TRAFFIC.has(entry.family) && entry.vantage && entry.source).map((entry) => entry.vantage + '/' + entry.source));
    return [...new Set([...Object.keys(MEASURED), ...found])].filter((key) => found.has(key)).map((key) => ({ value: key, label: MEASURED[key] || key }));
  }

  pipelines({ vantage }) {
    return values(this.entries.filter((entry) => !vantage || entry.vantage === vantage), 'pipeline');
  }

  models({ vantage, pipeline }) {
    return values(this.entries.filter((entry) => (!vantage || entry.vantage === vantage) && (!pipeline || entry.pipeline === pipeline)), 'model');
  }

  /** Labels and values that the groups of a model have in common with their replicas' numbers, which name no model. */
  groupsOfModel(model) {
    const own = this.entries.filter((entry) => entry.model === model);
    const groups = own.some((entry) => entry.source === 'scrapes') ? own.filter((entry) => entry.source === 'scrapes') : own;
    const found = {};
    for (const [label, field] of [['job', 'job'], ['namespace', 'namespace']]) {
      if (groups.length && groups.every((entry) => entry[field])) found[label] = values(groups, field);
    }
    if (Object.keys(found).length === 0 && groups.length) found.pipeline_name = values(groups, 'pipeline');
    return found;
  }

  /** Entries that a scope selects, whatever their family. */
  within({ vantage, pipeline, model, groupsOfModel }) {
    const isOfGroup = (entry) => Object.entries(groupsOfModel).every(([label, values]) => values.includes(entry.labels[label]));
    return this.entries.filter(
      (entry) =>
        (!vantage || entry.vantage === vantage) &&
        (!pipeline || entry.pipeline === pipeline) &&
        (!model || entry.model === model || (OF_GROUPS.has(entry.family) && isOfGroup(entry))),
    );
  }

  /** {measuring, meanOnly, silent}: engines of a scope by how far they measure what a panel shows. */
  coverage(panel, scope) {
    const source = panel.kind === 'gauge' ? 'scrapes' : scope.source;
    const seen = this.within(scope).filter((entry) => entry.engine && (!source || entry.source === source));
    const telling = (...families) => new Set(seen.filter((entry) => families.includes(entry.family)).map((entry) => entry.engine));
    const measuring = panel.kind === 'quantile' ? telling(panel.family, panel.family + '_bucket') : telling(panel.family);
    const meanOnly = panel.kind === 'quantile' ? telling(panel.family + '_count') : new Set();
    const engines = new Set(seen.map((entry) => entry.engine));
    const silent = [...engines].filter((engine) => !measuring.has(engine) && !meanOnly.has(engine));
    return { measuring: [...measuring], meanOnly: [...meanOnly].filter((engine) => !measuring.has(engine)), silent: silent.sort() };
  }
}

function values(entries, field) {
  return [...new Set(entries.map((entry) => entry[field]).filter(Boolean))].sort();
}
