// The schema, facts that fit it, and the same facts as values of the peer. Optional fields may be
// absent; an expression reads those only behind has(), because what an absent fact means is where
// our language goes further than the definition (unknown).
import { create } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import { DurationSchema, TimestampSchema } from '@bufbuild/protobuf/wkt';
import { fact_doubles, ints, strings } from './pools.mjs';

const object = (properties) => ({ type: 'object', properties });
const list = (items) => ({ type: 'array', items });
const map = (additionalProperties) => ({ type: 'object', additionalProperties });
const integer = { type: 'integer' };
const string = { type: 'string' };
const boolean = { type: 'boolean' };
const number = { type: 'number' };
const instant = { type: 'integer', format: 'date-time' };
const span = { type: 'integer', format: 'duration' };
const bytes = { type: 'string', format: 'byte' };

const suite = object({ id: string, size: integer });
const item = object({ id: string, size: integer, ok: boolean, share: number, score: integer });

export const schema = object({
  n: integer, m: integer, big: integer, flag: boolean, other: boolean, name: string, text: string,
  ratio: number, share: number, at: instant, since: { ...string, format: 'date-time' },
  age: span, pause: { ...string, format: 'duration' }, raw: bytes,
  numbers: list(integer), tags: list(string), flags: list(boolean), ratios: list(number),
  times: list(instant), spans: list(span), rows: list(list(integer)),
  labels: map(string), counts: map(integer), weights: map(number), groups: map(list(string)),
  any: {}, mixed: list({}),
  tests: object({ failed: integer, passed: integer, started: instant, suite }),
  items: list(item),
});

/** Fields that may be absent. */
export const optional = new Set(['suite', 'score']);

const keys = ['a', 'b', 'c', 'team', ''];

function instant_microseconds(choices) {
  const special = [0, 1_000_000, -1, 951_782_400_000_000, 1_790_000_000_123_456];
  if (choices.once_in(2)) return choices.of(special);
  return (choices.below(4_000_000_000) - 1_000_000_000) * 1_000_000 + choices.below(1_000) * 1_000;
}

const times_of_text = ['2026-01-02T03:04:05Z', '1969-12-31T23:59:59.25Z',
  '2024-02-29T12:00:00.000001+05:45', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999999999Z'];
const spans_of_text = ['1s', '-1.5s', '1h30m', '250ms', '0s', '1h34us', '2500000h'];

/** Any JSON; whole numbers are int there, so no whole number is a double. */
function open_value(choices, depth) {
  const kind = choices.below(depth > 0 ? 7 : 5);
  if (kind === 0) return choices.below(9) - 4;
  if (kind === 1) return choices.of(strings);
  if (kind === 2) return choices.once_in(2);
  if (kind === 3) return choices.below(9) - 4.5;
  if (kind === 4) return null;
  if (kind === 5) return some(choices, 3, () => open_value(choices, depth - 1));
  return entries(choices, 3, () => open_value(choices, depth - 1));
}

function some(choices, count_max, make) {
  return Array.from({ length: choices.once_in(8) ? 0 : 1 + choices.below(count_max) }, make);
}

function entries(choices, count_max, make) {
  const out = {};
  for (let i = choices.below(count_max + 1); i > 0; --i) out[choices.of(keys)] = make();
  return out;
}

/** A JSON value that fits the part of the schema. */
function value_of(part, choices) {
  if (part.format === 'date-time') {
    return part.type === 'integer' ? instant_microseconds(choices) : choices.of(times_of_text);
  }
  if (part.format === 'duration') {
    return part.type === 'integer' ? choices.below(8_000_000_000) - 4_000_000_000
                                   : choices.of(spans_of_text);
  }
  if (part.format === 'byte') return choices.of(['', 'YWJj', '/w==', 'w6k=']);
  switch (part.type) {
    case 'integer': return choices.once_in(8) ? choices.of(ints) : BigInt(choices.below(9) - 3);
    case 'string': return choices.of(strings);
    case 'boolean': return choices.once_in(2);
    case 'number': return choices.of(fact_doubles);
    case 'array': return some(choices, 4, () => value_of(part.items, choices));
    default: break;
  }
  if (part.additionalProperties) {
    return entries(choices, 4, () => value_of(part.additionalProperties, choices));
  }
  if (part.properties === undefined) return open_value(choices, 2);
  const out = {};
  for (const [name, field] of Object.entries(part.properties)) {
    if (optional.has(name) && choices.once_in(2)) continue;
    out[name] = value_of(field, choices);
  }
  return out;
}

export const facts_of = (choices) => value_of(schema, choices);

const message = (type, seconds, nanos) => reflect(type, create(type, { seconds, nanos }));

const whole = (numerator, denominator) => {
  const quotient = numerator / denominator;
  return numerator % denominator < 0n ? quotient - 1n : quotient;
};

function timestamp_of(fact) {
  if (typeof fact === 'string') {
    const fraction = /\.(\d+)/.exec(fact)?.[1] ?? '';
    const seconds = BigInt(Math.floor(Date.parse(fact.replace(/\.\d+/, '')) / 1000));
    return message(TimestampSchema, seconds, Number(fraction.padEnd(9, '0')));
  }
  const seconds = whole(BigInt(fact), 1_000_000n);
  const nanos = Number(BigInt(fact) - seconds * 1_000_000n) * 1000;
  return message(TimestampSchema, seconds, nanos);
}

const text_nanoseconds = { '1s': 10n ** 9n, '-1.5s': -15n * 10n ** 8n, '1h30m': 5400n * 10n ** 9n,
  '250ms': 25n * 10n ** 7n, '0s': 0n, '1h34us': 3_600_000_034_000n, '2500000h': 9n * 10n ** 18n };

function duration_of(fact) {
  const nanoseconds = typeof fact === 'string' ? text_nanoseconds[fact] : BigInt(fact) * 1000n;
  return message(DurationSchema, nanoseconds / 10n ** 9n, Number(nanoseconds % 10n ** 9n));
}

function open_input(fact) {
  if (Array.isArray(fact)) return fact.map(open_input);
  if (fact !== null && typeof fact === 'object') return mapped(fact, open_input);
  return Number.isInteger(fact) ? BigInt(fact) : fact;
}

const mapped = (fact, change) =>
  new Map(Object.entries(fact).map(([key, value]) => [key, change(value, key)]));

/** A fact as a value of the peer: typed by the schema, integers as its int. */
export function input_of(fact, part = schema) {
  if (part.format === 'date-time') return timestamp_of(fact);
  if (part.format === 'duration') return duration_of(fact);
  if (part.format === 'byte') return new Uint8Array(Buffer.from(fact, 'base64'));
  if (part.type === 'integer') return BigInt(fact);
  if (part.type === 'array') return fact.map((element) => input_of(element, part.items));
  if (part.additionalProperties) {
    return mapped(fact, (value) => input_of(value, part.additionalProperties));
  }
  if (part.properties) return mapped(fact, (value, key) => input_of(value, part.properties[key]));
  return part.type === undefined ? open_input(fact) : fact;
}
