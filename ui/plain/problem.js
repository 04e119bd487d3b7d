// A refusal or failure as people need it: what is wrong, where, and who can do what about it.
import { command, el, time } from './dom.js';
import { actorText } from './words.js';

/** Whether doing it was proved to be enough; other steps say nothing of the kind. */
export function proofText(step) {
  if (step.verified === undefined) return null;
  const why = step.unverified_because ? `: ${step.unverified_because}` : '';
  const words = step.verified ? ' ✓ verified' : ` (not verified${why})`;
  return el('span', { class: 'secondary' }, words);
}

/** The changes of facts that were proved, except those that the action names itself. */
function changeList({ action, changes = [] }) {
  const untold = changes.filter(({ path }) => !action.includes(`bring ${path} `));
  if (untold.length === 0) return null;
  return el(
    'ul',
    { class: 'changes' },
    untold.map(({ path, from, to }) =>
      el('li', {}, el('code', {}, path), from ? `: ${from} → ${to}` : ` → ${to}`),
    ),
  );
}

/** Whom to ask about a document where no remedy is known: a no is never without a next step. */
export const ownerStep = ({ name, kind }) => ({
  actor: `owner of ${name}`,
  action: 'see to what the rule names',
  verified: false,
  unverified_because: 'no remedy is known',
  command: kind ? `holdpoint policy show ${kind} ${name}` : 'holdpoint policy list',
});

/** When time alone takes an obstacle away. */
export function openingNote(at) {
  return at ? el('p', { class: 'secondary' }, 'Opens by itself at ', time(at)) : null;
}

/** Who does what next, by when, with the command when there is one. */
export function nextSteps(steps, ref = '') {
  if (!steps?.length) return null;
  return el(
    'ul',
    { class: 'steps' },
    steps.map((step) =>
      el(
        'li',
        {},
        el('strong', {}, actorText(step.actor || 'anyone')),
        step.due ? [', by ', time(step.due)] : null,
        ': ',
        step.action,
        proofText(step),
        changeList(step),
        step.command
          ? command(ref ? step.command.replaceAll('APP@VERSION', ref) : step.command)
          : null,
      ),
    ),
  );
}

/** `retry` is called when the visitor asks to try again. */
export function problemNote(problem, retry) {
  const errors = (problem.errors ?? []).map(({ path, message }) =>
    el('li', {}, path ? el('code', {}, path) : null, path ? ': ' : null, message),
  );
  return el(
    'div',
    { class: 'problem', role: 'alert' },
    el('p', {}, problem.message),
    errors.length ? el('ul', {}, errors) : null,
    nextSteps(problem.next),
    retry ? el('p', {}, el('button', { type: 'button', on: { click: retry } }, 'Try again')) : null,
  );
}
