// Writes the cases of the official CEL suite as one JSON file, for the C++ test to read:
//   node cases.mjs <file>
// The package holds the suite of the language definition and, from the tests of its Go
// implementation, cases of parsing, of checking and of loops with two names. Types are written the
// way the engine prints them; values stay as the package has them.
import { writeFileSync } from 'node:fs';
import { tests as conformance } from '@bufbuild/cel-spec/testdata/conformance.js';
import { tests as parsing } from '@bufbuild/cel-spec/testdata/parsing.js';
import { tests as checking } from '@bufbuild/cel-spec/testdata/checking.js';
import { tests as comprehension } from '@bufbuild/cel-spec/testdata/comprehension.js';

const primitives = {
  BOOL: 'bool', INT64: 'int', UINT64: 'uint', DOUBLE: 'double', STRING: 'string', BYTES: 'bytes',
};
const wellKnown = { ANY: 'any', TIMESTAMP: 'timestamp', DURATION: 'duration' };
// Messages that the language has types for.
const messages = {
  'google.protobuf.Timestamp': 'timestamp',
  'google.protobuf.Duration': 'duration',
  'google.protobuf.Struct': 'map(string, dyn)',
  'google.protobuf.ListValue': 'list(dyn)',
  'google.protobuf.Value': 'dyn',
};

const list = (types) => types.map(typeText).join(', ');

function typeText(type) {
  if (type.primitive) return primitives[type.primitive];
  if (type.wrapper) return `wrapper(${primitives[type.wrapper]})`;
  if (type.wellKnown) return wellKnown[type.wellKnown];
  if (type.dyn) return 'dyn';
  if ('null' in type) return 'null_type';
  if (type.listType) return `list(${typeText(type.listType.elemType)})`;
  if (type.mapType) return `map(${list([type.mapType.keyType, type.mapType.valueType])})`;
  if (type.messageType) return messages[type.messageType] ?? type.messageType;
  // A variable of a type parameter may be of any type.
  if (type.typeParam) return type.typeParam;
  if (type.abstractType) {
    const parameters = type.abstractType.parameterTypes ?? [];
    return type.abstractType.name + (parameters.length > 0 ? `(${list(parameters)})` : '');
  }
  throw new Error(`a type of an unknown form: ${JSON.stringify(type)}`);
}

function environment(declarations) {
  const variables = [];
  const functions = [];
  for (const { name, ident, function: declared } of declarations ?? []) {
    if (ident) variables.push({ name, type: typeText(ident.type) });
    for (const overload of declared?.overloads ?? []) {
      const text = `${list(overload.params ?? [])} -> ${typeText(overload.resultType)}`;
      functions.push({ name, text, method: overload.isInstanceFunction === true });
    }
  }
  return { variables, functions };
}

function* walk(suite, path) {
  for (const inner of suite.suites ?? []) yield* walk(inner, [...path, inner.name]);
  for (const test of suite.tests ?? []) yield { test, path };
}

function base(id, original) {
  return {
    id,
    expr: original.expr,
    check: original.disableCheck !== true,
    container: original.container ?? '',
    ...environment(original.typeEnv),
    bindings: original.bindings ?? {},
  };
}

// What the Go implementation deduced. It knows cel.index() as a function of no known type.
const deducedText = (type) => type.replace(/\bnull\b/g, 'null_type');
const isRewritten = (path) => path.includes('block_ext');

function conformanceCase({ test, path }) {
  const { original } = test;
  const made = base(`${path.join('/')}/${original.name}`, original);
  const typed = original.typedResult;
  if (typed?.deducedType) {
    made.type = typeText(typed.deducedType);
  } else if (test.type !== undefined && made.check && !isRewritten(path)) {
    made.type = deducedText(test.type);
  }
  if (original.checkOnly) return { ...made, expect: 'accepted' };
  if (original.evalError) return { ...made, expect: 'error' };
  const value = original.value ?? typed?.result;
  // A case that says nothing is one whose value is true.
  return { ...made, expect: 'value', value: value ?? { boolValue: true } };
}

const oneLine = (text) => text.replace(/\s+/g, ' ').trim();

// The tests of parsing say whether there is a tree.
function parsingCase({ test, path }) {
  return {
    ...base(`${path.join('/')}/${oneLine(test.original.expr)}`, test.original),
    expect: test.ast === undefined ? 'unreadable' : 'readable',
  };
}

// Those of checking say the type. Some use variables and functions that their source declares.
const declared = {
  variables: [
    { name: 'is', type: 'string' }, { name: 'ii', type: 'int' }, { name: 'iu', type: 'uint' },
    { name: 'iz', type: 'bool' }, { name: 'ib', type: 'bytes' }, { name: 'id', type: 'double' },
    { name: 'ix', type: 'null_type' },
  ],
  functions: [
    { name: 'fg_s', text: '-> string', method: false },
    { name: 'fi_s_s', text: 'string -> string', method: true },
  ],
};

function checkingCase({ test, path }) {
  const made = base(`${path.join('/')}/${oneLine(test.original.expr)}`, test.original);
  made.variables.push(...declared.variables);
  made.functions.push(...declared.functions);
  if (test.type === undefined) return { ...made, expect: 'refused' };
  return { ...made, expect: 'accepted', type: deducedText(test.type) };
}

// Those of loops are statements that hold; the package says no more of them, so that those with
// variables of their own, and those that are there to be refused, cannot be told.
const comprehensionCase = ({ test, path }) => ({
  ...base(`${path.join('/')}/${oneLine(test.original.expr)}`, test.original),
  expect: 'true',
});

const cases = [
  ...[...walk(conformance, [conformance.name])].map(conformanceCase),
  ...[...walk(parsing, [parsing.name])].map(parsingCase),
  ...[...walk(checking, [checking.name])].map(checkingCase),
  ...[...walk(comprehension, [comprehension.name])].map(comprehensionCase),
];

// Ids differ, so that a list can name each case.
const seen = new Map();
for (const one of cases) {
  const count = (seen.get(one.id) ?? 0) + 1;
  seen.set(one.id, count);
  if (count > 1) one.id += ` #${count}`;
}
writeFileSync(process.argv[2], JSON.stringify(cases));
