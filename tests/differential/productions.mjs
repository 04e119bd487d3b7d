// What makes a value of each type: operators, functions and loops, with how often each is chosen.
import { format_clause, part, pattern, zone } from './literals.mjs';
import { element_of, is_list, is_map, list_of, map_of, object_fields,
  simple_types } from './types.mjs';

const getters = ['getFullYear', 'getMonth', 'getDate', 'getDayOfMonth', 'getDayOfYear',
  'getDayOfWeek', 'getHours', 'getMinutes', 'getSeconds', 'getMilliseconds'];

const required_fields = object_fields.filter((field) => !field.is_optional);

/** Rows [weight, maker] of the ways to make the type out of parts of the depth. */
export function ways_to_make(grammar, type, depth) {
  const g = grammar;
  const pick = (list) => g.choices.of(list);
  const make = (part) => g.make(part, depth);
  const binary = (name, left, right) => g.node('binary', type, name, make(left), make(right));
  const call = (name, ...parts) => g.node('call', type, name, ...parts.map(make));
  const method = (name, ...parts) => g.node('method', type, name, ...parts.map(make));
  const range_type = () =>
    pick([g.compound_type(), 'list({item})', 'list(int)', 'map(string, int)']);
  const convert = (...from) => [2, () => call(type, pick(from))];
  const way = { g, type, depth, pick, make, binary, call, method, range_type, convert };
  if (is_list(type)) return lists(way);
  if (is_map(type)) return maps(way);
  return by_type[type]?.(way) ?? [];
}

const by_type = {
  bool: (way) => [...logic(way), ...comparisons(way), ...questions(way), ...quantifiers(way)],
  int: ({ g, type, pick, make, binary, call, method, convert }) => [
    [6, () => binary(pick(['+', '-', '*', '/', '%']), 'int', 'int')],
    [1, () => g.node('unary', type, '-', make('int'))],
    convert('int', 'uint', 'double', 'string', 'timestamp', 'duration'),
    [3, () => call('size', pick(['string', 'bytes', g.compound_type(), 'list({item})']))],
    [1, () => method('size', pick(['string', 'bytes', g.compound_type()]))],
    [2, () => method(pick(getters), 'timestamp')],
    [1, () => g.node('method', type, pick(getters), make('timestamp'), zone(g.choices))],
    [1, () => method(pick(getters.slice(6)), 'duration')],
  ],
  uint: ({ pick, binary, convert }) => [
    [5, () => binary(pick(['+', '-', '*', '/', '%']), 'uint', 'uint')],
    convert('int', 'uint', 'double', 'string'),
  ],
  double: ({ g, type, pick, make, binary, convert }) => [
    [5, () => binary(pick(['+', '-', '*', '/']), 'double', 'double')],
    [1, () => g.node('unary', type, '-', make('double'))],
    convert('int', 'uint', 'double', 'string'),
  ],
  string: ({ g, type, pick, make, binary, method, call, convert }) => [
    [4, () => binary('+', 'string', 'string')],
    // The peer counts positions in UTF-16 units, and goes on for ever replacing nothing.
    [2, () => method(pick(['lowerAscii', 'upperAscii', 'trim']), 'string')],
    [1, () => g.node('method', type, 'replace', make('string'), part(g.choices), make('string'))],
    [1, () => method('join', 'list(string)')],
    [1, () => method('join', 'list(string)', 'string')],
    [1, () => call('strings.quote', 'string')],
    [1, () => {
      const { clause, type: taken } = format_clause(g.choices);
      return g.node('method', type, 'format', clause, g.node('list', 'list(dyn)', '', make(taken)));
    }],
    convert('string', 'bool', 'int', 'uint', 'double', 'bytes', 'timestamp', 'duration'),
  ],
  bytes: ({ binary, convert }) => [
    [3, () => binary('+', 'bytes', 'bytes')],
    convert('bytes', 'string'),
  ],
  timestamp: ({ pick, binary, convert }) => [
    [2, () => binary(pick(['+', '-']), 'timestamp', 'duration')],
    [1, () => binary('+', 'duration', 'timestamp')],
    convert('timestamp', 'string', 'string', 'timestamp', 'string', 'int'),
  ],
  duration: ({ pick, binary, convert }) => [
    [3, () => binary(pick(['+', '-']), 'duration', 'duration')],
    [2, () => binary('-', 'timestamp', 'timestamp')],
    convert('duration', 'string'),
  ],
  type: ({ g, call }) => [
    [4, () => call('type', g.simple_type())],
    [1, () => call('type', g.compound_type())],
  ],
  dyn: ({ g, type, pick, make, binary, call }) => [
    [4, () => call('dyn', pick([g.simple_type(), g.simple_type(), g.compound_type()]))],
    [1, () => call('dyn', pick(['list({item})', '{tests}', 'map(string, double)']))],
    [2, () => g.node('select', type, pick(['a', 'b', 'c', 'x']), make('dyn'))],
    [3, () => g.node('index', type, '', make('dyn'), make('int'))],
    [1, () => g.node('index', type, '', make('dyn'), make(pick(['string', 'dyn'])))],
    [2, () => binary(pick(['+', '-', '*', '/', '%']), 'dyn', pick(['dyn', 'int', 'string']))],
    [1, () => g.node('select', type, pick(required_fields).name, make('dyn'))],
  ],
};

