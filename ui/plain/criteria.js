// The criteria a release was judged by: for each rule its result, what the facts have and what is
// needed, and who can do what about it.
import { chip, command, counted, el, section, table, time } from './dom.js';
import { nextSteps, openingNote, problemNote } from './problem.js';
import { isObstacle, modeText, ruleWord } from './words.js';

const columns = [
  { label: 'Criterion' },
  { label: 'Result' },
  { label: 'Have and need' },
  { label: 'What to do' },
];

const blameText = ({ expression, have, relation, need }) =>
  `${expression} is ${have}, needs ${relation} ${need}`;

const namedBy = (keys) =>
  Object.entries(keys ?? {})
    .map(([key, value]) => `${key} ${value}`)
    .join(', ');

function excludedItem({ path, keys, reason }) {
  const named = namedBy(keys);
  return el('li', {}, el('code', {}, path), named ? ` ${named} ` : ' ', reason);
}

function elementItem({ path, keys, blame }) {
  const named = namedBy(keys);
  return el(
    'li',
    {},
    el('code', {}, path),
    named ? ` ${named}` : null,
    blame.length ? `: ${blame.map(blameText).join('; ')}` : null,
  );
}

function folded(title, items) {
  if (items.length === 0) return null;
  return el('details', {}, el('summary', {}, title), el('ul', {}, items));
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

const metText = (result) => (result === 'not_applicable' ? 'Not asked for' : 'Met');

function ruleRow(rule, release) {
  const { remedy } = rule;
  const next =
    remedy && isObstacle(rule.result)
      ? [{ ...remedy, actor: remedy.by }]
      : [];
  return {
    cells: [
      [el('span', { class: 'block' }, rule.message), el('code', { class: 'secondary' }, rule.id)],
      chip(ruleWord(rule.result)),
      isObstacle(rule.result)
        ? [
            rule.detail || rule.missing.join(', '),
            elementLists(rule),
            openingNote(rule.unblocks_at),
          ]
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
    openingNote(value.unblocks_at),
    value.criteria.map((document) => criteriaDocument(document, release)),
  );
}
