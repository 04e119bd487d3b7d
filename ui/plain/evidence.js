// The evidence of a release: what each report is, whether it could be read, and what it counts.
// Superseded reports stay visible, after those that count.
import {
  chip,
  command,
  counted,
  el,
  numberText,
  percentText,
  section,
  sizeText,
  table,
  time,
} from './dom.js';
import { problemNote } from './problem.js';
import { evidenceWord, formatText, kindText, plainWord, supersededWord } from './words.js';

const columns = [
  { label: 'Name' },
  { label: 'Format' },
  { label: 'Kind' },
  { label: 'Status' },
  { label: 'Counts' },
  { label: 'Size', number: true },
  { label: 'Received' },
];

const severities = ['critical', 'high', 'medium', 'low', 'info', 'unknown'];

function severityList(open) {
  const found = severities.filter((severity) => open[severity] > 0);
  if (found.length === 0) return '0 open findings';
  return el(
    'ul',
    { class: 'severities', 'aria-label': 'Open findings' },
    found.map((severity) =>
      el('li', { class: `severity ${severity}` }, `${numberText(open[severity])} ${severity}`),
    ),
  );
}

function countsOf({ tests, coverage, open, suppressed, components }) {
  const parts = [];
  if (tests) {
    parts.push(
      [
        `${numberText(tests.passed)} of ${numberText(tests.total)} passed`,
        ...['failed', 'errors', 'skipped']
          .filter((result) => tests[result] > 0)
          .map((result) => `${numberText(tests[result])} ${result}`),
      ].join(', '),
    );
  }
  if (coverage) {
    parts.push(
      coverage.lines_valid > 0 ? `${percentText(coverage.line_bp)} of lines` : 'no lines counted',
    );
    if (coverage.branch_bp !== undefined)
      parts.push(`${percentText(coverage.branch_bp)} of branches`);
  }
  if (open) parts.push(severityList(open));
  if (suppressed > 0) parts.push(`${numberText(suppressed)} suppressed`);
  if (components !== undefined) parts.push(counted(components, 'component', 'components'));
  return parts.length ? parts.map((part) => el('div', {}, part)) : 'None';
}

function rowOf(piece) {
  const notes = [piece.reason, ...piece.flags.map(plainWord)].filter(Boolean);
  return {
    faint: Boolean(piece.superseded_by),
    cells: [
      piece.name,
      formatText(piece.format),
      kindText(piece.kind),
      [
        piece.superseded_by
          ? [chip(supersededWord), ` was ${evidenceWord(piece.status).word.toLowerCase()}`]
          : chip(evidenceWord(piece.status)),
        notes.map((note) => el('div', { class: 'secondary' }, note)),
      ],
      countsOf(piece.counts),
      sizeText(piece.size),
      time(piece.received_at),
    ],
  };
}

const inOrder = (one, other) =>
  Number(Boolean(one.superseded_by)) - Number(Boolean(other.superseded_by)) ||
  one.name.localeCompare(other.name) ||
  other.received_at.localeCompare(one.received_at);

export function evidenceSection({ value, problem }, release) {
  if (problem) return section('evidence', 'Evidence', null, problemNote(problem));
  const add = `holdpoint evidence add ${release.ref} REPORT`;
  if (value.items.length === 0) {
    return section(
      'evidence',
      'Evidence',
      null,
      el('p', {}, 'No evidence yet. This step of a pipeline sends it:'),
      command(add),
    );
  }
  const current = value.items.filter((piece) => !piece.superseded_by).length;
  return section(
    'evidence',
    'Evidence',
    `${numberText(current)} current, ${numberText(value.items.length - current)} superseded`,
    table('Evidence, current first', columns, value.items.toSorted(inOrder).map(rowOf)),
    value.cut
      ? el(
          'p',
          { class: 'secondary' },
          'There is more than is shown here; ',
          command(`holdpoint evidence list ${release.ref}`),
        )
      : null,
  );
}
