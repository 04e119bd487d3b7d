// The page in a real browser against the real program: what a person sees, does with the keyboard,
// and hears.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { checkEverywhere, wide } from './everywhere.mjs';
import { addSamples, person, proposal, startBrowser, startServer } from './rehearsal.mjs';

let server;
let browser;
let page;
const complaints = [];

before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
  await addSamples(server.api);
  page = await browser.newPage({ viewport: wide, locale: 'en-GB', timezoneId: 'Europe/Zurich' });
  page.setDefaultTimeout(8_000);
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // A refused request is reported by the browser itself; the tests provoke some.
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) {
      complaints.push(message.text());
    }
  });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const heading = () => page.locator('h1').textContent();
const open = async (path, ready) => {
  await page.goto(server.address + path);
  await page.waitForSelector(ready);
};
const releasePath = (ref) => `/releases/${encodeURIComponent(ref)}`;
const signIn = async (password) => {
  await page.fill('#email', person.email);
  await page.fill('#password', password);
  await page.keyboard.press('Enter');
};

const isSoundEverywhere = (state) => checkEverywhere(page, state);

test('the page may load nothing from elsewhere and nothing inline', async () => {
  const response = await fetch(`${server.address}/`);
  const policy = response.headers.get('Content-Security-Policy');
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe|\*/);
  assert.equal(
    await response.text(),
    await (await fetch(server.address + releasePath('a@1'))).text(),
  );
});

test('a wrong password is refused with what to do', async () => {
  await open('/', 'form');
  assert.equal(await heading(), 'Sign in');
  await signIn('not the password');
  await page.waitForSelector('.problem[role=alert]');
  assert.match(await page.textContent('.problem'), /not right.*try again/s);
  await isSoundEverywhere('sign-in with a problem');
});

test('too many attempts say how long to wait', async () => {
  await page.route('**/api/v1/sessions', (route) =>
    route.fulfill({
      status: 429,
      headers: { 'Retry-After': '42', 'Content-Type': 'application/problem+json' },
      body: JSON.stringify({
        status: 429,
        code: 'too_many_attempts',
        detail: 'Too many attempts.',
      }),
    }),
  );
  await signIn('not the password');
  await page.waitForSelector('text=Wait 42 seconds');
  await page.unroute('**/api/v1/sessions');
});

test('signing in shows the releases, newest first, each with its readiness in words', async () => {
  await signIn(person.password);
  await page.waitForSelector('table');
  const rows = await page.locator('tbody tr').allInnerTexts();
  assert.equal(rows.length, 3);
  assert.match(rows[0], /billing 2\.0\.0.*Blocked.*Certification refused/s);
  assert.match(rows[1], /billing 1\.0\.0.*Ready/s);
  assert.match(rows[2], /payments 1\.0\.0.*Blocked/s);
  assert.match(await page.locator('tbody time').first().getAttribute('title'), / UTC$/);
  await isSoundEverywhere('list');
});

test('the filter shows one application, stands in the address and keeps the focus', async () => {
  await page.focus('#application');
  await page.selectOption('#application', 'payments');
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1);
  assert.match(page.url(), /application=payments/);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'application');
  await page.goBack();
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 3);
});

test('a workspace without releases says how to propose one', async () => {
  await page.selectOption('#workspace', 'empty');
  await page.waitForSelector('text=No releases yet');
  assert.match(await page.textContent('.command'), /holdpoint release create/);
  await isSoundEverywhere('empty workspace');
  await page.selectOption('#workspace', 'main');
  await page.waitForSelector('table');
});

test('following a link with the keyboard moves the focus to the heading', async () => {
  await page.focus('a:text("billing 2.0.0")');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#timeline');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'billing 2.0.0');
  assert.match(await page.title(), /^billing 2\.0\.0: Blocked/);
});

test('a blocked release says why and who must do what', async () => {
  const gates = await page.innerText('[data-section=gates]');
  assert.match(gates, /Production\s+Closed/);
  assert.match(gates, /Failed\s+Every test passes.*evidence\.tests\.failed is 2, needs == 0/s);
  assert.match(gates, /Waiting\s+The tests reach/);
  assert.match(
    gates,
    /Developer: Correct the failing tests.*holdpoint evidence add billing@2\.0\.0/s,
  );
  const criteria = await page.innerText('[data-section=criteria]');
  assert.match(criteria, /0 of 5 met/);
  assert.match(criteria, /Not applicable/);
  const evidence = await page.innerText('[data-section=evidence]');
  assert.match(evidence, /notes\.txt.*Unparsed/s);
  assert.match(evidence, /1 critical\s+1 high/);
  await isSoundEverywhere('blocked release');
});

test('what a pipeline stated becomes a link only when it is a web address', async () => {
  const contents = page.locator('[data-section=contents]');
  assert.match(await contents.innerText(), /javascript:alert/);
  assert.deepEqual(
    await contents.locator('a').evaluateAll((all) => all.map(({ protocol }) => protocol)),
    ['https:'],
  );
});

test('a ready release has open gates and shows superseded evidence as such', async () => {
  await open(releasePath('billing@1.0.0'), '#timeline');
  assert.match(await page.innerText('[data-section=gates]'), /3 of 3 open/);
  assert.match(
    await page.innerText('[data-section=evidence]'),
    /4 current, 1 superseded.*Superseded/s,
  );
  assert.match(
    await page.innerText('[data-section=timeline]'),
    /Certification issued.*Release created/s,
  );
  await isSoundEverywhere('ready release');
});

