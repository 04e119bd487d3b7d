// The page's top: who is signed in, which view the address asks for, and keeping it up to date
// while things are recorded.
import { Feed, get, query, send } from './api.js';
import { clockText, el } from './dom.js';
import { problemNote } from './problem.js';
import { signInView } from './sign_in.js';
import * as releases from './releases.js';
import * as release from './release.js';

const slow_ms = 150;
const again_ms = 10_000;
const main = document.getElementById('content');
const live = document.getElementById('live');
const bar = document.getElementById('session');

let session = null; // {name, workspaces, standard}; null while nobody is signed in
let visit = 0; // grows with each view, so that a late answer of an earlier one is dropped
let seen = null; // {shown, picture, view}: what stands on the page
let feedState = 'live';
let updatedAt = null;
let patience = 0; // until the page says that it is loading
let loading = false;
let missed = false; // something was recorded while a view was loading

const feed = new Feed({
  recorded(subjects) {
    const { shown, view } = seen ?? {};
    if (!shown || !subjects || subjects.some((subject) => view.concerns(subject, shown)))
      show('quietly');
  },
  state(state) {
    feedState = state;
    tellLive();
  },
});

function tellLive() {
  const state = feedState === 'live' ? 'Live' : 'Reconnecting, may be out of date';
  const text = !session ? '' : updatedAt ? `${state}, updated ${clockText(updatedAt)}` : state;
  live.className = `live ${session ? feedState : ''}`;
  if (live.textContent !== text) live.textContent = text;
}

/** The address as values; `to` makes the address of another place in the same workspace. */
function placeOf(address) {
  const asked = new URLSearchParams(address.search);
  const known = session.workspaces.includes(asked.get('workspace'));
  const workspace = known ? asked.get('workspace') : session.standard;
  let ref = '';
  if (address.pathname.startsWith('/releases/')) {
    try {
      ref = decodeURIComponent(address.pathname.slice('/releases/'.length));
    } catch {
      ref = address.pathname.slice('/releases/'.length);
    }
  }
  const kept = workspace === session.standard ? '' : workspace;
  return {
    workspace,
    ref,
    application: asked.get('application') ?? '',
    cursor: asked.get('cursor') ?? '',
    to: (path, values = {}) => path + query({ workspace: kept, ...values }),
  };
}

function go(address, manner = 'moving') {
  history.pushState(null, '', address);
  return show(manner);
}

function showLoading() {
  main.setAttribute('aria-busy', 'true');
  main.replaceChildren(el('div', { class: 'card empty' }, el('h1', {}, 'Loading…')));
}

/** What had the focus and what was open, to be found again after the view is built anew. */
function stateOfMain() {
  const active = document.activeElement;
  const mark = !main.contains(active)
    ? ''
    : active.id
      ? `#${CSS.escape(active.id)}`
      : active.getAttribute('href')
        ? `a[href="${CSS.escape(active.getAttribute('href'))}"]`
        : '';
  return { mark, open: [...main.querySelectorAll('details')].map((details) => details.open) };
}

function restore({ mark, open }) {
  const details = [...main.querySelectorAll('details')];
  if (details.length === open.length)
    details.forEach((one, index) => {
      one.open = open[index];
    });
  if (mark) main.querySelector(mark)?.focus({ preventScroll: true });
}

function placeNodes(nodes, manner) {
  const before = manner === 'moving' ? null : stateOfMain();
  main.removeAttribute('aria-busy');
  main.replaceChildren(...nodes.filter(Boolean));
  if (before) restore(before);
  if (manner !== 'moving') return;
  window.scrollTo(0, 0);
  main.querySelector('h1')?.focus({ preventScroll: true });
}

function showProblem(problem, manner) {
  if (problem.status === 401) {
    showSignIn('The session has ended. Sign in to go on.');
    return;
  }
  if (manner === 'quietly' && seen) {
    feedState = 'reconnecting';
    tellLive();
    const mine = visit;
    setTimeout(() => {
      if (mine === visit) show('quietly');
    }, again_ms);
    return;
  }
  // A mistake of this script is no answer of the server; the console has the whole of it.
  if (problem.status === undefined) console.error(problem);
  seen = null;
  document.title = 'Holdpoint';
  const heading =
    problem.status === 404
      ? 'Not found'
      : problem.status === 403
        ? 'Not allowed'
        : 'That did not work';
  placeNodes(
    [
      el(
        'div',
        { class: 'card' },
        el('h1', { tabindex: -1 }, heading),
        problemNote(problem, () => show('moving')),
        el(
          'p',
          {},
          el('a', { href: placeOf(location).to('/'), 'data-inside': true }, 'All releases'),
        ),
      ),
    ],
    manner,
  );
}

// The gate says when and at which entry it was asked; that alone is no change.
const pictureOf = (shown) =>
  JSON.stringify(shown, (key, value) =>
    key === 'checked_at' || key === 'sequence' ? undefined : value,
  );

