// Prints random expressions and what @bufbuild/cel makes of each, one JSON object a line:
//   {"facts": …}                        the facts of the lines after it
//   {"expression": …, "value" | "error": …, "known": [differences that were met]}
//
// node generate.mjs schema                     the schema of all facts
// node generate.mjs run SEED FIRST COUNT       expressions FIRST to FIRST + COUNT - 1 of the seed
// node generate.mjs smaller SEED NUMBER STEP…  smaller forms of one, after taking earlier steps
// node generate.mjs known                      the witnesses of the known differences
import { writeSync } from 'node:fs';
import { Choices } from './choices.mjs';
import { facts_of, input_of, schema } from './facts.mjs';
import { Grammar } from './grammar.mjs';
import { Peer, json } from './outcomes.mjs';
import { known, written_in } from './known.mjs';
import { smaller_forms } from './smaller.mjs';
import { text_of } from './text.mjs';

const expressions_per_facts = 100;

const peer = new Peer();

function facts_for(seed, number) {
  return facts_of(new Choices(seed ^ 0x5eed, Math.floor(number / expressions_per_facts)));
}

function print_outcome(tree, input) {
  const expression = text_of(tree);
  print({ expression, ...peer.outcome(expression, input, written_in(tree)) });
}

const tree_of = (seed, number) => new Grammar(new Choices(seed, number)).expression();

let pending = '';
function print(object) {
  pending += `${json(object)}\n`;
  if (pending.length > 1 << 16) flush();
}
function flush() {
  for (let bytes = Buffer.from(pending); bytes.length > 0;) {
    try {
      bytes = bytes.subarray(writeSync(1, bytes));
    } catch (problem) {
      if (problem.code === 'EPIPE') process.exit(0);  // The reader has seen enough.
      if (problem.code !== 'EAGAIN') throw problem;
    }
  }
  pending = '';
}

function run(seed, first, count) {
  let facts;
  let input;
  for (let number = first; number < first + count; ++number) {
    if (facts === undefined || number % expressions_per_facts === 0) {
      facts = facts_for(seed, number);
      input = Object.fromEntries(input_of(facts));
      print({ facts });
    }
    print_outcome(tree_of(seed, number), input);
  }
}

function print_smaller(seed, number, ...steps) {
  const input = Object.fromEntries(input_of(facts_for(seed, number)));
  let tree = tree_of(seed, number);
  for (const step of steps) tree = smaller_forms(tree)[step];
  for (const form of smaller_forms(tree)) print_outcome(form, input);
}

function print_known() {
  const facts = facts_for(1, 0);
  const input = Object.fromEntries(input_of(facts));
  print({ facts });
  for (const { name, witness, written } of known) {
    const outcome = peer.outcome(witness, input, written === undefined ? [] : [name]);
    print({ name, expression: witness, ...outcome });
  }
}

const [command, ...rest] = process.argv.slice(2);
const numbers = rest.map(Number);
if (command === 'schema') print(schema);
if (command === 'run') run(...numbers);
if (command === 'smaller') print_smaller(...numbers);
if (command === 'known') print_known();
flush();
