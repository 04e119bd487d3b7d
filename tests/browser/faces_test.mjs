// One judgement over three faces: what the interface answers about a release that is blocked, and
// about one that only policies on trial would have stopped, is what the command line prints and what
// the page shows. Nothing that the answer says may be missing on the other two.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { checkEverywhere, wide } from './everywhere.mjs';
import { person, proposal, scanReport, startBrowser, startServer, testReport } from './rehearsal.mjs';

const documents = `
apiVersion: holdpoint/v1
kind: Environment
metadata: {name: production}
spec: {title: Production, order: 30, kind: production, requires_certification: true}
---
apiVersion: holdpoint/v1
kind: Application
metadata: {name: refunds}
spec: {title: Refunds, owners: [team:refunds], criticality: high, environments: [production]}
---
apiVersion: holdpoint/v1
kind: CertificationCriteria
metadata: {name: ready, owner: team:quality}
spec:
  rules:
    - id: nothing-critical
      require: evidence.sast.findings.all(f, f.severity != "critical")
      message: No critical finding is open.
    - id: tests-pass
      require: evidence.tests.failed == 0
      message: Every test passes.
      remedy: {do: Correct the failing tests., by: role:developer, within: 4h}
    - id: three-reports
      when: release.version == "1.0.0"
      require: evidence.items.filter(i, i.kind == "test_report").size() >= 3
      message: Three reports of tests were handed in.
    - id: soaked
      when: release.version == "1.0.0"
      require: evidence.items.all(i, now - i.received_at >= duration("24h"))
      message: All evidence is a day old.
      remedy: {do: Wait a day., by: role:release_manager}
---
apiVersion: holdpoint/v1
kind: CertificationCriteria
metadata: {name: next-year, owner: team:quality}
spec:
  mode: shadow
  rules:
    - {id: more-tests, message: There are a hundred tests., require: evidence.tests.total >= 100}
---
apiVersion: holdpoint/v1
kind: CertificationCriteria
metadata: {name: idle, owner: team:quality}
spec:
  rules:
    - {id: never, when: application.name == "", message: Never., require: "false"}
---
apiVersion: holdpoint/v1
kind: GatePolicy
metadata: {name: archives, owner: team:platform}
spec:
  rules:
    - id: two-archives
      require: artifacts.filter(a, a.name.endsWith(".tar.gz")).size() >= 2
      message: Two archives are deployed together.
      remedy:
        do: Build the second archive.
        by: role:developer
        within: 2d
        command: holdpoint release create refunds@1.0.1
        effect: {artifacts: [{name: a.tar.gz, digest: ""}, {name: b.tar.gz, digest: ""}]}
    - id: only-archives
      require: artifacts.all(a, a.name.endsWith(".tar.gz"))
      message: Only archives are deployed.
      remedy: {do: Leave the rest out., by: role:developer}
    - id: settled
      when: release.version == "1.0.0"
      require: now - certification.at >= duration("2h")
      message: The judgement is two hours old.
---
apiVersion: holdpoint/v1
kind: GatePolicy
metadata: {name: signed-names, owner: team:platform}
spec:
  mode: warn
  rules:
    - id: signed
      require: artifacts.all(a, a.name.startsWith("signed-"))
      message: Every artifact says that it is signed.
      remedy: {do: Sign the artifacts., by: role:developer, within: 1d}
---
apiVersion: holdpoint/v1
kind: GatePolicy
metadata: {name: elsewhere, owner: team:platform}
spec:
  match: environment.name == "moon"
  rules:
    - {id: never, message: Never., require: "false"}
`;

const blocked = 'refunds@1.0.0';
const certified = 'refunds@2.0.0';
const artifact = (name, digit) => ({ name, digest: `sha256:${digit.repeat(64)}` });

let server;
let browser;
let page;
let recorder;
const complaints = [];
const answers = {}; // of the interface, by release
const refOf = (url) => {
  const asked = new URL(url, 'http://localhost').searchParams;
  return `${asked.get('application')}@${asked.get('version')}`;
};

/** A gate answers otherwise from moment to moment; all faces are given the one answer. */
async function startRecorder() {
  recorder = createServer((request, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(answers[refOf(request.url)].gate));
  });
  await new Promise((done) => {
    recorder.listen(0, '127.0.0.1', done);
  });
}
const gateCheck = (ref) =>
  server.run(['gate', 'check', ref, '--env', 'production'], {
    HOLDPOINT_SERVER: `http://127.0.0.1:${recorder.address().port}`,
  });
