// Random trees of the language, typed as its checker types them. A tree is {kind, type, name,
// children}, and a loop has the name of its variable.
import { leaf, literal_of, key_literal } from './literals.mjs';
import { ways_to_make } from './productions.mjs';
import { element_of, is_list, is_map, key_value_of, list_of, map_of, object_fields, simple_types,
  variables } from './types.mjs';

// Two of them are also names of facts, which they hide.
const local_names = ['x', 'y', 'z', 'n', 'tags'];
const loops_nested_max = 4;

export class Grammar {
  constructor(choices) {
    this.choices = choices;
    this.locals = [];
  }

  /** A whole expression: mostly a condition, sometimes of another type. */
  expression() {
    const depth = 1 + this.choices.below(5);
    if (!this.choices.once_in(4)) return this.make('bool', depth);
    return this.make(this.choices.once_in(3) ? this.compound_type() : this.simple_type(), depth);
  }

  simple_type() {
    return this.choices.once_in(12) ? this.choices.of(['dyn', 'type', 'null'])
                                    : this.choices.of(simple_types);
  }

  compound_type() {
    const inner = this.choices.once_in(6) ? list_of(this.simple_type()) : this.simple_type();
    if (this.choices.once_in(2)) return list_of(inner);
    return map_of(this.choices.of(['string', 'string', 'int', 'bool', 'uint']), inner);
  }

  node(kind, type, name, ...children) {
    return { kind, type, name, children, is_enclosed: this.choices.once_in(20) };
  }

  /** A tree of the type, about as deep as asked. */
  make(type, depth) {
    if (depth <= 0) return this.atom(type);
    const ways = [[2, () => this.atom(type)], [1, () => this.ternary(type, depth)],
      [2, () => this.read(type, depth)], ...ways_to_make(this, type, depth - 1)];
    return this.choices.weighted(ways)() ?? this.atom(type);
  }

  atom(type) {
    if (type.startsWith('{')) return this.object(type);
    const names = this.names(type);
    if (names.length > 0 && !this.choices.once_in(3)) {
      return leaf('name', type, this.choices.of(names));
    }
    if (type === 'dyn') {
      return this.node('call', type, 'dyn', this.atom(this.choices.of(simple_types)));
    }
    if (is_list(type)) return this.list(type, 0);
    if (is_map(type)) return this.map(type, 0);
    return literal_of(this.choices, type);
  }

  /** Variables and facts of the type that no inner variable hides. */
  names(type) {
    const out = [];
    const seen = new Set();
    for (const local of [...this.locals].reverse()) {
      if (local.type === type && !seen.has(local.name)) out.push(local.name, local.name);
      seen.add(local.name);
    }
    for (const fact of variables) {
      if (fact.type === type && !seen.has(fact.name)) out.push(fact.name);
    }
    return out;
  }

  list(type, depth) {
    const count = this.choices.once_in(8) ? 0 : 1 + this.choices.below(3);
    const elements = Array.from({ length: count }, () => this.make(element_of(type), depth));
    return this.node('list', type, '', ...elements);
  }

  map(type, depth) {
    const [key, value] = key_value_of(type);
    const children = [];
    const written = new Set();
    for (let i = this.choices.below(4); i > 0; --i) {
      const is_computed = this.choices.once_in(key === 'uint' ? 40 : 8);
      const at = is_computed ? this.make(key, depth) : key_literal(this.choices, key);
      // A key that comes twice is an error; mostly there is none.
      if (written.has(at.value) && !this.choices.once_in(40)) continue;
      written.add(at.value);
      children.push(at, this.make(value, depth));
    }
    return this.node('map', type, '', ...children);
  }

  ternary(type, depth) {
    return this.node('ternary', type, '', this.make('bool', depth - 1), this.make(type, depth - 1),
                     this.make(type, depth - 1));
  }

  /** A value out of a list, a map or an object. */
  read(type, depth) {
    const element = () =>
      this.node('index', type, '', this.make(list_of(type), depth - 1), this.index(depth - 1));
    const ways = [
      [2, element],
      [1, () => this.entry(type, depth)],
      [3, () => this.field(type, depth)],
    ];
    return this.choices.weighted(ways)();
  }

  index(depth) {
    if (this.choices.once_in(8)) return this.make('int', depth);
    return leaf('literal', 'int', this.choices.of(['0', '0', '0', '1', '2']));
  }

  entry(type, depth) {
    if (type !== 'dyn' && this.choices.once_in(2)) {
      const key = this.choices.of(['string', 'int', 'bool', 'uint']);
      const map = this.make(map_of(key, type), depth - 1);
      return this.node('index', type, '', map, key_literal(this.choices, key));
    }
    const map = this.make(map_of('string', type), depth - 1);
    return this.node('select', type, this.choices.of(['a', 'b', 'team']), map);
  }

  field(type, depth) {
    const fields = object_fields.filter((field) => field.type === type);
    if (fields.length === 0) return undefined;
    const field = this.choices.of(fields);
    const target = this.object(field.owner, depth - 1);
    if (target === undefined) return undefined;
    const read = this.node('select', type, field.name, target);
    const guarded = field.owner === '{suite}' ? target : field.is_optional ? read : undefined;
    if (guarded === undefined) return read;
    const guard = { ...guarded, kind: 'has', type: 'bool' };
    if (type === 'bool') return this.node('binary', type, '&&', guard, read);
    return this.node('ternary', type, '', guard, read, this.make(type, depth - 1));
  }

  object(type) {
    if (type === '{suite}') {
      return this.node('select', type, 'suite', leaf('name', '{tests}', 'tests'));
    }
    const names = this.names(type);
    if (names.length > 0) return leaf('name', type, this.choices.of(names));
    if (type !== '{item}') return undefined;
    const position = leaf('literal', 'int', this.choices.of(['0', '0', '1']));
    return this.node('index', type, '', leaf('name', 'list({item})', 'items'), position);
  }

  /** A loop over a list or the keys of a map: `body` makes what stands after the variable. */
  loop(type, name, depth, range_type, body) {
    if (this.locals.length >= loops_nested_max) return undefined;
    const range = this.make(range_type, depth);
    const element = is_list(range_type) ? element_of(range_type) : key_value_of(range_type)[0];
    const variable = this.choices.of(local_names);
    this.locals.push({ name: variable, type: element });
    const rest = body();
    this.locals.pop();
    return { ...this.node('loop', type, name, range, ...rest), variable };
  }
}
