// A refusal or failure as people need it: what is wrong, where, and who can do what about it.
import { command, el, time } from './dom.js';
import { actorText } from './words.js';

/** Whether doing it was proved to be enough; other steps say nothing of the kind. */
function proofText(step) {
  if (step.verified === undefined) return null;
  const why = step.unverified_because ? `: ${step.unverified_because}` : '';
  return el('span', { class: 'secondary' }, step.verified ? ' ✓ verified' : ` not verified${why}`);
}

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
