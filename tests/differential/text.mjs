// The text of a tree: with the parentheses that the grammar needs, and now and then some that it
// does not need, so that precedence and associativity are compared too.

const precedence_of = { '?:': 1, '||': 2, '&&': 3, '<': 4, '<=': 4, '>': 4, '>=': 4, '==': 4,
  '!=': 4, in: 4, '+': 5, '-': 5, '*': 6, '/': 6, '%': 6 };
const unary = 7;
const member = 8;

function precedence(node) {
  if (node.kind === 'binary') return precedence_of[node.name];
  if (node.kind === 'ternary') return precedence_of['?:'];
  if (node.kind === 'unary') return unary;
  return node.kind === 'literal' && node.name.startsWith('-') ? unary : member;
}

function enclosed(node, lowest) {
  const text = text_of(node);
  return precedence(node) < lowest || node.is_enclosed ? `(${text})` : text;
}

const listed = (nodes) => nodes.map((node) => text_of(node)).join(', ');

function paired(nodes) {
  const out = [];
  for (let i = 0; i + 1 < nodes.length; i += 2) {
    out.push(`${enclosed(nodes[i], 2)}: ${text_of(nodes[i + 1])}`);
  }
  return out.join(', ');
}

export function text_of(node) {
  const [first, ...rest] = node.children;
  switch (node.kind) {
    case 'literal':
    case 'name': return node.name;
    case 'binary': {
      const own = precedence(node);
      return `${enclosed(first, own)} ${node.name} ${enclosed(rest[0], own + 1)}`;
    }
    case 'unary': {
      const is_repeated = first.kind === 'unary' && first.name === node.name;
      return node.name + enclosed(first, is_repeated ? unary : member);
    }
    case 'ternary': return `${enclosed(first, 2)} ? ${enclosed(rest[0], 2)} : ${text_of(rest[1])}`;
    case 'call': return `${node.name}(${listed(node.children)})`;
    case 'method': return `${enclosed(first, member)}.${node.name}(${listed(rest)})`;
    case 'select': return `${enclosed(first, member)}.${node.name}`;
    case 'has': return `has(${enclosed(first, member)}.${node.name})`;
    case 'index': return `${enclosed(first, member)}[${text_of(rest[0])}]`;
    case 'list': return `[${listed(node.children)}]`;
    case 'map': return `{${paired(node.children)}}`;
    case 'loop':
      return `${enclosed(first, member)}.${node.name}(${node.variable}, ${listed(rest)})`;
    default: throw new Error(`no text for ${node.kind}`);
  }
}
