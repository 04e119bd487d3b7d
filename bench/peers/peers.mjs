// Engines from npm, measured on the same expressions and facts. Reads one JSON object a line and
// answers each with one:
//   {"facts": …, "rules": [text, …], "without_matches": [text, …]} -> {"engines": [name, …]}
//   {"engine": number, "rule": number, "seconds": number}          -> {"ns": of one evaluation}
// Everything that can be done before an evaluation is done before: parsing, planning, and turning
// the facts into what the engine likes best.
import { createInterface } from 'node:readline';
import { readFileSync } from 'node:fs';
import { celEnv, parse as parse_bufbuild, plan } from '@bufbuild/cel';
import { parse as parse_marcbachmann } from '@marcbachmann/cel-js';
import { evaluate as evaluate_cel_js, parse as parse_cel_js } from 'cel-js';
import json_logic from 'json-logic-js';

const packages = readFileSync(new URL('package.json', import.meta.url));
const { devDependencies: versions } = JSON.parse(packages);

/** The two rules in JsonLogic, which has no regular expressions. */
const in_json_logic = [
  { and: [
    { '==': [{ var: 'release.environment' }, 'production'] },
    { '<=': [{ var: 'release.risk' }, 3] },
    { in: ['release-manager', { var: 'actor.roles' }] },
  ] },
  { and: [
    { all: [{ var: 'release.checks' },
      { or: [{ '==': [{ var: 'status' }, 'passed'] }, { var: 'waived' }] }] },
    // Inside filter only the element is in reach, so the author stands here as a text.
    { '>=': [{ reduce: [
      { filter: [{ var: 'release.approvals' },
        { and: [{ '==': [{ var: 'state' }, 'approved'] }, { '!=': [{ var: 'user' }, 'u1'] }] }] },
      { '+': [{ var: 'accumulator' }, 1] }, 0] }, 2] },
    { all: [{ var: 'release.artifacts' },
      { and: [{ var: 'signed' }, { '>=': [{ var: 'slsa' }, 2] }] }] },
    { '!': [{ some: [{ var: 'release.vulnerabilities' },
      { and: [{ '==': [{ var: 'severity' }, 'critical'] }, { '!': [{ var: 'waived' }] }] }] }] },
  ] },
];

function as_maps(value) {
  if (Array.isArray(value)) return value.map(as_maps);
  if (value === null || typeof value !== 'object') return value;
  return new Map(Object.entries(value).map(([key, member]) => [key, as_maps(member)]));
}

/** Each engine makes, from the facts and the rules, one function for each rule. */
const engines = {
  '@marcbachmann/cel-js': ({ facts, rules }) =>
    rules.map((rule) => {
      const run = parse_marcbachmann(rule);
      return () => run(facts);
    }),
  '@bufbuild/cel': ({ facts, rules }) => {
    const bindings = Object.fromEntries(as_maps(facts));
    return rules.map((rule) => {
      const run = plan(celEnv(), parse_bufbuild(rule));
      return () => run(bindings);
    });
  },
  'json-logic-js': ({ facts }) => in_json_logic.map((rule) => () => json_logic.apply(rule, facts)),
  'cel-js': ({ facts, without_matches }) =>
    without_matches.map((rule) => {
      const { cst } = parse_cel_js(rule);
      return () => evaluate_cel_js(cst, facts);
    }),
};

let functions = [];

function prepare(request) {
  functions = Object.entries(engines).map(([name, make]) => {
    const made = make(request);
    made.forEach((run, rule) => {
      if (run() !== true) throw new Error(`${name} does not find rule ${rule + 1} true`);
    });
    return made;
  });
  return { engines: Object.keys(engines).map((name) => `${name} ${versions[name]}`) };
}

function measure({ engine, rule, seconds }) {
  const run = functions[engine][rule];
  const start = process.hrtime.bigint();
  const end = start + BigInt(Math.round(seconds * 1e9));
  let runs = 0;
  let trues = 0;
  let now = start;
  while (now < end) {
    for (let i = 0; i < 200; ++i) trues += run() === true;
    runs += 200;
    now = process.hrtime.bigint();
  }
  if (trues !== runs) throw new Error('an evaluation was not true');
  return { ns: Number(now - start) / runs };
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  const answer = request.facts === undefined ? measure(request) : prepare(request);
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
