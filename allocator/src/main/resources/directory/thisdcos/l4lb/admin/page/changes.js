'use strict';
// What changed, when, by whom and why; live.

const CHANGES_AT_ONCE = 100;
const MAX_CHANGES = 1000; // that are shown: what is older is a click away

const day = one => one.at.slice(0, 19) + 'Z';
const by = one => one.who ? 'by ' + one.who : '';
const CHANGES = [
  {title: 'At', width: '190px', text: day},
  {title: 'Name', text: one => one.target.replace('.l4lb.thisdcos.directory', ''), link: one => one.target && '#/changes/' + encodeURIComponent(one.target)},
  {title: 'What', width: 'minmax(0,2fr)', text: one => one.text},
  {title: 'By', text: by},
  {title: 'Why', text: one => one.why},
];

function changesPath(name, limit) {
  return '/v1/changes?limit=' + limit + (name ? '&name=' + encodeURIComponent(name) : '');
}

/** @param name of which alone; empty for all */
function changesView(name) {
  const path = changesPath(name, CHANGES_AT_ONCE);
  const news = make('p', {role: 'status', class: 'soft'});
  const table = make('div');
  const older = make('button', {type: 'button', hidden: '', onclick: async () => add(await get(path + '&before=' + oldest), false)}, 'Older');
  let newest = 0;
  let oldest = 0;
  let rows = null;

  function add(items, isNew) {
    if (rows === null) {
      rows = plain('Changes, the newest first', CHANGES, items);
      table.replaceChildren(rows);
      if (!items.length) rows = null;
    } else if (isNew) {
      rows.querySelector('.head').after(...items.map(item => plainRow(CHANGES, item)));
      while (rows.children.length > MAX_CHANGES + 1) rows.lastChild.remove();
    } else {
      rows.append(...items.map(item => plainRow(CHANGES, item)));
    }
    if (!items.length) older.hidden = true;
    else if (!isNew || !newest) {
      older.hidden = items.length < CHANGES_AT_ONCE;
      oldest = items[items.length - 1].id;
    }
    newest = Math.max(newest, items[0]?.id ?? 0);
  }

  return async mine => {
    const items = await get(path);
    if (mine !== shown) return;
    const fresh = items.filter(one => one.id > newest);
    if (!newest || fresh.length === CHANGES_AT_ONCE) {
      if (!table.isConnected) {
        main.replaceChildren(
          ...(name ? [make('p', {}, make('a', {href: '#/changes'}, 'All changes'))] : []),
          make('h2', {}, name ? 'Changes of ' + name : 'Changes'), news, table, older);
        listen(mine, 'change', () => refresh(mine));
      }
      newest = 0;
      rows = null;
      add(items, true);
    } else if (fresh.length) {
      add(fresh, true);
      news.textContent = fresh.length + (fresh.length === 1 ? ' new change' : ' new changes') + ', the newest at ' + day(fresh[0]);
    }
  };
}

/** Calls back for each batch of events of a kind, until the view is another one. Where none come, the view asks now and then. */
async function listen(mine, kind, act) {
  while (mine === shown) {
    try {
      const answer = await fetch('/v1/events', {headers: headers({Accept: 'text/event-stream'}), cache: 'no-store', signal: leaving.signal});
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = '';
      for (let part = await reader.read(); !part.done && answer.ok; part = await reader.read()) {
        const events = (rest + part.value).split('\n\n');
        rest = events.pop();
        if (events.some(event => event.includes('event: ' + kind))) act();
      }
    } catch (error) {
      // The server is gone, or this view is; both are seen elsewhere.
    }
    await new Promise(done => setTimeout(done, REFRESH_MS));
  }
}
