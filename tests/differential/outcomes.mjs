// The outcome of an expression with @bufbuild/cel, as JSON that keeps the type of every value.
import { celEnv, isCelError, isCelList, isCelMap, isCelType, isCelUint, parse,
  plan } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { wires } from './known.mjs';

/** JSON text of values with big integers, which JSON.stringify refuses. */
export function json(value) {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map(json).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(name)}:${json(member)}`);
  return `{${members.join(',')}}`;
}

function message_value({ desc, message }) {
  const { seconds, nanos } = message;
  if (desc.typeName.endsWith('.Timestamp')) return { timestamp: [String(seconds), nanos] };
  return { duration: String(seconds * 1_000_000_000n + BigInt(nanos)) };
}

/** null, true, "text", [list], or one member that names the type. */
function value_of(value) {
  if (typeof value === 'bigint') return { int: String(value) };
  if (typeof value === 'number') return { double: Object.is(value, -0) ? '-0' : String(value) };
  if (value === null || typeof value !== 'object') return value;
  if (isCelUint(value)) return { uint: String(value.value) };
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('hex') };
  if (isCelList(value)) return [...value].map(value_of);
  if (isCelMap(value)) return { map: [...value].map((entry) => entry.map(value_of)) };
  if (isCelType(value)) return { type: value.name };
  return message_value(value);
}

/** The peer's functions, telling which known differences a call meets. */
class Watched {
  constructor(inner, name, met) {
    this.inner = inner;
    this.wires = wires[name] ?? [];
    this.met = met;
  }
  call(id, target, values) {
    const all = target === undefined ? values : [target, ...values];
    const result = this.inner.call(id, target, values);
    for (const wire of this.wires) {
      if (wire.with(...all)) this.met.add(wire.name);
    }
    return result;
  }
}

export class Peer {
  constructor() {
    const env = celEnv({ funcs: strings });
    this.met = new Set();
    const find = (name) => {
      const inner = env.funcs.find(name);
      return inner && wires[name] ? new Watched(inner, name, this.met) : inner;
    };
    const { registry, namespace, variables } = env;
    this.env = { registry, namespace, variables, funcs: { find } };
  }

  /** {value} or {error}, and the known differences that were met on the way or are `written`. */
  outcome(expression, input, written = []) {
    this.met.clear();
    for (const name of written) this.met.add(name);
    const outcome = this.evaluate(expression, input);
    return this.met.size === 0 ? outcome : { ...outcome, known: [...this.met] };
  }

  evaluate(expression, input) {
    try {
      const result = plan(this.env, parse(expression))(input);
      return isCelError(result) ? { error: result.message } : { value: value_of(result) };
    } catch (problem) {
      return { error: String(problem.message) };
    }
  }
}
