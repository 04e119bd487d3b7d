// A refusal or failure as people need it: what is wrong, where, and who can do what about it.
import { command, el } from './dom.js';
import { actorText } from './words.js';

/** Who does what next, with the command when there is one. */
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
        ': ',
        step.action,
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
