// Building the document: elements from data, always as text and never as markup, and the small
// pieces that every view shares (status chips, times, tables, commands).

/** Attributes as an object; `on` holds listeners; children are nodes, texts, lists, or nothing. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === 'on') {
      for (const [event, listener] of Object.entries(value)) {
        element.addEventListener(event, listener);
      }
    } else {
      element.setAttribute(key, value === true ? '' : String(value));
    }
  }
  element.append(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined),
  );
  return element;
}

const svgNamespace = 'http://www.w3.org/2000/svg';

// Each status has a shape of its own, so that it is told without colour. A box of 16 by 16.
const shapes = {
  octagon: ['M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3z', 'M5.2 8h5.6'],
  triangle: ['M8 1.9 14.8 13.7H1.2z', 'M8 6.2v3.4', 'M8 11.6v.1'],
  check: ['M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13z', 'M5 8.3l2.1 2.1L11.1 6'],
  out: ['M2 7v6.8h12V7', 'M8 10.4V1.8', 'M4.8 4.8 8 1.7l3.2 3.1'],
  dashes: ['M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13z'],
  shield: ['M8 1.4 13.6 3.4v4.3c0 3.4-2.4 5.8-5.6 6.9-3.2-1.1-5.6-3.5-5.6-6.9V3.4z', 'M8 1.4v13.2'],
  clock: ['M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13z', 'M8 4.4V8l2.5 1.6'],
  stale: ['M11 3.2a6 6 0 1 0 2.6 6.9', 'M7.4 5.4v3.3l2 1.4', 'M14 2v3.4', 'M14 7.6v.1'],
  unplugged: [
    'M1.8 14.2l2.4-2.4',
    'M3.6 8.4l4 4a2.8 2.8 0 0 1-4-4z',
    'M14.2 1.8l-2.4 2.4',
    'M12.4 7.6l-4-4a2.8 2.8 0 0 1 4 4z',
  ],
  back: ['M6 3.2 2.2 7 6 10.8', 'M2.4 7h7.4a3.4 3.4 0 0 1 0 6.8H7.4'],
};

function icon(shape) {
  const svg = document.createElementNS(svgNamespace, 'svg');
  const attributes = { viewBox: '0 0 16 16', 'aria-hidden': 'true', class: 'icon' };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  for (const line of shapes[shape]) {
    const path = document.createElementNS(svgNamespace, 'path');
    path.setAttribute('d', line);
    if (shape === 'dashes') path.setAttribute('stroke-dasharray', '2.9 2.2');
    svg.append(path);
  }
  return svg;
}

/** A status: a row of words.js. */
export function chip({ word, tone, shape }, size = 'small') {
  return el('span', { class: `chip ${tone} ${size}` }, icon(shape), el('span', {}, word));
}

const localTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const exactTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const clockTime = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const wholeNumber = new Intl.NumberFormat();
const sizeUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];

export const clockText = (date) => clockTime.format(date);
export const numberText = (value) => wholeNumber.format(value);

/** Hundredths of a percent, never rounded up: 79.999 % reads 79.99. */
export const percentText = (basisPoints) =>
  new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 2 }).format(
    basisPoints / 10_000,
  );

export function sizeText(bytes) {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < sizeUnits.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return new Intl.NumberFormat(undefined, {
    style: 'unit',
    unit: sizeUnits[unit],
    unitDisplay: unit ? 'short' : 'long',
    maximumFractionDigits: 1,
  }).format(value);
}

/** The visitor's zone; the title says UTC. `form` is 'minutes' or 'seconds'. */
export function time(text, form = 'minutes') {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return el('span', {}, String(text));
  const utc = `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  return el(
    'time',
    { datetime: text, title: utc },
    (form === 'seconds' ? exactTime : localTime).format(date),
  );
}

export const counted = (count, one, many) => `${numberText(count)} ${count === 1 ? one : many}`;

/** A command line to type; it wraps instead of widening the page. */
export const command = (text) => el('code', { class: 'command' }, text);

/** A link inside the page, followed without loading it anew. */
export const link = (href, ...children) => el('a', { href, 'data-inside': true }, ...children);

/** Only web addresses become links; anything else that a pipeline stated stays text. */
export function outsideLink(text) {
  return /^https?:\/\//i.test(text)
    ? el('a', { href: text, rel: 'noopener noreferrer' }, text)
    : el('span', {}, text);
}

/**
 * A table that becomes a stack of labelled rows on narrow screens; the roles keep it a table for
 * assistive programs then. Columns are {label, number?}; the first cell of a row heads it.
 */
export function table(caption, columns, rows) {
  const head = columns.map(({ label, number }) =>
    el('th', { scope: 'col', role: 'columnheader', class: number ? 'number' : undefined }, label),
  );
  const body = rows.map(({ cells, faint }) =>
    el(
      'tr',
      { role: 'row', class: faint ? 'faint' : undefined },
      cells.map((cell, index) => {
        const { label, number } = columns[index];
        const attributes = { 'data-label': label, class: number ? 'number' : undefined };
        return index === 0
          ? el('th', { scope: 'row', role: 'rowheader', ...attributes }, el('div', {}, cell))
          : el('td', { role: 'cell', ...attributes }, el('div', {}, cell));
      }),
    ),
  );
  return el(
    'table',
    { role: 'table', class: 'rows' },
    el('caption', { class: 'unseen' }, caption),
    el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, head)),
    el('tbody', { role: 'rowgroup' }, body),
  );
}

/** A section with its heading; `aside` stands at the heading's right. */
export function section(id, heading, aside, ...content) {
  return el(
    'section',
    { class: 'card', 'aria-labelledby': id, 'data-section': id },
    el(
      'div',
      { class: 'cardhead' },
      el('h2', { id }, heading),
      aside ? el('p', { class: 'aside' }, aside) : null,
    ),
    content,
  );
}
