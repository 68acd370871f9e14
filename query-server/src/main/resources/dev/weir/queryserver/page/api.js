import { askForToken, forgetToken, token } from './token.js';

/** A request that was answered with an error, or not at all. */
export class ApiError extends Error {
  /** @param status of HTTP; 0 if there was no answer */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * A project is named by the path, since a header could not hold every name. Addresses are relative, so that the page works below any path of a
 * reverse proxy.
 */
const base = (project) => (project ? 'v1alpha5/projects/' + encodeURIComponent(project) + '/metrics/timeseries/' : '') + 'api/v1/';

/** Parameters go in the body, so that no proxy's log holds them, nor bounds them. */
async function ask(path, parameters, { project = '', signal, method = 'POST' } = {}) {
  for (;;) {
    const secret = token();
    const headers = { Accept: 'application/json' };
    if (secret) headers.Authorization = 'Bearer ' + secret;
    const body = method === 'POST' ? new URLSearchParams(parameters) : undefined;
    let response;
    try {
      response = await fetch(base(project) + path, { method, body, headers, signal, cache: 'no-store' });
    } catch (failure) {
      if (signal && signal.aborted) throw failure;
      throw new ApiError(0, 'The server does not answer.');
    }
    const answer = await response.json().catch(() => null);
    if (signal) signal.throwIfAborted();
    if (response.status === 401) {
      if (secret && secret === token()) forgetToken();
      await askForToken(answer && answer.error, Boolean(secret));
      continue;
    }
    if (!response.ok || !answer || answer.status !== 'success') {
      throw new ApiError(response.status, (answer && answer.error) || 'HTTP status ' + response.status);
    }
    return answer;
  }
}

/** The value of an instant query, and the notes that came with it. */
export const instant = (query, time, options) =>
  ask('query', time === null ? { query } : { query, time: String(time) }, options);

export const range = (query, { start, end, step }, options) =>
  ask('query_range', { query, start: String(start), end: String(end), step: String(step) }, options);

/** Label sets of the series that match any of the selectors and have samples in the range. */
export async function series(selectors, { start, end }, options) {
  const parameters = [['start', String(start)], ['end', String(end)], ...selectors.map((one) => ['match[]', one])];
  return (await ask('series', parameters, options)).data;
}

export const metricNames = async (options) => (await ask('label/__name__/values', {}, { ...options, method: 'GET' })).data;

/** A sample's value as a number. */
export function number(text) {
  if (text === '+Inf') return Infinity;
  return text === '-Inf' ? -Infinity : Number(text);
}
