// The known differences between the two engines: what each of them does, where the definition of
// the language says who is right (langdef.md of cel-spec, by its headings; "open" where it leaves
// the matter to engines), and an expression that shows the difference. A difference is met by a
// call of a function with certain values (`calls`, `with`) or by the form of the expression
// (`written`); where one was met, the outcomes may differ, and nowhere else.
import { isCelMap, isCelUint } from '@bufbuild/cel';
import { has_final_zero, has_own_form, int_max, int_min, is_decimal, is_double, is_key, is_midnight,
  is_no_date, is_text, lists_keys, may_ask_null, may_index_by_text,
  may_repeat_key, nanos_of, seconds_of_year_100 } from './signs.mjs';

const conversions = 'List of Standard Definitions, type conversion';
const timestamps = 'List of Standard Definitions, getters of Timestamp, and Timezones';
const getters = ['getFullYear', 'getMonth', 'getDate', 'getDayOfMonth', 'getDayOfYear',
  'getDayOfWeek', 'getHours', 'getMinutes', 'getSeconds', 'getMilliseconds'];

export const known = [
  {
    name: 'timestamp-of-int',
    reason: 'the peer takes milliseconds, the definition seconds',
    definition: conversions,
    witness: 'timestamp(1)',
    calls: ['timestamp'],
    with: (value) => typeof value === 'bigint',
  },
  {
    name: 'timestamp-of-no-date',
    reason: 'the peer takes 29 February 2026 for 1 March; RFC 3339 section 5.7 refuses it',
    definition: `${conversions}, and RFC 3339 section 5.7`,
    witness: "timestamp('2026-02-29T00:00:00Z')",
    calls: ['timestamp'],
    with: (value) => is_text(value) && is_no_date(value),
  },
  {
    name: 'double-of-no-number',
    reason: 'the peer reads blank text as 0, other text as NaN, and what is too large as infinity, '
      + 'instead of an error',
    definition: conversions,
    witness: "double('')",
    calls: ['double'],
    with: (value) => is_text(value) && !is_double(value),
  },
  {
    name: 'int-of-no-number',
    reason: 'the peer reads blank and hexadecimal text, instead of an error',
    definition: conversions,
    witness: "int('')",
    calls: ['int', 'uint'],
    with: (value) => is_text(value) && !is_decimal(value),
  },
  {
    name: 'quote-of-nul',
    reason: 'the peer escapes U+0000, which is none of the characters that are escaped',
    definition: 'extension strings, Quote',
    witness: "strings.quote('\\u0000')",
    calls: ['strings.quote'],
    with: (value) => is_text(value) && value.includes('\0'),
  },
  {
    name: 'duration-of-nothing',
    reason: 'the peer takes empty text, or a sign alone, for 0',
    definition: conversions,
    witness: "duration('')",
    calls: ['duration'],
    with: (value) => is_text(value) && /^[+-]?$/.test(value),
  },
  {
    name: 'double-in-text',
    reason: 'where a double turns to an exponent, and whether -0.0 keeps its sign, is not defined',
    definition: 'open',
    witness: 'string(1e16)',
    calls: ['string'],
    with: (value) => typeof value === 'number' && has_own_form(value),
  },
  {
    name: 'fraction-in-text',
    reason: 'the peer writes 3, 6 or 9 digits, we as many as are needed, as the Go engine does',
    definition: 'open',
    witness: "string(duration('1.5s'))",
    calls: ['string'],
    with: has_final_zero,
  },
  {
    name: 'milliseconds-rounded-up',
    reason: 'the peer rounds up to a millisecond, also into the next second, and so the next year',
    definition: timestamps,
    witness: "timestamp('2026-12-31T23:59:59.999999999Z').getFullYear()",
    calls: getters,
    with: (value) => nanos_of(value) % 1_000_000 !== 0,
  },
  {
    name: 'first-century',
    reason: 'the peer takes the years 0 to 99 for 1900 to 1999',
    definition: timestamps,
    witness: "timestamp('0001-01-01T00:00:00Z').getFullYear()",
    calls: getters,
    with: (value) => value.message.seconds < seconds_of_year_100,
  },
  {
    name: 'midnight-in-a-zone',
    reason: 'the peer takes the first hour of a day in a named zone for the day after',
    definition: timestamps,
    witness: "timestamp('2026-01-01T00:00:00Z').getDate('UTC')",
    calls: getters,
    with: is_midnight,
  },
  {
    name: 'least-int-modulo',
    reason: 'the least int modulo -1 overflows as its quotient does; the peer answers 0',
    definition: 'Overflow',
    witness: '-9223372036854775808 % -1',
    calls: ['_%_'],
    with: (a, b) => a === int_min && b === -1n,
  },
  {
    name: 'unary-twice',
    reason: 'the peer drops a unary operator that stands twice, with the error it would give',
    definition: 'Overflow, of the inner negation; no section drops a pair, as the Go engine does',
    witness: '--(-9223372036854775808)',
    calls: [],
    written: (node) => node.kind === 'unary' && node.name === '-' && node.children[0].name === '-',
  },
  {
    name: 'index-of-no-number',
    reason: 'the peer indexes a list with true, null and texts as with a number',
    definition: 'List of Standard Definitions, _[_]: (list(A), int) -> A',
    witness: '[1][dyn(false)]',
    calls: [],
    written: may_index_by_text,
  },
  {
    name: 'unsigned-quotient',
    reason: 'the peer takes a quotient over the largest int for an overflow of uint',
    definition: 'Overflow: only "when the results exceed the range"',
    witness: '18446744073709551615u / 1u',
    calls: ['_/_'],
    with: (a, b) => isCelUint(a) && isCelUint(b) && b.value > 0n && a.value / b.value > int_max,
  },
  {
    name: 'order-of-text',
    reason: 'the peer orders text by UTF-16 units, the definition by code points',
    definition: 'Equality and Ordering: "lexicographic ordering of the code points"',
    witness: "'\\uffee' < '\\U0001f600'",
    calls: ['_<_', '_<=_', '_>_', '_>=_'],
    with: (a, b) => is_text(a) && is_text(b) && /[\ud800-\udfff]/.test(a + b),
  },
  {
    name: 'order-of-keys',
    reason: 'the definition gives the keys of a map no order; the peer keeps the written one',
    definition: 'open',
    witness: '{2: 0, 1: 0}.map(x, x)',
    calls: [],
    written: lists_keys,
  },
  {
    name: 'null-in-map',
    reason: 'the peer does not see a key whose value is null',
    definition: 'List of Standard Definitions, in: "map key membership"',
    witness: "'a' in {'a': null}",
    calls: ['@in'],
    with: (key, map) => isCelMap(map) && map.get(key) === null,
  },
  {
    name: 'no-key-in-map',
    reason: 'what can be no key is in no map; the peer has no overload',
    definition: 'open',
    witness: 'dyn([]) in {}',
    calls: ['@in'],
    with: (key, map) => isCelMap(map) && !is_key(key),
  },
  {
    name: 'matches-as-function',
    reason: 'the peer lacks the form matches(text, pattern)',
    definition: 'List of Standard Definitions, matches',
    witness: "matches('a', 'a')",
    calls: [],
    written: (node) => node.kind === 'call' && node.name === 'matches',
  },
  {
    name: 'unsigned-key-twice',
    reason: 'the peer lets a map have an unsigned key twice',
    definition: 'Aggregate Values',
    witness: '{1u: 1, 1u: 2}',
    calls: [],
    written: may_repeat_key,
  },
  {
    name: 'has-of-no-map',
    reason: 'the peer answers false where there is no map, and for a key whose value is null',
    definition: 'Field Selection: "in all other cases, has(e.f) evaluates to an error"',
    witness: 'has(dyn(0).a)',
    calls: [],
    written: may_ask_null,
  },
];

/** By function: the differences that its calls may meet. */
export const wires = {};
for (const row of known) {
  for (const name of row.calls) {
    (wires[name] ??= []).push(row);
  }
}

/** Names of the differences that the form of a tree meets. */
export function written_in(tree) {
  const found = known.filter((row) => row.written?.(tree)).map((row) => row.name);
  return [...new Set([...found, ...tree.children.flatMap(written_in)])];
}
