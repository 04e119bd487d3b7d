// Where one release may go: of each environment whether its gate is open, every reason that keeps it
// closed with who can do what, and what the gate's own policies say, those on trial included.
import { get, getAll, part } from './api.js';
import { criteriaDocument, reasonsOf } from './criteria.js';
import { chip, command, counted, el, numberText, section } from './dom.js';
import { nextSteps, openingNote, ownerStep, problemNote } from './problem.js';
import { decisionWord, documentWord, isObstacle, ruleWord } from './words.js';

const gates_max = 30;

export async function gatesOf(base, release) {
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

/** The rule that a reason is about: the reason is a sentence, the rule has the elements. */
function ruleOf({ code, criteria, criterion }, answer, certification) {
  const judged = {
    gate_policy_failed: answer.policies,
    certification_refused:
      certification?.id === answer.certification ? certification?.criteria : undefined,
  }[code];
  return judged
    ?.find(({ name }) => name === criteria)
    ?.rules.find(({ id }) => id === criterion);
}

/** The server's steps, with what the rule's remedy tells besides. */
function stepsOf({ next, criteria }, rule) {
  const { changes, unverified_because } = rule?.remedy ?? {};
  if (next.length === 0 && criteria) return [ownerStep({ name: criteria })];
  return next.map((step) => ({
    ...step,
    changes,
    unverified_because: step.verified === false ? unverified_because : undefined,
  }));
}

function reasonItem(reason, rule, ref) {
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
    rule
      ? el('div', { class: 'secondary' }, reasonsOf(rule))
      : reason.detail
        ? el('p', { class: 'secondary' }, reason.detail)
        : null,
    about ? el('p', { class: 'secondary' }, 'Criterion ', el('code', {}, about)) : null,
    openingNote(reason.unblocks_at),
    nextSteps(stepsOf(reason, rule), ref),
  );
}

/** What a policy on trial, had it been enforced, would have done to the gate. */
function trialText({ mode, applicable, passed, would_flip }) {
  if (mode === 'enforce' || !applicable || passed) return '';
  return would_flip
    ? 'It would have closed the gate.'
    : 'It would have kept the gate closed too.';
}

/** The rules of an enforced policy are the reasons above it; those of one on trial stand here. */
function failingPolicy(policy, ref) {
  const { mode, rules } = policy;
  const told = { ...policy, kind: 'GatePolicy', rules: mode === 'enforce' ? [] : rules };
  return criteriaDocument(told, ref, trialText(policy), 'h4');
}

/** Policies that do not pass are told in full, the others by name. */
function policiesList(policies, ref) {
  if (!policies?.length) return null;
  const failing = policies.filter(({ applicable, passed }) => applicable && !passed);
  const others = policies.filter((policy) => !failing.includes(policy));
  return [
    failing.map((policy) => failingPolicy(policy, ref)),
    others.length
      ? el(
          'details',
          {},
          el(
            'summary',
            {},
            counted(
              others.length,
              'policy passed or does not apply',
              'policies passed or do not apply',
            ),
          ),
          el(
            'ul',
            { class: 'steps' },
            others.map((policy) => el('li', {}, chip(documentWord(policy)), ' ', policy.name)),
          ),
        )
      : null,
  ];
}

function gateItem({ environment, answer }, certification, release) {
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
          reasons.map((reason) =>
            reasonItem(reason, ruleOf(reason, answer.value, certification), release.ref),
          ),
        )
      : null,
    policiesList(answer.value.policies, release.ref),
  );
}

/** `certification` may be a problem too, and null when nobody judged the release. */
export function gatesSection({ value, problem }, certification, release) {
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
      value.map((gate) => gateItem(gate, certification.value, release)),
    ),
  );
}
