// The criteria a release was judged by: for each rule its result, what the facts have and what is
// needed, and who can do what about it.
import { chip, command, counted, el, section, table, time } from './dom.js';
import { nextSteps, problemNote } from './problem.js';
import { isObstacle, modeText, ruleWord } from './words.js';

const columns = [
  { label: 'Criterion' },
  { label: 'Result' },
  { label: 'Have and need' },
  { label: 'What to do' },
];

const blameText = ({ expression, have, relation, need }) =>
  `${expression} is ${have}, needs ${relation} ${need}`;

function elementItem({ path, keys, blame }) {
  const named = Object.entries(keys ?? {})
    .map(([key, value]) => `${key} ${value}`)
    .join(', ');
  return el(
    'li',
    {},
    el('code', {}, path),
    named ? ` ${named}` : null,
    blame.length ? `: ${blame.map(blameText).join('; ')}` : null,
  );
}

function elementList(elements) {
  if (elements.length === 0) return null;
  return el(
    'details',
    {},
    el('summary', {}, counted(elements.length, 'element fails', 'elements fail')),
    el('ul', {}, elements.map(elementItem)),
  );
}

const metText = (result) => (result === 'not_applicable' ? 'Not asked for' : 'Met');

function ruleRow(rule, release) {
  const { remedy } = rule;
  const next =
    remedy && isObstacle(rule.result)
      ? [{ actor: remedy.by, action: remedy.action, command: remedy.command }]
      : [];
  return {
    cells: [
      [el('span', { class: 'block' }, rule.message), el('code', { class: 'secondary' }, rule.id)],
      chip(ruleWord(rule.result)),
      isObstacle(rule.result)
        ? [rule.detail || rule.missing.join(', '), elementList(rule.elements)]
        : metText(rule.result),
      nextSteps(next, release.ref) ?? (isObstacle(rule.result) ? 'See the criterion' : 'Nothing'),
    ],
  };
}

function wholeWord({ applicable, passed }) {
  if (!applicable) return ruleWord('not_applicable');
  return ruleWord(passed ? 'pass' : 'fail');
}

/** What asks for action comes first; else in the order of the document. */
const byNeed = (one, other) => Number(isObstacle(other.result)) - Number(isObstacle(one.result));

function criteriaDocument(document, release) {
  return el(
    'div',
    { class: 'criteria' },
    el(
      'div',
      { class: 'gatehead' },
      el('h3', {}, document.name),
      chip(wholeWord(document)),
      el('span', { class: 'secondary' }, `This document ${modeText(document.mode)}.`),
    ),
    document.rules.length
      ? table(
          `Criteria of ${document.name}`,
          columns,
          document.rules.toSorted(byNeed).map((rule) => ruleRow(rule, release)),
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
    [`${met} of ${asked.length} met, judged `, time(value.at)],
    value.revoked_because ? el('p', {}, `Revoked: ${value.revoked_because}`) : null,
    value.obstacles.map((sentence) => el('p', {}, chip(ruleWord('fail')), ' ', sentence)),
    value.criteria.map((document) => criteriaDocument(document, release)),
  );
}
