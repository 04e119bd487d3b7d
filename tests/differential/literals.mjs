// Literals of every type, written in the many ways that the language allows.
import { doubles, durations, ints, strings, times, uints, wrong_durations, wrong_times, zones,
  formats, patterns } from './pools.mjs';

export const leaf = (kind, type, name) => ({ kind, type, name, children: [] });
const literal = (type, name) => leaf('literal', type, name);

const call = (type, name, child) => ({ kind: 'call', type, name, children: [child] });

function int_text(choices, value) {
  if (!choices.once_in(8)) return String(value);
  return value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16).toUpperCase()}`;
}

export function double_text(value) {
  const text = String(value);
  if (Object.is(value, -0)) return '-0.0';
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function escaped(choices, character) {
  const point = character.codePointAt(0);
  const hex = (width) => point.toString(16).padStart(width, '0');
  const long = `\\U${hex(8)}`;
  if (point > 0xffff) return long;
  const short = `\\u${hex(4)}`;
  if (point >= 0x80) return choices.of([short, long]);
  return choices.of([`\\x${hex(2)}`, `\\${point.toString(8).padStart(3, '0')}`, short, long]);
}

/** A string literal: quotes of one, two or three, raw where that can be, escapes at will. */
export function quoted(choices, value) {
  const quote = choices.of(["'", "'", '"', '"', "'''", '"""']);
  const is_plain = !/["'\\\n]/.test(value);
  if (is_plain && choices.once_in(6)) return `${choices.of(['r', 'R'])}${quote}${value}${quote}`;
  const short = { '\n': '\\n', '\\': '\\\\', "'": "\\'", '"': '\\"' };
  const write = (c) => short[c] ?? (choices.once_in(12) ? escaped(choices, c) : c);
  return quote + [...value].map(write).join('') + quote;
}

const text = (choices, value) => literal('string', quoted(choices, value));

const mostly_small = (choices, pool, small) =>
  choices.of(choices.once_in(4) ? pool : pool.slice(0, small));

const byte_literals = ["b''", "b'abc'", 'b"a"', "b'\\xff'", "b'é'", "bR'\\x'", "b'\\000'"];
const type_names = ['int', 'uint', 'double', 'bool', 'string', 'bytes', 'list', 'map', 'null_type',
  'type', 'google.protobuf.Timestamp', 'google.protobuf.Duration'];

/** A literal of a simple type, or the simplest expression that has one of that type. */
export function literal_of(choices, type) {
  switch (type) {
    case 'int': return literal(type, int_text(choices, mostly_small(choices, ints, 6)));
    case 'uint': {
      const value = mostly_small(choices, uints, 5);
      return literal(type, `${int_text(choices, value)}${choices.of(['u', 'U'])}`);
    }
    case 'double': return literal(type, double_text(mostly_small(choices, doubles, 9)));
    case 'bool': return literal(type, choices.of(['true', 'false']));
    case 'null': return literal(type, 'null');
    case 'string': return text(choices, choices.of(strings));
    case 'bytes':
      return literal(type, choices.of(byte_literals));
    case 'timestamp':
      return call(type, 'timestamp',
        text(choices, choices.of(choices.once_in(20) ? wrong_times : times)));
    case 'duration':
      return call(type, 'duration',
        text(choices, choices.of(choices.once_in(20) ? wrong_durations : durations)));
    case 'type':
      return literal(type, choices.of(type_names));
    default: throw new Error(`no literal of ${type}`);
  }
}

/** A literal that a map may have as a key, with its value. */
export function key_literal(choices, type) {
  const values = { int: [0, 1, 2, 3], uint: [0, 1, 2, 3], bool: [false, true],
    string: ['a', 'b', 'c', 'team', 'é'] };
  const value = choices.of(values[type]);
  if (type === 'string') return { ...text(choices, value), value };
  return { ...literal(type, type === 'uint' ? `${value}u` : String(value)), value };
}

export const zone = (choices) => text(choices, choices.of(zones));
/** A text that others may have in them. */
export const part = (choices) => text(choices, choices.of(['a', 'b', 'ab', 'é', ' ', '-', '1']));

/** A text with a clause, and the type of what it takes. */
export function format_clause(choices) {
  const [clause, type] = choices.of(formats);
  return { clause: text(choices, clause), type };
}
export const pattern = (choices) => text(choices, choices.of(patterns));

/** The smallest expression of a type, for making a counterexample smaller. */
export function smallest(type) {
  if (type.startsWith('list(')) return leaf('list', type, '');
  if (type.startsWith('map(')) return leaf('map', type, '');
  const simple = { int: '0', uint: '0u', double: '0.0', bool: 'true', null: 'null', string: "''",
    bytes: "b''", type: 'int', dyn: 'dyn(0)' }[type];
  return simple === undefined ? undefined : literal(type, simple);
}
