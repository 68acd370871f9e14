import { styleValue } from './dom.js';
import { clock } from './format.js';

/* global uPlot */

const SYNC = uPlot.sync('weir');
const DASHES = [[], [6, 4], [2, 3]];
const MIN_ZOOM_PIXELS = 8;
const FONT = '11px system-ui, sans-serif';

/** Splits between grid lines that people count in. */
const TIME_SPLITS = [1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800];

/**
 * Lines over time, with bands around them. The cursor is shared by all charts of the page: by the pointer, or by the arrow keys on a chart that has
 * the focus; dragging over a part, or Enter twice, zooms into it.
 */
export class Chart {
  /** @param actions {text: value to text, zoom: called with start and end, cursor: called with an index of the times, or null} */
  constructor(host, height, { text, zoom, cursor }) {
    this.host = host;
    this.height = height;
    this.actions = { text, zoom, cursor };
    this.plot = null;
    this.shape = '';
    this.times = [];
    this.focused = null;
    this.mark = null;
    host.tabIndex = 0;
    host.addEventListener('keydown', (event) => this.keyPressed(event));
    host.addEventListener('blur', () => this.leave());
    this.resizing = new ResizeObserver(() => this.plot && this.plot.setSize(this.size()));
    this.resizing.observe(host);
  }

  /**
   * @param times seconds since the epoch, ascending
   * @param lines [{color, dash, values, lower, upper, soft}]; lower, upper and soft (a mean: drawn dashed) may be missing
   * @param window {start, end}
   * @param most the least upper end of the scale, or null
   */
  draw(times, lines, window, most = null) {
    this.times = times;
    this.lines = lines;
    this.window = window;
    const columns = [times];
    lines.forEach((line) => columns.push(...(line.upper ? [line.values, line.lower, line.upper] : [line.values])));
    this.top = scaleTop(lines, most);
    this.bottom = scaleBottom(lines);
    const shape = JSON.stringify(lines.map((line) => [line.color, line.dash, Boolean(line.upper), Boolean(line.soft)]));
    if (this.plot && this.shape === shape) {
      this.plot.setData(this.clipped(columns));
      return;
    }
    this.clear();
    this.shape = shape;
    this.plot = new uPlot(this.options(), this.clipped(columns), this.host);
  }

  /** Draws again from scratch: the colour scheme has changed. */
  restyle() {
    if (this.plot) {
      this.shape = '';
      this.draw(this.times, this.lines, this.window);
    }
  }

  clear() {
    this.plot?.destroy();
    this.plot = null;
    this.shape = '';
  }

  destroy() {
    this.resizing.disconnect();
    this.clear();
  }

  /** A bound that nobody knows is beyond the scale, but not so far that a canvas can't. */
  clipped(columns) {
    const beyond = this.top * 1.5;
    return columns.map((column, i) => (i === 0 ? column : column.map((value) => (value === Infinity ? beyond : value))));
  }

  size() {
    return { width: Math.max(120, this.host.clientWidth), height: this.height };
  }

  options() {
    const axis = { stroke: styleValue('--muted'), font: FONT, ticks: { show: false }, grid: { stroke: styleValue('--grid'), width: 1 } };
    const series = [{}];
    const bands = [];
    for (const line of this.lines) {
      const stroke = styleValue('--series-' + line.color);
      series.push({
        stroke,
        width: line.soft ? 1.25 : 1.75,
        dash: line.soft ? [3, 3] : DASHES[line.dash % DASHES.length],
        points: { show: isLonely(line.values), size: 5, fill: stroke },
      });
      if (line.upper) {
        series.push(...[0, 1].map(() => ({ stroke: 'transparent', width: 0, points: { show: false } })));
        bands.push({ series: [series.length - 1, series.length - 2], fill: stroke + '24' });
      }
    }
    return {
      ...this.size(),
      padding: [8, 16, 0, 0],
      legend: { show: false },
      cursor: {
        sync: { key: SYNC.key, setSeries: false, scales: ['x', null], filters: { pub: (type) => type !== 'mousedown' && type !== 'mouseup' } },
        drag: { x: true, y: false, setScale: false },
        points: { size: (_, i) => (series[i].width ? 6 : 0) },
        y: false,
      },
      scales: {
        x: { time: true, range: () => [this.window.start, this.window.end] },
        y: { range: () => [this.bottom, this.top] },
      },
      series,
      bands,
      axes: [
        { ...axis, grid: { show: false }, size: 24, space: 70, incrs: TIME_SPLITS, values: (_, splits, __, ___, step) => splits.map((at) => clock(at, step < 60)) },
        { ...axis, size: yAxisSize, space: 34, gap: 6, values: (_, splits) => splits.map((value) => this.actions.text(value)) },
      ],
      hooks: {
        setCursor: [(plot) => this.actions.cursor(plot.cursor.left >= 0 ? plot.cursor.idx : null)],
        setSelect: [(plot) => this.selected(plot)],
      },
    };
  }

  selected(plot) {
    const { left, width } = plot.select;
    if (width < MIN_ZOOM_PIXELS) return;
    plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
    this.actions.zoom(plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x'));
  }

  keyPressed(event) {
    if (!this.plot || this.times.length === 0) return;
    const last = this.times.length - 1;
    const at = this.focused ?? last;
    const pace = event.shiftKey ? 10 : 1;
    switch (event.key) {
      case 'ArrowLeft':
        this.moveTo(this.focused === null ? last : Math.max(0, at - pace));
        break;
      case 'ArrowRight':
        this.moveTo(Math.min(last, at + pace));
        break;
      case 'Home':
        this.moveTo(0);
        break;
      case 'End':
        this.moveTo(last);
        break;
      case 'Enter':
        this.markOrZoom(at);
        break;
      case 'Escape':
        this.leave();
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  moveTo(index) {
    this.focused = index;
    this.plot.setCursor({ left: this.plot.valToPos(this.times[index], 'x'), top: 10 }, true, true);
  }

  markOrZoom(index) {
    if (this.mark === null || this.mark === index) {
      this.mark = index;
      return;
    }
    const [start, end] = [this.mark, index].sort((a, b) => a - b).map((i) => this.times[i]);
    this.mark = null;
    this.actions.zoom(start, end);
  }

  leave() {
    this.mark = null;
    if (this.focused === null) return;
    this.focused = null;
    this.plot?.setCursor({ left: -10, top: -10 }, true, true);
  }
}

const finite = (values) => values.filter((value) => value !== null && Number.isFinite(value));

function scaleTop(lines, most) {
  const top = lines.reduce((max, line) => finite([...line.values, ...(line.upper || [])]).reduce((a, b) => Math.max(a, b), max), most ?? 0);
  return top > 0 ? top * 1.06 : 1;
}

/** Zero, so that heights compare; below only where values are. */
function scaleBottom(lines) {
  const bottom = lines.reduce((min, line) => finite(line.values).reduce((a, b) => Math.min(a, b), min), 0);
  return bottom < 0 ? bottom * 1.06 : 0;
}

/** Whether a value stands between gaps, where a line would not show it. */
function isLonely(values) {
  return values.some((value, i) => value !== null && (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null);
}

function yAxisSize(plot, values) {
  if (!values) return 40;
  plot.ctx.font = FONT;
  const widest = values.reduce((width, text) => Math.max(width, plot.ctx.measureText(text).width), 0);
  return Math.ceil(widest) + 14;
}
