// A server of its own with sample releases, and a browser to look at it: what the tests of the page
// stand on. Everything lives in a temporary folder and ends with the test.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const ready_ms_max = 10_000;
export const person = {
  name: 'Ada Osei',
  email: 'ada@example.com',
  password: 'a-long-pass-phrase-1',
};

const examples = join(process.env.HOLDPOINT_SOURCE, 'examples');

async function freePort() {
  const server = createServer();
  await new Promise((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  const { port } = server.address();
  await new Promise((done) => {
    server.close(done);
  });
  return port;
}

/** The environment without what the user has set up for a server of their own. */
const cleanEnvironment = () =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('HOLDPOINT_')),
  );

async function untilReady(address) {
  const end = Date.now() + ready_ms_max;
  while (Date.now() < end) {
    try {
      if ((await fetch(`${address}/readyz`)).ok) return;
    } catch {
      // Not listening yet.
    }
    await pause(50);
  }
  throw new Error('the server did not become ready');
}

export async function startServer() {
  const binary = process.env.HOLDPOINT_BINARY;
  const folder = mkdtempSync(join(tmpdir(), 'holdpoint-browser-'));
  const env = cleanEnvironment();
  const password = join(folder, 'password');
  const stored = join(folder, 'stored');
  writeFileSync(password, `${person.password}\n`, { mode: 0o600 });
  execFileSync(
    binary,
    [
      'init',
      '--data',
      stored,
      '--admin-email',
      person.email,
      '--admin-name',
      person.name,
      '--admin-password-file',
      password,
      '--workspace',
      'main',
    ],
    { env, stdio: 'ignore' },
  );
  const address = `http://127.0.0.1:${await freePort()}`;
  const program = spawn(
    binary,
    ['serve', '--data', stored, '--listen', address.slice('http://'.length)],
    { env, stdio: 'ignore' },
  );
  const ended = new Promise((done) => {
    program.once('exit', done);
  });
  const stop = async () => {
    program.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await untilReady(address);
    const api = await signedInApi(address);
    const forProgram = {
      ...env,
      HOLDPOINT_SERVER: address,
      HOLDPOINT_TOKEN: api.token,
      XDG_CONFIG_HOME: folder,
    };
    /** The command line as the administrator: what it prints, whatever it ends with. */
    const run = (words, variables = {}) =>
      new Promise((done) => {
        const options = { env: { ...forProgram, ...variables } };
        execFile(binary, words, options, (ended, out, err) => done(out + err));
      });
    return { address, api, run, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Requests as the administrator, with a token; a refusal is an error of the test. */
async function signedInApi(address) {
  const call = async (token, method, path, body, media = 'application/json') => {
    const headers = {
      'Content-Type': media,
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
    };
    const response = await fetch(`${address}/api/v1/${path}`, { method, headers, body });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : null;
  };
  const { email, password } = person;
  const { token } = await call('', 'POST', 'sessions', JSON.stringify({ email, password }));
  return {
    token,
    get: (path) => call(token, 'GET', path),
    post: (path, body) => call(token, 'POST', path, JSON.stringify(body)),
    apply: (path, yaml) => call(token, 'POST', path, yaml, 'application/yaml'),
    addEvidence: (ref, name, report) =>
      call(
        token,
        'POST',
        `main/releases/${encodeURIComponent(ref)}/evidence?name=${name}`,
        report,
        'application/octet-stream',
      ),
  };
}

export const testReport = (
  passed,
  failed,
) => `<testsuite name="unit" tests="${passed + failed}" failures="${failed}">
${'<testcase name="holds"/>'.repeat(passed)}
${'<testcase name="breaks"><failure message="3 is not 4"/></testcase>'.repeat(failed)}</testsuite>`;

const coverageReport =
  'TN:\nSF:pay.cpp\nDA:1,1\nDA:2,1\nDA:3,1\nDA:4,1\nLF:4\nLH:4\nend_of_record\n';

export const scanReport = (severities) =>
  JSON.stringify({
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'scan',
            rules: severities.map((severity, index) => ({
              id: `R${index}`,
              properties: { 'security-severity': severity },
            })),
          },
        },
        invocations: [{ executionSuccessful: true }],
        results: severities.map((severity, index) => ({
          ruleId: `R${index}`,
          level: 'error',
          message: { text: '<b>not markup</b>' },
        })),
      },
    ],
  });

const componentReport = JSON.stringify({
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  version: 1,
  components: [{ type: 'library', name: 'zlib', version: '1.3', purl: 'pkg:generic/zlib@1.3' }],
});

export const proposal = (application, version) => ({
  application,
  version,
  commits: [{ sha: 'a1'.repeat(20), author: { name: 'Bo', email: 'bo@example.com' } }],
  artifacts: [{ name: `${application}.tar.gz`, digest: `sha256:${'5c'.repeat(32)}` }],
  source: {
    repository: `https://git.example.com/shop/${application}`,
    ref: `refs/tags/${version}`,
  },
  ci: { provider: 'jenkins', run_url: 'javascript:alert(1)' },
});

/** billing 1.0.0 is ready; billing 2.0.0 is blocked for several reasons; payments 1.0.0 is bare. */
export async function addSamples(api) {
  const example = (name) => readFileSync(join(examples, name), 'utf8');
  await api.post('workspaces', { name: 'empty', title: 'Empty' });
  await api.apply('main/apply', example('environments.yaml'));
  await api.apply('main/apply', example('application.yaml'));
  await api.apply(
    'main/apply',
    example('application.yaml')
      .replace('name: payments', 'name: billing')
      .replace(/data_classes: .*/, 'data_classes: [personal]'),
  );
  await api.apply('main/apply', example('criteria.yaml'));
  for (const [application, version] of [
    ['payments', '1.0.0'],
    ['billing', '1.0.0'],
    ['billing', '2.0.0'],
  ]) {
    await api.post('main/releases', proposal(application, version));
  }
  await api.addEvidence('billing@1.0.0', 'unit.xml', testReport(4, 2));
  await api.addEvidence('billing@1.0.0', 'unit.xml', testReport(6, 0));
  await api.addEvidence('billing@1.0.0', 'coverage.info', coverageReport);
  await api.addEvidence('billing@1.0.0', 'scan.sarif', scanReport([]));
  await api.addEvidence('billing@1.0.0', 'components.json', componentReport);
  await api.addEvidence('billing@2.0.0', 'unit.xml', testReport(5, 2));
  await api.addEvidence('billing@2.0.0', 'scan.sarif', scanReport(['9.8', '7.5']));
  await api.addEvidence('billing@2.0.0', 'notes.txt', 'nothing that can be read');
}

export const startBrowser = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
