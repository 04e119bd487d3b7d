// One release: what it contains, where it may go and what stands in the way, the criteria it was
// judged by, its evidence and what happened to it. A part that the visitor may not read says so and
// leaves the others alone.
import { get, getAll, part } from './api.js';
import {
  chip,
  command,
  counted,
  el,
  link,
  numberText,
  outsideLink,
  section,
  table,
  time,
} from './dom.js';
import { criteriaSection } from './criteria.js';
import { evidenceSection } from './evidence.js';
import { gatesOf, gatesSection } from './gates.js';
import { problemNote } from './problem.js';
import { plainWord, readinessReason, readinessWord } from './words.js';

/** A release that nobody judged has no certification; that is an answer too. */
async function certificationOf(base, ref) {
  try {
    return await get(`${base}/releases/${ref}/certification`);
  } catch (problem) {
    if (problem.status === 404) return null;
    throw problem;
  }
}

export async function load({ workspace, ref }) {
  const base = encodeURIComponent(workspace);
  const name = encodeURIComponent(ref);
  const release = await get(`${base}/releases/${name}`);
  const [gates, certification, evidence, timeline] = await Promise.all([
    part(gatesOf(base, release)),
    part(certificationOf(base, name)),
    part(getAll(`${base}/releases/${name}/evidence`)),
    part(getAll(`${base}/releases/${name}/timeline`)),
  ]);
  return { release, gates, certification, evidence, timeline };
}

const fact = (name, ...value) => [el('dt', {}, name), el('dd', {}, value)];

function factsSection({ release }) {
  const { source = {}, ci = {} } = release;
  const stated = Object.entries(ci).map(([name, value]) =>
    fact(plainWord(name), outsideLink(value)),
  );
  return section(
    'contents',
    'Contents',
    null,
    el(
      'dl',
      { class: 'facts' },
      fact('Version', release.version),
      fact('Created', time(release.created_at)),
      fact('By', release.created_by_name),
      fact('Commits', numberText(release.commits.length)),
      source.repository ? fact('Repository', outsideLink(source.repository)) : null,
      source.ref ? fact('Branch or tag', el('code', {}, source.ref)) : null,
      source.commit ? fact('Built commit', el('code', {}, source.commit)) : null,
      stated,
    ),
    el('h3', {}, 'Artifacts'),
    release.artifacts.length === 0
      ? el('p', { class: 'secondary' }, 'None, so nothing can be certified.')
      : el(
          'ul',
          { class: 'artifacts' },
          release.artifacts.map((artifact) =>
            el(
              'li',
              {},
              el('strong', {}, artifact.name),
              artifact.media_type
                ? el('span', { class: 'secondary' }, ` ${artifact.media_type}`)
                : null,
              el('code', { class: 'digest' }, artifact.digest),
            ),
          ),
        ),
  );
}

function timelineSection({ value, problem }) {
  if (problem) return section('timeline', 'Timeline', null, problemNote(problem));
  const columns = [
    { label: 'Time' },
    { label: 'What' },
    { label: 'Who' },
    { label: 'Entry', number: true },
  ];
  const rows = value.items
    .toReversed()
    .map(({ at, sentence, actor, seq }) => ({
      cells: [time(at, 'seconds'), plainWord(sentence), actor.name || actor.id, numberText(seq)],
    }));
  return section(
    'timeline',
    'Timeline',
    `${counted(rows.length, 'entry', 'entries')}, newest first`,
    table('Timeline, newest first', columns, rows),
    value.cut
      ? el(
          'p',
          { class: 'secondary' },
          'Later entries are not shown here; ',
          command('holdpoint audit log'),
        )
      : null,
  );
}

export const title = ({ release }) =>
  `${release.application} ${release.version}: ${readinessWord(release.readiness).word}`;

export function render(shown, place) {
  const { release } = shown;
  return [
    el(
      'nav',
      { 'aria-label': 'Breadcrumb' },
      el(
        'p',
        { class: 'crumbs' },
        link(place.to('/'), 'Releases'),
        ' / ',
        link(place.to('/', { application: release.application }), release.application),
      ),
    ),
    el(
      'div',
      { class: 'head' },
      el(
        'div',
        {},
        el('h1', { tabindex: -1 }, `${release.application} ${release.version}`),
        el(
          'p',
          { class: 'standing' },
          chip(readinessWord(release.readiness), 'large'),
          el('span', {}, readinessReason(release)),
          release.certification
            ? el('span', { class: 'secondary' }, 'Judged ', time(release.certification.at))
            : null,
        ),
      ),
    ),
    el(
      'div',
      { class: 'columns' },
      el(
        'div',
        {},
        gatesSection(shown.gates, shown.certification, release),
        criteriaSection(shown.certification, release),
      ),
      el('div', {}, factsSection(shown)),
    ),
    evidenceSection(shown.evidence, release),
    timelineSection(shown.timeline),
  ];
}

/** Other releases do not change this one; criteria, environments and applications do. */
export const concerns = (subject, { release }) =>
  subject.kind !== 'release' || subject.id === release.id;
