import { instant, number } from './api.js';
import { spanSeconds } from './format.js';
import { fixedRange, state } from './state.js';

/** Steps that divide hours and days; none is below the window of the aggregation. */
const STEPS = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400];
const MAX_POINTS = 200;

/** The least that a rate is taken over: some scrapes; and a quantile: enough requests. */
const RATE_WINDOW = 30;
const QUANTILE_WINDOW = 60;

/** A server answers for later than its newest window by that window, for so long. */
const HOLD = 60;

/**
 * When the data are of: the server's clock, and the end of its newest complete window, 0 where no aggregation job feeds it. The clock of whoever
 * looks plays no part.
 */
export async function freshness(options) {
  const { data } = await instant('min(weir_frontier_timestamp_seconds) or vector(0)', null, options);
  const [now, frontier] = data.result[0].value;
  return { now, frontier: number(frontier) };
}

/** {start, end, step, rateWindow, quantileWindow, isLive}, on whole steps, so that a refresh moves no point. */
export function timesOf({ now, frontier }) {
  const fixed = fixedRange();
  const span = fixed ? fixed.end - fixed.start : spanSeconds(state.range);
  const step = STEPS.find((one) => span / one <= MAX_POINTS) ?? STEPS[STEPS.length - 1];
  const newest = frontier && now - frontier <= HOLD ? frontier : now;
  const end = Math.floor((fixed ? Math.min(fixed.end, now) : newest) / step) * step;
  const start = Math.max(0, fixed ? Math.floor(fixed.start / step) * step : end - Math.floor(span / step) * step);
  return {
    start,
    end: Math.max(end, start + step),
    step,
    rateWindow: Math.max(RATE_WINDOW, step),
    quantileWindow: Math.max(QUANTILE_WINDOW, step),
    isLive: !fixed && state.live === 'on',
  };
}

/** Seconds until the next refresh: long ranges change slowly. */
export const pace = () => Math.min(60, Math.max(5, Math.round(spanSeconds(state.range) / 90)));

/** A matrix on one time axis: {times, rows: [{labels, values}]}, with null where there is no number. */
export function aligned(matrix, { start, end, step }) {
  const count = Math.floor((end - start) / step) + 1;
  const times = Array.from({ length: count }, (_, i) => start + i * step);
  const rows = matrix.map(({ metric, values: points = [] }) => {
    const values = new Array(count).fill(null);
    for (const [time, text] of points) {
      const value = number(text);
      values[Math.round((time - start) / step)] = Number.isNaN(value) ? null : value;
    }
    return { labels: metric, values };
  });
  return { times, rows };
}
