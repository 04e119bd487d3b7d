// One release: what it contains, where it may go and what stands in the way, the criteria it was
// judged by, its evidence and what happened to it. A part that the visitor may not read says so and
// leaves the others alone.
import { get, getAll } from './api.js';
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
import { nextSteps, openingNote, problemNote } from './problem.js';
import {
  decisionWord,
  isObstacle,
  plainWord,
  readinessReason,
  readinessWord,
  ruleWord,
} from './words.js';

const gates_max = 30;

/** A value or the Problem that stood in the way; a lost session ends the whole view. */
async function part(promise) {
  try {
    return { value: await promise };
  } catch (problem) {
    if (problem.status === 401 || problem.status === undefined) throw problem;
    return { problem };
  }
}

async function gatesOf(base, release) {
  const [environments, application] = await Promise.all([
    getAll(`${base}/environments`),
    get(`${base}/applications/${encodeURIComponent(release.application)}`),
  ]);
  const allowed = application.environments;
  const wanted = environments.items
    .filter(({ name, state }) => (allowed.length ? allowed.includes(name) : state === 'active'))
    .sort((one, other) => one.position - other.position)
    .slice(0, gates_max);
  return Promise.all(
    wanted.map(async (environment) => ({
      environment,
      answer: await part(
        get(`${base}/gate`, {
          application: release.application,
          version: release.version,
          environment: environment.name,
        }),
      ),
    })),
  );
}

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

function reasonItem(reason, ref) {
  const about = [reason.criteria, reason.criterion].filter(Boolean).join(' / ');
  return el(
    'li',
    { class: 'reason' },
    el(
      'p',
      {},
      reason.result && isObstacle(reason.result) ? [chip(ruleWord(reason.result)), ' '] : null,
      reason.sentence,
    ),
    reason.detail ? el('p', { class: 'secondary' }, reason.detail) : null,
    about ? el('p', { class: 'secondary' }, 'Criterion ', el('code', {}, about)) : null,
    openingNote(reason.unblocks_at),
    nextSteps(reason.next, ref),
  );
}

function gateItem({ environment, answer }, release) {
  const heading = el('h3', {}, environment.title || environment.name);
  if (answer.problem) return el('li', { class: 'gate' }, heading, problemNote(answer.problem));
  const { decision, reasons } = answer.value;
  const requires = environment.requires_certification
    ? 'Needs a certification.'
    : 'Needs no certification.';
  return el(
    'li',
    { class: 'gate' },
    el(
      'div',
      { class: 'gatehead' },
      heading,
      chip(decisionWord(decision)),
      el('span', { class: 'secondary' }, requires),
    ),
    openingNote(answer.value.opens_at),
    reasons.length
      ? el(
          'ul',
          { class: 'reasons' },
          reasons.map((reason) => reasonItem(reason, release.ref)),
        )
      : null,
  );
}

function gatesSection({ value, problem }, release) {
  if (problem) return section('gates', 'Gates', null, problemNote(problem));
  if (value.length === 0) {
    return section(
      'gates',
      'Gates',
      null,
      el('p', {}, 'No environment is declared yet, so there is no gate.'),
      command('holdpoint apply -f environments.yaml'),
    );
  }
  const open = value.filter(({ answer }) => answer.value?.decision === 'open').length;
  return section(
    'gates',
    'Gates',
    `${numberText(open)} of ${numberText(value.length)} open`,
    el(
      'ul',
      { class: 'gates' },
      value.map((gate) => gateItem(gate, release)),
    ),
  );
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
        gatesSection(shown.gates, release),
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
