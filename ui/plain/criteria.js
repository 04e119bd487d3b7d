// The criteria a release was judged by: for each rule its result, what the facts have and what is
// needed, and who can do what about it.
import { chip, command, counted, el, section, table, time } from './dom.js';
import { nextSteps, openingNote, ownerStep, problemNote, proofText } from './problem.js';
import { documentWord, isObstacle, modeText, ruleWord } from './words.js';

const columns = [
  { label: 'Criterion' },
  { label: 'Result' },
  { label: 'Have and need' },
  { label: 'What to do' },
];

const unfolded_max = 3;

const blameText = ({ expression, have, relation, need }) =>
  `${expression} is ${have}, needs ${relation} ${need}`;

/** "approvals[2] (id a1, state open)" */
function elementName({ path, keys }) {
  const named = Object.entries(keys ?? {})
    .map(([key, value]) => `${key} ${value}`)
    .join(', ');
  return [el('code', {}, path), named ? ` (${named})` : null];
}

const excludedItem = (element) => el('li', {}, elementName(element), ` ${element.reason}`);

function elementItem(element) {
  const words = element.blame.map(blameText).join('; ');
  return el('li', {}, elementName(element), words ? `: ${words}` : null);
}

/** Few items are shown at once, many are folded away. */
function folded(title, items) {
  if (items.length === 0) return null;
  const open = items.length <= unfolded_max;
  return el('details', { open }, el('summary', {}, title), el('ul', { class: 'items' }, items));
}

/** Elements that a count left out are among the failing ones, and are told with their reason. */
function elementLists({ elements, excluded = [] }) {
  const left = new Set(excluded.map(({ path }) => path));
  const failing = elements.filter(({ path }) => !left.has(path));
  return [
    folded(
      counted(failing.length, 'element fails', 'elements fail'),
      failing.map(elementItem),
    ),
    folded(
      counted(excluded.length, 'element does not count', 'elements do not count'),
      excluded.map(excludedItem),
    ),
  ];
}

/** An error or a missing fact is told by a sentence, conditions and elements by themselves. */
export function reasonsOf(rule) {
  const conditions = rule.result === 'fail' ? (rule.blame ?? []) : [];
  return [
    conditions.length
      ? el(
          'ul',
          { class: 'items' },
          conditions.map((one) => el('li', {}, blameText(one))),
        )
      : el('p', {}, rule.detail || rule.missing.join(', ')),
    elementLists(rule),
  ];
}

const metText = (result) => (result === 'not_applicable' ? 'Not asked for' : 'Met');

function ruleRow(rule, document, ref) {
  const { remedy } = rule;
  const needsAction = isObstacle(rule.result);
  const step = remedy ? { ...remedy, actor: remedy.by } : ownerStep(document);
  return {
    cells: [
      [el('span', { class: 'block' }, rule.message), el('code', { class: 'secondary' }, rule.id)],
      chip(ruleWord(rule.result)),
      needsAction
        ? [reasonsOf(rule), openingNote(rule.unblocks_at)]
        : metText(rule.result),
      needsAction ? nextSteps([step], ref) : 'Nothing',
    ],
  };
}

/** What all remedies of a document that does not pass come to. */
function togetherNote({ applicable, passed, remedies_suffice }) {
  if (!applicable || passed || typeof remedies_suffice !== 'boolean') return null;
  return el(
    'p',
    { class: 'secondary' },
    remedies_suffice
      ? ['With all remedies done it passes', proofText({ verified: true })]
      : 'That it passes with all remedies done is not verified.',
  );
}

/** What asks for action comes first; else in the order of the document. */
const byNeed = (one, other) => Number(isObstacle(other.result)) - Number(isObstacle(one.result));

/** `trial` says what a document that does not decide would have done, "" when nothing else. */
export function criteriaDocument(document, ref, trial, heading = 'h3') {
  return el(
    'div',
    { class: 'criteria' },
    el(
      'div',
      { class: 'gatehead' },
      el(heading, {}, document.name),
      chip(documentWord(document)),
      el('span', { class: 'secondary' }, `This document ${modeText(document.mode)}.`),
      trial ? el('strong', {}, trial) : null,
    ),
    togetherNote(document),
    openingNote(document.unblocks_at),
    document.rules.length
      ? table(
          `Criteria of ${document.name}`,
          columns,
          document.rules.toSorted(byNeed).map((rule) => ruleRow(rule, document, ref)),
        )
      : null,
  );
}

export function criteriaSection({ value, problem }, release) {
  if (problem) return section('criteria', 'Criteria', null, problemNote(problem));
  if (!value) {
    return section(
      'criteria',
      'Criteria',
      null,
      el('p', {}, 'The release was not judged yet.'),
      command(`holdpoint certify ${release.ref}`),
    );
  }
  const asked = value.criteria
    .flatMap((document) => document.rules)
    .filter(({ result }) => result !== 'not_applicable');
  const met = asked.filter(({ result }) => !isObstacle(result)).length;
  return section(
    'criteria',
    'Criteria',
    [asked.length ? `${met} of ${asked.length} met, judged ` : 'Judged ', time(value.at)],
    value.revoked_because ? el('p', {}, `Revoked: ${value.revoked_because}`) : null,
    value.obstacles.map((sentence) => el('p', {}, chip(ruleWord('fail')), ' ', sentence)),
    openingNote(value.unblocks_at),
    value.criteria.map((document) =>
      criteriaDocument(
        { ...document, kind: 'CertificationCriteria' },
        release.ref,
        document.would_flip ? 'It would have changed the decision.' : '',
      ),
    ),
  );
}
