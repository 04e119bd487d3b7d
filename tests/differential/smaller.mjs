// Every form of a tree that is smaller by one step: a part replaced by a part of itself, or by the
// smallest expression of its type, or an element left out.
import { smallest } from './literals.mjs';
import { text_of } from './text.mjs';

const forms_max = 400;

function uses(node, variable) {
  if (node.kind === 'name' && node.name === variable) return true;
  return node.children.some((child) => uses(child, variable));
}

/** Parts of the tree that can stand in its place: of its type, and free of its loops' variables. */
function* parts_of(node, type, hidden) {
  for (const [i, child] of node.children.entries()) {
    const inner = node.kind === 'loop' && i > 0 ? [...hidden, node.variable] : hidden;
    if (child.type === type && !inner.some((variable) => uses(child, variable))) yield child;
    yield* parts_of(child, type, inner);
  }
}

const replaced = (children, at, count, ...others) => [...children.slice(0, at), ...others,
  ...children.slice(at + count)];

function* without_elements(node) {
  const width = { list: 1, map: 2 }[node.kind];
  if (width === undefined) return;
  for (let i = 0; i < node.children.length; i += width) {
    yield { ...node, children: replaced(node.children, i, width) };
  }
}

function* steps_of(node) {
  const least = smallest(node.type);
  if (least !== undefined) yield least;
  yield* parts_of(node, node.type, []);
  yield* without_elements(node);
  for (const [i, child] of node.children.entries()) {
    for (const step of steps_of(child)) {
      yield { ...node, children: replaced(node.children, i, 1, step) };
    }
  }
}

/** The smallest first. */
export function smaller_forms(tree) {
  const length = text_of(tree).length;
  const forms = [];
  for (const form of steps_of(tree)) {
    const size = text_of(form).length;
    if (size < length) forms.push({ form, size });
  }
  forms.sort((a, b) => a.size - b.size);
  return forms.slice(0, forms_max).map(({ form }) => form);
}
