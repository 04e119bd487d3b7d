// Signing in with a mail address and a password.
import { send } from './api.js';
import { clockText, el } from './dom.js';
import { problemNote } from './problem.js';

function explained(problem) {
  if (problem.status === 429 && problem.wait_s > 0) {
    const until = new Date(Date.now() + problem.wait_s * 1000);
    problem.message =
      `Too many attempts. Wait ${problem.wait_s} seconds, until ` +
      `${clockText(until)}, then try again.`;
  } else if (problem.code === 'sign_in_failed') {
    problem.next = [
      { actor: 'you', action: 'check both and try again' },
      { actor: 'administrator', action: 'can set a new password' },
    ];
  }
  return problem;
}

const field = (id, label, attributes) =>
  el(
    'p',
    { class: 'field' },
    el('label', { for: id }, label),
    el('input', { id, name: id, required: true, ...attributes }),
  );

/** `signedIn` is called once the server has set the session's cookie. */
export function signInView(reason, signedIn) {
  const notes = el('div', {});
  const button = el('button', { type: 'submit', class: 'filled' }, 'Sign in');
  const submit = async (event) => {
    event.preventDefault();
    if (button.hasAttribute('aria-disabled')) return;
    const { email, password } = event.target.elements;
    button.setAttribute('aria-disabled', 'true');
    notes.replaceChildren();
    try {
      await send('POST', 'sessions', { email: email.value.trim(), password: password.value });
      await signedIn();
    } catch (problem) {
      notes.replaceChildren(problemNote(explained(problem)));
      password.value = '';
      password.focus();
    } finally {
      button.removeAttribute('aria-disabled');
    }
  };
  // Without the script the form would post to a route that refuses it, never put a password in an
  // address.
  return [
    el(
      'div',
      { class: 'card narrow' },
      el('h1', { tabindex: -1 }, 'Sign in'),
      reason ? el('p', { class: 'secondary' }, reason) : null,
      el(
        'form',
        { method: 'post', action: '/api/v1/sessions', on: { submit } },
        field('email', 'Mail address', { type: 'email', autocomplete: 'username' }),
        field('password', 'Password', { type: 'password', autocomplete: 'current-password' }),
        notes,
        el('p', {}, button),
      ),
    ),
  ];
}
