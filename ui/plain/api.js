// Every request to the server: the session cookie goes along by itself, refusals become a Problem
// with what the server said and what to do, and the event stream says when something was recorded.

const answer_ms_max = 30_000;
const pages_max = 5;
const page_items = 200;
const gather_ms = 400;
const reopen_ms = 15_000;

/** What the server refused, or that it could not be asked. */
export class Problem extends Error {
  constructor({
    status = 0,
    code = 'no_answer',
    title,
    detail,
    errors = [],
    next = [],
    wait_s = 0,
  }) {
    super(detail || title || 'The server gave no reason.');
    Object.assign(this, { status, code, title, errors, next, wait_s });
  }
}

const noAnswer = () =>
  new Problem({
    title: 'No answer',
    detail: 'The server does not answer.',
    next: [
      { actor: 'you', action: 'check the connection, then try again' },
      { actor: 'operator', action: 'see whether the server runs' },
    ],
  });

async function problemOf(response) {
  const wait_s = Number.parseInt(response.headers.get('Retry-After') ?? '', 10) || 0;
  let said = {};
  try {
    said = await response.json();
  } catch {
    said = {
      title: response.statusText,
      detail: `The server answered with status ${response.status}.`,
    };
  }
  return new Problem({ ...said, status: response.status, wait_s });
}

/** Throws a Problem for anything but success. */
export async function send(method, path, body) {
  const headers = { Accept: 'application/json' };
  // Other sites cannot set this header, so a request with it comes from this page.
  if (method !== 'GET') headers['X-Holdpoint'] = 'page';
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let response;
  try {
    response = await fetch(`/api/v1/${path}`, {
      method,
      headers,
      credentials: 'same-origin',
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(answer_ms_max),
    });
  } catch {
    throw noAnswer();
  }
  if (!response.ok) throw await problemOf(response);
  if (response.status === 204) return null;
  try {
    return await response.json();
  } catch {
    throw noAnswer();
  }
}

export const query = (values) => {
  const given = Object.entries(values).filter(([, value]) => value);
  return given.length ? `?${new URLSearchParams(given)}` : '';
};

export const get = (path, values = {}) => send('GET', path + query(values));

/** The items of a list, page after page; `cut` says that there are more than were fetched. */
export async function getAll(path) {
  const items = [];
  let cursor;
  for (let page = 0; page < pages_max; page += 1) {
    const answer = await get(path, { limit: page_items, cursor });
    items.push(...answer.items);
    cursor = answer.next_cursor;
    if (!cursor) return { items, cut: false };
  }
  return { items, cut: true };
}

/** A value or the Problem that stood in the way; a lost session ends the whole view. */
export async function part(promise) {
  try {
    return { value: await promise };
  } catch (problem) {
    if (problem.status === 401 || problem.status === undefined) throw problem;
    return { problem };
  }
}

/**
 * Follows what is recorded in a workspace. `recorded` is called with the subjects shortly after
 * the first of a burst, or with null when some may have been missed. A hidden page does not hold a
 * connection, of which a browser has few.
 */
export class Feed {
  #source = null;
  #reopening = 0;
  #gathering = 0;
  #subjects = [];
  #workspace = '';
  #recorded;
  #state;

  constructor({ recorded, state }) {
    this.#recorded = recorded;
    this.#state = state;
    document.addEventListener('visibilitychange', () => {
      if (!this.#workspace) return;
      if (document.hidden) this.#disconnect();
      else this.#connect('again');
    });
  }

  follow(workspace) {
    if (workspace === this.#workspace) return;
    this.stop();
    this.#workspace = workspace;
    if (!document.hidden) this.#connect('first');
  }

  stop() {
    this.#workspace = '';
    this.#disconnect();
  }

  #disconnect() {
    clearTimeout(this.#reopening);
    clearTimeout(this.#gathering);
    this.#gathering = 0;
    this.#subjects = [];
    this.#source?.close();
    this.#source = null;
  }

  #connect(time) {
    this.#disconnect();
    const source = new EventSource(`/api/v1/${encodeURIComponent(this.#workspace)}/events`);
    this.#source = source;
    let missed = time !== 'first';
    source.addEventListener('open', () => {
      this.#state('live');
      if (missed) this.#gather(null);
      missed = false;
    });
    source.addEventListener('recorded', (event) => this.#gather(subjectOf(event.data)));
    source.addEventListener('error', () => {
      missed = true;
      this.#state('reconnecting');
      if (source.readyState !== EventSource.CLOSED) return;
      this.#reopening = setTimeout(() => this.#connect('again'), reopen_ms);
    });
  }

  #gather(subject) {
    this.#subjects.push(subject);
    if (this.#gathering) return;
    this.#gathering = setTimeout(() => {
      const subjects = this.#subjects;
      this.#subjects = [];
      this.#gathering = 0;
      this.#recorded(subjects.includes(null) ? null : subjects);
    }, gather_ms);
  }
}

function subjectOf(text) {
  try {
    const { subject_kind, subject_id } = JSON.parse(text);
    return { kind: subject_kind, id: subject_id };
  } catch {
    return null;
  }
}