function logic({ g, type, make, binary, pick }) {
  return [
    [5, () => binary(pick(['&&', '||']), 'bool', 'bool')],
    [1, () => binary(pick(['&&', '||']), pick(['dyn', 'bool']), pick(['dyn', 'bool']))],
    [2, () => g.node('unary', type, '!', make('bool'))],
  ];
}

function comparisons({ g, pick, binary }) {
  const order = ['<', '<=', '>', '>='];
  const alike = (name, of) => binary(name, of, of);
  const in_list = (of) => binary('in', of, list_of(of));
  const in_map = (of) => binary('in', of, map_of(of, g.simple_type()));
  return [
    [5, () => alike(pick(order), pick(simple_types))],
    [5, () => alike(pick(['==', '!=']), pick([g.simple_type(), g.compound_type()]))],
    [2, () => binary(pick([...order, '==', '!=']), 'dyn', g.simple_type())],
    [1, () => binary(pick([...order, '==', '!=']), g.simple_type(), 'dyn')],
    [1, () => binary(pick(['==', '!=']), 'dyn', g.compound_type())],
    [3, () => in_list(g.simple_type())],
    [2, () => in_map(pick(['string', 'int', 'bool', 'uint']))],
    [1, () => binary('in', 'dyn', pick(['dyn', g.compound_type()]))],
  ];
}

function questions({ g, type, pick, make, method, convert }) {
  const has = () => {
    const field = pick(object_fields.filter((candidate) => candidate.owner !== '{suite}'));
    const target = g.object(field.owner);
    return target && g.node('has', type, field.name, target);
  };
  return [
    convert('bool', 'string'),
    [3, () => method(pick(['contains', 'startsWith', 'endsWith']), 'string', 'string')],
    [2, () => g.node('method', type, 'matches', make('string'), pattern(g.choices))],
    [1, () => g.node('method', type, 'matches', make('string'),
      g.node('ternary', 'string', '', make('bool'), pattern(g.choices), pattern(g.choices)))],
    [2, has],
    [1, () => g.node('has', type, pick(['a', 'team', 'x']),
      make(pick(['dyn', 'map(string, int)', 'map(string, string)'])))],
  ];
}

function quantifiers({ g, type, depth, pick, range_type }) {
  return [[8, () => {
    const name = pick(['all', 'exists', 'all', 'exists', 'exists_one']);
    return g.loop(type, name, depth, range_type(), () => [g.make('bool', depth)]);
  }]];
}

function lists({ g, type, depth, pick, binary }) {
  const element = element_of(type);
  const split = () => g.node('method', type, 'split', g.make('string', depth), part(g.choices));
  return [
    ...(type === 'list(string)' ? [[2, split]] : []),
    [3, () => g.list(type, depth)],
    [2, () => binary('+', type, type)],
    [3, () => g.loop(type, 'filter', depth, type, () => [g.make('bool', depth)])],
    [2, () => g.loop(type, 'map', depth, pick([list_of(g.simple_type()), g.compound_type()]),
      () => [g.make(element, depth)])],
    [1, () => g.loop(type, 'map', depth, list_of('{item}'),
      () => [g.make('bool', depth), g.make(element, depth)])],
  ];
}

function maps({ g, type, depth }) {
  return [[4, () => g.map(type, depth)]];
}