const explained = (ref) => server.run(['policy', 'explain', ref]);

before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
  const { api } = server;
  await api.apply('main/apply', documents);
  await api.post('main/releases', {
    ...proposal('refunds', '1.0.0'),
    artifacts: [artifact('refunds.tar.gz', '1'), artifact('notes.txt', '2')],
  });
  await api.post('main/releases', {
    ...proposal('refunds', '2.0.0'),
    artifacts: [artifact('refunds.tar.gz', '3'), artifact('worker.tar.gz', '4')],
  });
  await api.addEvidence(blocked, 'unit.xml', testReport(5, 2));
  await api.addEvidence(blocked, 'scan.sarif', scanReport(['9.8', '7.5']));
  await api.addEvidence(certified, 'unit.xml', testReport(5, 0));
  await api.addEvidence(certified, 'scan.sarif', scanReport([]));
  for (const ref of [blocked, certified]) {
    const [application, version] = ref.split('@');
    answers[ref] = {
      certification: await api.get(`main/releases/${encodeURIComponent(ref)}/certification`),
      gate: await api.get(
        `main/gate?application=${application}&version=${version}&environment=production`,
      ),
    };
  }
  await startRecorder();
  page = await browser.newPage({ viewport: wide });
  page.setDefaultTimeout(8_000);
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // Who is not signed in yet is told so, and the browser reports that itself.
    if (message.type() === 'error' && !/status of 401/.test(message.text())) {
      complaints.push(message.text());
    }
  });
  await page.route('**/api/v1/main/gate?**', (route) =>
    route.fulfill({ json: answers[refOf(route.request().url())].gate }),
  );
  await page.goto(server.address);
  await page.fill('#email', person.email);
  await page.fill('#password', person.password);
  await page.keyboard.press('Enter');
  await page.waitForSelector('table');
});

after(async () => {
  recorder?.close();
  await browser?.close();
  await server?.stop();
});

const flat = (text) => text.replace(/\s+/g, ' ');
const seconds = (instant) => `${new Date(instant).toISOString().slice(0, 19)}Z`;

/** What a person reads in a section with everything unfolded, and the instants behind its times. */
async function shownOnPage(ref, name) {
  await page.goto(`${server.address}/releases/${encodeURIComponent(ref)}`);
  const part = page.locator(`[data-section=${name}]`);
  await part.waitFor();
  await part
    .locator('details:not([open]) > summary')
    .evaluateAll((all) => all.forEach((fold) => fold.click()));
  const instants = await part
    .locator('time')
    .evaluateAll((all) => all.map(({ dateTime }) => dateTime));
  return flat(`${await part.innerText()} ${instants.map(seconds).join(' ')}`);
}

const isObstacle = ({ result }) => !['pass', 'not_applicable'].includes(result);
const isUnmet = ({ applicable, passed }) => applicable && !passed;

/** Texts that say what the answer says of a condition, an element, a step, a rule, a document. */
const ofCondition = ({ expression, have, need }) => [`${expression} is ${have}, needs`, need];
const ofElement = ({ path, keys, blame = [] }) => [
  path,
  ...Object.entries(keys).map(([key, value]) => `${key} ${value}`),
  ...blame.flatMap(ofCondition),
];
const ofStep = (step) => [
  step.action,
  (step.by || step.actor || '').replace(/^role:/, '').replaceAll('_', ' '),
  step.command,
  step.due ? seconds(step.due) : '',
  step.verified ? '✓ verified' : 'not verified',
  step.unverified_because ?? '',
  ...(step.changes ?? [])
    .filter(({ path }) => !step.action.includes(`bring ${path} `))
    .flatMap(({ path, from, to }) => [path, from ? `: ${from} → ${to}` : `→ ${to}`]),
];
const ofRule = (rule) => [
  rule.message,
  ...rule.blame.flatMap(ofCondition),
  ...rule.elements.flatMap(ofElement),
  ...rule.excluded.flatMap(({ path, keys, reason }) => [...ofElement({ path, keys }), reason]),
  ...rule.missing,
  ...ofStep(rule.remedy),
  rule.unblocks_at ? seconds(rule.unblocks_at) : '',
];
const ofDocument = (document) => [
  document.name,
  ...document.rules.filter(isObstacle).flatMap(ofRule),
  document.remedies_suffice
    ? 'with all remedies done it passes ✓ verified'
    : 'that it passes with all remedies done is not verified',
  document.unblocks_at ? seconds(document.unblocks_at) : '',
];