function showView(view, shown, place, manner) {
  if (manner === 'quietly') updatedAt = new Date();
  feedState = 'live';
  tellLive();
  const picture = pictureOf(shown);
  if (manner === 'quietly' && seen?.picture === picture) return;
  seen = { shown, picture, view };
  document.title = `${view.title(shown, place)} · Holdpoint`;
  placeNodes(
    view.render(shown, place, (address) => go(address, 'filtering')),
    manner,
  );
}

/** 'starting', 'moving' (focus goes to the heading), 'filtering' (it stays), or 'quietly'. */
async function show(manner) {
  if (!session) return;
  if (manner === 'quietly' && loading) {
    missed = true;
    return;
  }
  visit += 1;
  const mine = visit;
  const place = placeOf(location);
  const view = place.ref ? release : releases;
  loading = true;
  clearTimeout(patience);
  if (manner === 'moving' || manner === 'starting') patience = setTimeout(showLoading, slow_ms);
  renderBar(place);
  feed.follow(place.workspace);
  let problem = null;
  let shown;
  try {
    shown = await view.load(place);
  } catch (error) {
    problem = error;
  }
  if (mine !== visit) return;
  loading = false;
  clearTimeout(patience);
  if (problem) showProblem(problem, manner);
  else showView(view, shown, place, manner);
  if (!missed) return;
  missed = false;
  await show('quietly');
}

function workspaceChoice(place) {
  if (session.workspaces.length < 2) return null;
  const change = (event) => {
    const { value } = event.target;
    go(`/${query({ workspace: value === session.standard ? '' : value })}`, 'filtering');
  };
  return el(
    'span',
    { class: 'choice' },
    el('label', { for: 'workspace' }, 'Workspace'),
    el(
      'select',
      { id: 'workspace', on: { change } },
      session.workspaces.map((name) =>
        el('option', { value: name, selected: name === place.workspace }, name),
      ),
    ),
  );
}

async function signOut() {
  try {
    await send('DELETE', 'sessions/current');
  } catch (problem) {
    if (problem.status !== 401) {
      showProblem(problem, 'moving');
      return;
    }
  }
  showSignIn('You are signed out.');
}

/** Built once for each session; later only the choice of workspace follows the address. */
function renderBar(place) {
  const choice = document.getElementById('workspace');
  if (choice) choice.value = place.workspace;
  if (bar.childElementCount > 0) return;
  bar.append(
    ...[
      workspaceChoice(place),
      el('span', { class: 'person' }, session.name),
      el('button', { type: 'button', id: 'sign-out', on: { click: signOut } }, 'Sign out'),
    ].filter(Boolean),
  );
}

function showSignIn(reason) {
  visit += 1;
  clearTimeout(patience);
  loading = false;
  missed = false;
  session = null;
  seen = null;
  updatedAt = null;
  feed.stop();
  bar.replaceChildren();
  tellLive();
  document.title = 'Sign in · Holdpoint';
  placeNodes(
    signInView(reason, () => start('moving')),
    reason ? 'moving' : 'starting',
  );
}

/** Workspaces whose releases the person may read; the server's own has none. */
async function openSession() {
  const who = await get('whoami');
  const workspaces = who.workspaces
    .filter(({ name, permissions }) => name !== 'system' && permissions.includes('releases.read'))
    .map(({ name }) => name);
  const standard = workspaces.includes('main') ? 'main' : workspaces[0];
  return { name: who.name, workspaces, standard };
}

function showNoRole() {
  clearTimeout(patience);
  document.title = 'No workspace · Holdpoint';
  renderBar({});
  placeNodes(
    [
      el(
        'div',
        { class: 'card' },
        el('h1', { tabindex: -1 }, 'No workspace yet'),
        el(
          'p',
          {},
          'Your account has no role in a workspace, so there is nothing to show. An ' +
            'administrator of a workspace can give you one.',
        ),
      ),
    ],
    'moving',
  );
}

/** Throws what stands in the way of signing in; without a session it shows the form. */
async function start(manner) {
  bar.replaceChildren();
  session = await openSession();
  tellLive();
  if (session.workspaces.length === 0) showNoRole();
  else await show(manner);
}

document.addEventListener('click', (event) => {
  const anchor = event.target.closest('a[data-inside], a.brand');
  const plain =
    event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!anchor || !plain || !session || session.workspaces.length === 0) return;
  event.preventDefault();
  go(anchor.classList.contains('brand') ? placeOf(location).to('/') : anchor.getAttribute('href'));
});
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});
window.addEventListener('popstate', () => show('moving'));

async function begin() {
  patience = setTimeout(showLoading, slow_ms);
  try {
    await start('starting');
  } catch (problem) {
    clearTimeout(patience);
    if (problem.status === 401) {
      showSignIn('');
    } else {
      placeNodes(
        [
          el(
            'div',
            { class: 'card' },
            el('h1', { tabindex: -1 }, 'That did not work'),
            problemNote(problem, begin),
          ),
        ],
        'moving',
      );
    }
  }
}

begin();
