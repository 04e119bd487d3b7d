// One vocabulary for every face of the system: how a result of the server is said here, with the
// colour and the shape of its chip. The server decides; nothing is derived on this side, except that
// a document of which nothing was asked was not passed. What is not known reads "Not evaluated".

const good = (word, shape = 'check') => ({ word, tone: 'good', shape });
const bad = (word, shape = 'octagon') => ({ word, tone: 'bad', shape });
const attention = (word, shape = 'triangle') => ({ word, tone: 'attention', shape });
const quiet = (word, shape = 'dashes') => ({ word, tone: 'quiet', shape });

const notEvaluated = attention('Not evaluated', 'unplugged');

const readiness = {
  ready: good('Ready'),
  needs_attention: attention('Needs attention'),
  blocked: bad('Blocked'),
  shipped: { word: 'Shipped', tone: 'shipped', shape: 'out' },
  not_started: quiet('Not started'),
};

const rule = {
  pass: good('Passed'),
  passed: good('Passed'),
  fail: bad('Failed'),
  failed: bad('Failed'),
  waived: { word: 'Waived', tone: 'waived', shape: 'shield' },
  unknown: quiet('Waiting', 'clock'),
  waiting: quiet('Waiting', 'clock'),
  stale: attention('Stale', 'stale'),
  not_applicable: quiet('Not applicable'),
};

const evidence = {
  complete: good('Complete'),
  failed_to_run: bad('Failed to run'),
  unparsed: bad('Unparsed', 'unplugged'),
};

const decision = {
  open: good('Open'),
  closed: bad('Closed'),
  unknown: attention('Unknown', 'unplugged'),
};

const word = (words, key) => (Object.hasOwn(words, key) ? words[key] : notEvaluated);

export const readinessWord = (key) => word(readiness, key);
export const ruleWord = (key) => word(rule, key);
export const evidenceWord = (key) => word(evidence, key);
export const decisionWord = (key) => word(decision, key);
/**
 * A document that does not apply, and one that applies and none of whose rules do: nothing was
 * asked, so nothing was passed.
 */
export function documentWord({ applicable, passed, rules = [] }) {
  const asked = rules.some(({ result }) => result !== 'not_applicable');
  if (!applicable || (passed && !asked)) return rule.not_applicable;
  return passed ? rule.pass : rule.fail;
}
export const supersededWord = quiet('Superseded', 'back');

/** Why a release stands where it stands, in a few words. */
export function readinessReason(release) {
  const state = release.certification?.state;
  if (release.readiness === 'ready') return 'Certified on its current evidence and criteria';
  if (release.readiness === 'needs_attention') {
    return 'Evidence or criteria changed since it was certified';
  }
  if (release.readiness === 'not_started') return 'Not judged yet';
  if (state === 'refused') return 'Certification refused';
  if (state === 'revoked') return 'Certification revoked';
  return '';
}

/** Whether a rule still asks for somebody to act. */
export const isObstacle = (result) =>
  !['pass', 'passed', 'waived', 'not_applicable'].includes(result);

const modes = {
  enforce: 'decides',
  warn: 'warns only, does not decide',
  shadow: 'is tried out, does not decide',
  off: 'is switched off',
};
export const modeText = (mode) => modes[mode] ?? mode;

const kinds = { sast: 'SAST', sca: 'SCA', sbom: 'SBOM', dast: 'DAST', iac: 'IaC' };
const formats = {
  junit: 'JUnit',
  sarif: 'SARIF',
  cyclonedx: 'CycloneDX',
  spdx: 'SPDX',
  lcov: 'LCOV',
  cobertura: 'Cobertura',
  jacoco: 'JaCoCo',
};
const sentenceCase = (text) => text.charAt(0).toUpperCase() + text.slice(1);

export const plainWord = (text) =>
  sentenceCase(text.replaceAll('_', ' ')).replace(/\b(url|id)\b/gi, (word) => word.toUpperCase());
export const kindText = (kind) => kinds[kind] ?? plainWord(kind);
export const formatText = (format) => formats[format] ?? plainWord(format);

/** "role:developer" is for programs; people read "Developer". "team:a" is a name. */
export function actorText(actor) {
  const text = String(actor).replace(/^role:/, '');
  return text.includes(':') ? text : sentenceCase(text.replaceAll('_', ' '));
}