function allSaid(texts, shown, face) {
  const known = flat(shown).toLowerCase().replaceAll('_', ' ');
  const missing = texts.filter(
    (text) => text && !known.includes(flat(text).toLowerCase().replaceAll('_', ' ')),
  );
  assert.deepEqual(missing, [], `missing on ${face}:\n${shown}`);
}

test('the answers hold all that is to be shown, so that nothing passes for want of it', () => {
  const { certification, gate } = answers[blocked];
  assert.equal(certification.state, 'refused');
  assert.equal(gate.decision, 'closed');
  const rules = [...certification.criteria, ...gate.policies].flatMap((one) => one.rules);
  const remedies = rules.map(({ remedy }) => remedy).filter(Boolean);
  assert.ok(rules.some(({ elements }) => elements.length > 0));
  assert.ok(certification.criteria.some((one) => one.rules.some((rule) => rule.excluded.length)));
  assert.ok(gate.policies.some((one) => one.rules.some((rule) => rule.excluded.length)));
  assert.ok(rules.some(({ unblocks_at }) => unblocks_at));
  assert.ok(remedies.some(({ verified, due }) => verified && due));
  assert.ok(remedies.some(({ changes }) => changes.length > 0));
  assert.ok(remedies.some(({ by, verified }) => by === 'team:quality' && !verified));
  const trials = answers[certified];
  assert.equal(trials.certification.state, 'certified');
  assert.equal(trials.gate.decision, 'open');
  assert.ok(trials.certification.criteria.some(({ would_flip }) => would_flip));
  assert.ok(trials.gate.policies.some(({ would_flip }) => would_flip));
});

test('why a release is refused is told by the command line and the page as by the interface', async () => {
  const { criteria } = answers[blocked].certification;
  const texts = criteria.filter(isUnmet).flatMap(ofDocument);
  allSaid(texts, await explained(blocked), 'the command line');
  allSaid(texts, await shownOnPage(blocked, 'criteria'), 'the page');
});

test('why a gate is closed is told by the command line and the page as by the interface', async () => {
  const { reasons, policies } = answers[blocked].gate;
  const texts = [
    ...policies.filter(isUnmet).flatMap(ofDocument),
    ...reasons.flatMap(({ sentence, criterion, next }) => [
      sentence,
      criterion,
      ...next.flatMap(ofStep),
    ]),
    'would have kept the gate closed too',
  ];
  allSaid(texts, await gateCheck(blocked), 'the command line');
  allSaid(texts, await shownOnPage(blocked, 'gates'), 'the page');
});

test('what policies on trial would have done is told, and why', async () => {
  const { certification, gate } = answers[certified];
  const of_criteria = [
    'would have changed the decision',
    ...certification.criteria.filter(isUnmet).flatMap(ofDocument),
  ];
  const of_gate = [
    'would have closed the gate',
    ...gate.policies.filter(isUnmet).flatMap(ofDocument),
  ];
  allSaid(of_criteria, await explained(certified), 'the command line');
  allSaid(of_gate, await gateCheck(certified), 'the command line');
  allSaid(of_criteria, await shownOnPage(certified, 'criteria'), 'the page');
  allSaid(of_gate, await shownOnPage(certified, 'gates'), 'the page');
});

test('what does not apply is said to, and never to have passed', async () => {
  assert.match(await explained(certified), /– not applicable {2}idle\n/);
  assert.match(await shownOnPage(certified, 'criteria'), /idle Not applicable/);
  assert.match(await shownOnPage(certified, 'gates'), /Not applicable elsewhere/);
});

test('all of this can be read in light and dark and on a narrow screen', async () => {
  for (const ref of [blocked, certified]) {
    await shownOnPage(ref, 'gates');
    await checkEverywhere(page, `gates of ${ref}`);
  }
  assert.deepEqual(complaints, []);
});
