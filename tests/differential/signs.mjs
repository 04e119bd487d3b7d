// What the calls and trees look like on which the two engines are known to differ, see known.mjs.
import { isCelUint } from '@bufbuild/cel';
import { isReflectMessage } from '@bufbuild/protobuf/reflect';
import { is_map, key_value_of } from './types.mjs';

export const int_min = -9223372036854775808n;
export const int_max = 9223372036854775807n;
// A day later, because an offset may lead back into the year 99.
export const seconds_of_year_100 = -59_011_372_800n;

export const is_text = (value) => typeof value === 'string';
export const is_decimal = (text) => /^[+-]?\d+$/.test(text);

export const is_double = (text) =>
  /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) && Number.isFinite(Number(text));

/** Whether a text begins with a date that no calendar has. */
export function is_no_date(text) {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)T/.exec(text) ?? [];
  if (year === undefined) return false;
  const date = new Date(`${year}-${month}-01T00:00:00Z`);
  date.setUTCDate(Number(day));
  return date.getUTCMonth() + 1 !== Number(month);
}

export const is_key = (value) =>
  ['string', 'bigint', 'boolean', 'number'].includes(typeof value) || isCelUint(value);

/** Whether a literal map may have an unsigned key twice. */
export function may_repeat_key(node) {
  if (node.kind !== 'map' || !node.type.startsWith('map(uint')) return false;
  const keys = node.children.filter((_, at) => at % 2 === 0).map((key) => key.value);
  return keys.length > 1 && (keys.includes(undefined) || new Set(keys).size < keys.length);
}

/** Whether has() asks something that may be no map, or a map that may hold null. */
export function may_ask_null(node) {
  if (node.kind !== 'has') return false;
  const { type } = node.children[0];
  return type === 'dyn' || (is_map(type) && ['dyn', 'null'].includes(key_value_of(type)[1]));
}

/** Whether keys become a list, of a map that is no fact and may have several. */
export function lists_keys(node) {
  if (node.kind !== 'loop' || !['map', 'filter'].includes(node.name)) return false;
  const [range] = node.children;
  const has_one = range.kind === 'map' && range.children.length <= 2;
  return is_map(range.type) && range.kind !== 'name' && !has_one;
}

/** Whether a list may be indexed by something else than a number. */
export function may_index_by_text(node) {
  if (node.kind !== 'index') return false;
  const [target, key] = node.children;
  return key.type === 'dyn' || (target.type === 'dyn' && key.type !== 'int');
}

export const has_own_form = (number) =>
  Object.is(number, -0) || Math.abs(number) >= 1e15 || (number !== 0 && Math.abs(number) < 1e-4);

const is_named = (zone) => zone !== undefined && !/^[+-]?\d\d:\d\d$/.test(zone);

/** Whether the hour in a named zone is the first of its day. */
export function is_midnight(value, zone) {
  if (!is_named(zone)) return false;
  try {
    const options = { timeZone: zone, hour: '2-digit', hour12: false };
    const format = new Intl.DateTimeFormat('en-US', options);
    return Number(format.format(Number(value.message.seconds) * 1000)) % 24 === 0;
  } catch {
    return false;
  }
}

export const nanos_of = (value) => (isReflectMessage(value) ? value.message.nanos : 0);
/** With a fraction that 3, 6 or 9 digits do not end with a digit other than 0. */
export const has_final_zero = (value) => {
  const digits = String(Math.abs(nanos_of(value))).padStart(9, '0').replace(/0+$/, '');
  return digits.length % 3 !== 0;
};
