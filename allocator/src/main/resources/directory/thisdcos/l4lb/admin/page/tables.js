'use strict';
// Tables: one that draws only what is in sight, and a plain one.

const narrow = matchMedia('(max-width: 700px)');
const STEPS = {ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity};
let sort = {key: 'vip', down: false};

function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value);
  }
  element.append(...children.map(child => child ?? ''));
  return element;
}

function cell(column, item, role = 'cell') {
  const text = column.text(item);
  const element = make('div', {role, class: 'cell' + (column.minor ? ' minor' : '')});
  const link = column.link?.(item);
  if (link) element.append(make('a', {href: link}, text));
  else element.append(make('span', {class: column.mood?.(item) ?? ''}, text));
  element.title = text;
  return element;
}

function grid(columns) {
  return columns.map(column => column.width ?? '1fr').join(' ');
}

/**
 * A table that draws only the rows in sight, so that ten thousand stay smooth. The tabulator key stops at one row; arrows
 * lead to the others, Enter and Space open one.
 */
function tall(label, columns) {
  const space = make('div', {class: 'space', role: 'none'});
  const scroll = make('div', {class: 'scroll', role: 'rowgroup'}, space);
  const table = make('div', {class: 'table', role: 'grid', 'aria-label': label, 'aria-readonly': 'true', 'aria-colcount': String(columns.length)});
  let items = [];
  let current = 0; // the row at which the tabulator key stops
  const heads = columns.map(column => make('div', {role: 'columnheader', class: 'cell' + (column.minor ? ' minor' : '')},
    make('button', {type: 'button', onclick: () => {
      sort = {key: column.key, down: sort.key === column.key && !sort.down};
      set(items);
    }}, column.title)));
  const head = make('div', {class: 'row head', role: 'row', 'aria-rowindex': '1'}, ...heads);
  head.style.gridTemplateColumns = grid(columns);
  table.append(make('div', {role: 'rowgroup'}, head), scroll);

  const height = () => narrow.matches ? 64 : 44;
  const index = element => Number(element.closest('.row')?.getAttribute('aria-rowindex') ?? 1) - 2;

  function draw() {
    const first = Math.max(0, Math.floor(scroll.scrollTop / height()) - 5);
    const last = Math.min(items.length, Math.ceil((scroll.scrollTop + scroll.clientHeight) / height()) + 5);
    const inSight = Math.ceil(scroll.scrollTop / height());
    const stop = current >= first && current < last ? current : Math.min(inSight, last - 1);
    space.style.height = items.length * height() + 'px';
    const rows = [];
    for (let i = first; i < last; i++) {
      const row = make('div', {class: 'row', role: 'row', 'aria-rowindex': String(i + 2)},
        ...columns.map(column => cell(column, items[i], 'gridcell')));
      for (const link of row.querySelectorAll('a')) link.tabIndex = i === stop ? 0 : -1;
      row.style.top = i * height() + 'px';
      row.style.gridTemplateColumns = grid(columns);
      rows.push(row);
    }
    // What has the focus keeps it through a refresh.
    const focused = space.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
    space.replaceChildren(...rows);
    if (focused) [...space.querySelectorAll('a')].find(link => link.getAttribute('href') === focused)?.focus({preventScroll: true});
  }

  function set(next) {
    const column = columns.find(one => one.key === sort.key) ?? columns[0];
    items = [...next].sort((a, b) => column.text(a).localeCompare(column.text(b), 'en', {numeric: true}));
    if (sort.down) items.reverse();
    heads.forEach((one, i) => one.setAttribute('aria-sort',
      columns[i] === column ? (sort.down ? 'descending' : 'ascending') : 'none'));
    table.setAttribute('aria-rowcount', String(items.length + 1));
    draw();
  }

  /** Brings a row into sight and gives it the focus. */
  function reach(wanted) {
    const next = Math.max(0, Math.min(items.length - 1, wanted));
    const top = next * height();
    scroll.scrollTop = Math.max(top + height() - scroll.clientHeight, Math.min(scroll.scrollTop, top));
    draw();
    space.querySelector('[aria-rowindex="' + (next + 2) + '"] a')?.focus({preventScroll: true});
    draw();
  }

  scroll.addEventListener('keydown', event => {
    if (event.key in STEPS) {
      event.preventDefault();
      reach(index(event.target) + STEPS[event.key]);
    } else if (event.key === ' ' && event.target.matches('a')) {
      event.preventDefault();
      event.target.click();
    }
  });
  space.addEventListener('focusin', event => { current = index(event.target); });
  scroll.addEventListener('scroll', () => requestAnimationFrame(draw));
  addEventListener('resize', draw);
  return {
    table,
    set,
    /** The row with a link gets the focus. */
    find: href => reach(items.findIndex(item => columns.some(column => column.link?.(item) === href))),
  };
}

function plainRow(columns, item) {
  const row = make('div', {class: 'row', role: 'row'}, ...columns.map(one => cell(one, item)));
  row.style.gridTemplateColumns = grid(columns);
  return row;
}

/** A table of few rows, with all of their text. */
function plain(label, columns, items) {
  const head = make('div', {class: 'row head', role: 'row'},
    ...columns.map(column => make('div', {role: 'columnheader', class: 'cell'}, column.title)));
  head.style.gridTemplateColumns = grid(columns);
  const table = make('div', {class: 'table plain', role: 'table', 'aria-label': label}, head, ...items.map(item => plainRow(columns, item)));
  return items.length ? table : make('p', {}, 'None.');
}
