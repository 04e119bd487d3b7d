// Types as texts: "int", "map(string, int)", or "{suite}" for an object of the schema.
import { optional, schema } from './facts.mjs';

export const simple_types = ['int', 'uint', 'double', 'bool', 'string', 'bytes', 'timestamp',
  'duration'];

export const list_of = (type) => `list(${type})`;
export const map_of = (key, value) => `map(${key}, ${value})`;
export const element_of = (type) => type.slice(5, -1);
export const key_value_of = (type) => /^map\((\w+), (.*)\)$/.exec(type).slice(1);
export const is_list = (type) => type.startsWith('list(');
export const is_map = (type) => type.startsWith('map(');

const fields = {};

function type_of(part, name) {
  if (part.format === 'date-time') return 'timestamp';
  if (part.format === 'duration') return 'duration';
  if (part.format === 'byte') return 'bytes';
  if (part.type === 'array') return list_of(type_of(part.items, name.slice(0, -1)));
  if (part.additionalProperties) return map_of('string', type_of(part.additionalProperties, ''));
  if (part.properties) {
    fields[`{${name}}`] = Object.entries(part.properties).map(([field, inner]) => (
      { name: field, type: type_of(inner, field), is_optional: optional.has(field) }));
    return `{${name}}`;
  }
  const simple = { integer: 'int', string: 'string', number: 'double', boolean: 'bool' };
  return simple[part.type] ?? 'dyn';
}

type_of(schema, 'facts');

/** The variables: names and types of the facts. */
export const variables = fields['{facts}'];
/** The fields of objects inside the facts, each with its owner's type. */
export const object_fields = ['{tests}', '{suite}', '{item}'].flatMap(
  (owner) => fields[owner].map((field) => ({ ...field, owner })));
