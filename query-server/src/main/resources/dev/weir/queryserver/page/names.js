import { splitLabels } from './panels.js';

const MAX_COLORS = 8;

const short = (model) => model.slice(model.lastIndexOf('/') + 1);
const namelessLast = (key) => key.replaceAll('""', '"\uffff"');
const group = (labels) => JSON.stringify([labels.project_id || '', labels.pipeline_name || '', labels.namespace || '']);

/** Colours of what a page shows: the same thing has the same one in every chart, and after a reload. */
export class Names {
  /** @param labelSets of everything that may be shown */
  constructor(split, labelSets) {
    this.split = split;
    this.labels = splitLabels(split);
    this.indices = new Map();
    this.groups = new Map();
    const known = [...new Map(labelSets.map((labels) => [this.key(labels), labels])).entries()].sort(([a], [b]) => (namelessLast(a) < namelessLast(b) ? -1 : 1));
    const withModel = new Set(known.filter(([, labels]) => labels.model_name).map(([, labels]) => group(labels)));
    for (const [key, labels] of known) {
      if (split === 'workload' && !labels.model_name && withModel.has(group(labels))) continue;
      this.add(key, labels);
    }
  }

  add(key, labels) {
    const index = this.indices.size;
    this.indices.set(key, index);
    if (!this.groups.has(group(labels))) this.groups.set(group(labels), index);
    return index;
  }

  key(labels) {
    return JSON.stringify(this.labels.map((label) => labels[label] || ''));
  }

  /** {color: number of a colour, dash: whether its colour is taken twice} */
  look(labels) {
    const key = this.key(labels);
    let index = this.indices.get(key);
    if (index === undefined) {
      // Replicas know no model, but their group's colour.
      index = this.split === 'workload' && !labels.model_name ? this.groups.get(group(labels)) : undefined;
      index = index ?? this.add(key, labels);
    }
    return { color: index % MAX_COLORS, dash: Math.floor(index / MAX_COLORS) };
  }

  /** A name for each label set: the shortest that tells them apart. */
  of(labelSets) {
    const plain = labelSets.map((labels) => this.plain(labels));
    const isTwice = (i) => plain.filter((name) => name === plain[i]).length > 1;
    if (this.split === 'model') {
      return plain.map((name, i) => (isTwice(i) ? labelSets[i].model_name : name));
    }
    return labelSets.map((labels, i) => {
      const more = isTwice(i) ? [labels.pipeline_name || labels.namespace, labels.project_id].filter((text) => text && text !== plain[i]) : [];
      return [plain[i], ...more].join(' · ');
    });
  }

  plain(labels) {
    switch (this.split) {
      case 'workload':
        return short(labels.model_name || '') || labels.pipeline_name || labels.namespace || 'unnamed';
      case 'total':
        return 'all';
      default:
        return short(labels[this.labels[0]] || '') || 'no ' + this.split;
    }
  }
}
