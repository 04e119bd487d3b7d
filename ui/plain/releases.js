// The list of releases: newest first, each with its readiness; filter and page stand in the
// address.
import { get, getAll } from './api.js';
import { chip, command, counted, el, link, numberText, table, time } from './dom.js';
import { readinessReason, readinessWord } from './words.js';

const releases_per_page = 25;

/** Names for the filter; without the permission to read them there is none. */
async function applicationNames(workspace) {
  try {
    return (await getAll(`${workspace}/applications`)).items.map(({ name }) => name);
  } catch (problem) {
    if (problem.status === 403) return [];
    throw problem;
  }
}

export async function load({ workspace, application, cursor }) {
  const [page, applications] = await Promise.all([
    get(`${encodeURIComponent(workspace)}/releases`, {
      limit: releases_per_page,
      application,
      cursor,
    }),
    applicationNames(encodeURIComponent(workspace)),
  ]);
  return { page, applications };
}

const columns = [
  { label: 'Release' },
  { label: 'Readiness' },
  { label: 'Created' },
  { label: 'By' },
  { label: 'Artifacts', number: true },
  { label: 'Commits', number: true },
];

const rowOf = (release, place) => ({
  cells: [
    link(
      place.to(`/releases/${encodeURIComponent(release.ref)}`),
      `${release.application} ${release.version}`,
    ),
    [
      chip(readinessWord(release.readiness)),
      ' ',
      el('span', { class: 'secondary gloss' }, readinessReason(release)),
    ],
    time(release.created_at),
    release.created_by_name,
    numberText(release.artifact_count),
    numberText(release.commit_count),
  ],
});

function filter({ applications }, place, go) {
  if (applications.length === 0) return null;
  const names =
    place.application && !applications.includes(place.application)
      ? [...applications, place.application]
      : applications;
  const change = (event) => go(place.to('/', { application: event.target.value }));
  return el(
    'p',
    { class: 'filter' },
    el('label', { for: 'application' }, 'Application'),
    el(
      'select',
      { id: 'application', on: { change } },
      el('option', { value: '' }, 'All'),
      names.map((name) =>
        el('option', { value: name, selected: name === place.application }, name),
      ),
    ),
  );
}

function emptyNote(place) {
  if (place.cursor) return el('div', { class: 'card empty' }, el('p', {}, 'No older releases.'));
  const named = place.application || 'APP';
  return el(
    'div',
    { class: 'card empty' },
    el('h2', {}, place.application ? `No releases of ${place.application} yet` : 'No releases yet'),
    el(
      'p',
      {},
      'A pipeline proposes a release; from then on it is judged by the criteria in force.',
    ),
    command(`holdpoint release create ${named}@VERSION --git --artifact NAME=FILE`),
    place.application ? el('p', {}, link(place.to('/'), 'Show all applications')) : null,
  );
}

function pages({ page }, place) {
  const { application } = place;
  const links = [
    place.cursor ? el('li', {}, link(place.to('/', { application }), 'Newest releases')) : null,
    page.next_cursor
      ? el(
          'li',
          {},
          link(place.to('/', { application, cursor: page.next_cursor }), 'Older releases'),
        )
      : null,
  ];
  return links.some(Boolean)
    ? el('nav', { 'aria-label': 'Pages' }, el('ul', { class: 'pages' }, links))
    : null;
}

export const title = (shown, place) =>
  place.application ? `Releases of ${place.application}` : 'Releases';

export function render(shown, place, go) {
  const { items } = shown.page;
  return [
    el('div', { class: 'head' }, el('h1', { tabindex: -1 }, 'Releases'), filter(shown, place, go)),
    items.length === 0
      ? emptyNote(place)
      : el(
          'div',
          { class: 'card' },
          table(
            `${counted(items.length, 'release', 'releases')}, newest first`,
            columns,
            items.map((release) => rowOf(release, place)),
          ),
        ),
    pages(shown, place),
  ];
}

/** Whatever is recorded may change a row. */
export const concerns = () => true;