test('new evidence appears by itself and is announced', async () => {
  await open(releasePath('payments@1.0.0'), '#timeline');
  await page.waitForSelector('#live:text("Live")');
  assert.match(await page.innerText('[data-section=evidence]'), /No evidence yet/);
  await isSoundEverywhere('release without evidence');
  await server.api.addEvidence('payments@1.0.0', 'later.txt', 'anything');
  await page.waitForSelector('[data-section=evidence] >> text=later.txt');
  assert.match(await page.textContent('#live'), /updated \d/);
  assert.equal(await page.getAttribute('#live', 'role'), 'status');
});

test('a new release appears in the list by itself', async () => {
  await open('/', 'table');
  await page.waitForSelector('#live:text("Live")');
  await server.api.post('main/releases', proposal('payments', '1.1.0'));
  await page.waitForSelector('a:text("payments 1.1.0")');
});

test('a release that is not there is named, with a way back', async () => {
  await open(releasePath('billing@9'), '.problem');
  assert.equal(await heading(), 'Not found');
  assert.match(await page.textContent('.problem'), /no release billing@9/);
  await isSoundEverywhere('missing release');
  await page.click('text=All releases');
  await page.waitForSelector('table');
});

test('a server that does not answer is told from an empty list', async () => {
  await page.route('**/api/v1/main/releases?**', (route) =>
    route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      body: JSON.stringify({ status: 503, detail: 'The store is busy.' }),
    }),
  );
  await page.goto(`${server.address}/`);
  await page.waitForSelector('text=The store is busy.');
  await isSoundEverywhere('problem');
  await page.unroute('**/api/v1/main/releases?**');
  complaints.splice(0, complaints.length, ...complaints.filter((text) => !text.includes('503')));
  await page.click('text=Try again');
  await page.waitForSelector('table');
});

test('a status has a word and a shape, and what is unknown never reads as passed', async () => {
  await open('/', 'table');
  const chips = await page.evaluate(async () => {
    const { chip } = await import('/page/dom.js');
    const words = await import('/page/words.js');
    const shown = [
      ...['ready', 'needs_attention', 'blocked', 'shipped', 'not_started'].map(words.readinessWord),
      ...['pass', 'fail', 'waived', 'unknown', 'stale', 'error', 'not_applicable', 'toString'].map(
        words.ruleWord,
      ),
      ...['complete', 'failed_to_run', 'unparsed'].map(words.evidenceWord),
      ...['open', 'closed', 'unknown'].map(words.decisionWord),
      words.supersededWord,
    ];
    document.querySelector('main').append(...shown.map((word) => chip(word)));
    return shown.map(({ word, shape }) => `${word} ${shape}`);
  });
  assert.deepEqual(chips, [
    'Ready check',
    'Needs attention triangle',
    'Blocked octagon',
    'Shipped out',
    'Not started dashes',
    'Passed check',
    'Failed octagon',
    'Waived shield',
    'Waiting clock',
    'Stale stale',
    'Not evaluated unplugged',
    'Not applicable dashes',
    'Not evaluated unplugged',
    'Complete check',
    'Failed to run octagon',
    'Unparsed unplugged',
    'Open check',
    'Closed octagon',
    'Unknown unplugged',
    'Superseded back',
  ]);
  await isSoundEverywhere('vocabulary');
});

test('a document of which nothing was asked is neither passed nor failed', async () => {
  await open('/', 'table');
  const words = await page.evaluate(async () => {
    const { documentWord } = await import('/page/words.js');
    const document = (applicable, passed, ...results) =>
      documentWord({ applicable, passed, rules: results.map((result) => ({ result })) }).word;
    return [
      document(true, true, 'pass', 'not_applicable'),
      document(true, true, 'not_applicable', 'not_applicable'),
      document(true, false, 'fail', 'not_applicable'),
      document(true, false),
      document(false, false),
      document(false, true, 'pass'),
    ];
  });
  const none = 'Not applicable';
  assert.deepEqual(words, ['Passed', none, 'Failed', 'Failed', none, none]);
});

test('a slow answer says that it is loading', async () => {
  await page.route('**/api/v1/main/releases?**', async (route) => {
    await new Promise((done) => {
      setTimeout(done, 600);
    });
    await route.continue();
  });
  await page.goto(`${server.address}/`);
  await page.waitForSelector('h1:text("Loading")');
  await page.waitForSelector('table');
  await page.unroute('**/api/v1/main/releases?**');
});

test('the skip link is the first stop and leads past the bar', async () => {
  await open('/', 'table');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to content');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'content');
});

test('signing out ends the session and empties the page', async () => {
  await page.click('#sign-out');
  await page.waitForSelector('form');
  assert.equal(await heading(), 'Sign in');
  assert.equal(await page.locator('table').count(), 0);
  const status = await page.evaluate(async () => (await fetch('/api/v1/whoami')).status);
  assert.equal(status, 401);
  await isSoundEverywhere('signed out');
});

test('after a session ended, signing in leads back to where one was', async () => {
  await open(releasePath('billing@1.0.0'), 'form');
  await signIn(person.password);
  await page.waitForSelector('#timeline');
  await page.context().clearCookies();
  await page.click('a:text("billing")');
  await page.waitForSelector('text=The session has ended');
});

test('the browser found nothing to complain about', () => {
  assert.deepEqual(complaints, []);
});
