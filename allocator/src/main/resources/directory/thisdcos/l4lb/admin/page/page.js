'use strict';
// Shows what the API says, and changes nothing. No text of the API becomes markup: everything goes through textContent.

const REFRESH_MS = 2000;
const main = document.getElementById('main');
const state = document.getElementById('state');
const login = document.getElementById('login');
const said = document.getElementById('said');
const known = new Map(); // path -> {tag, value}
let filter = '';
let shown = 0; // counts the views, so that a late answer does not fill another one
let leaving = new AbortController(); // ends what a view listens to
let left = null; // the list that was left for what is open: {hash, filter, href}

function headers(more) {
  const token = sessionStorage.getItem('token');
  return token ? {...more, Authorization: 'Bearer ' + token} : more;
}

async function get(path) {
  const before = known.get(path);
  const answer = await fetch(path, {headers: headers(before?.tag ? {'If-None-Match': before.tag} : {}), cache: 'no-store'});
  if (answer.status === 304) return before.value;
  const value = await answer.json();
  if (answer.status === 401) {
    login.hidden = false;
    throw new Error(value.detail);
  }
  if (!answer.ok && !path.startsWith('/readyz')) throw Object.assign(new Error([value.detail, value.fix].filter(Boolean).join('; ')), {told: true});
  known.set(path, {tag: answer.headers.get('ETag'), value});
  return value;
}

login.addEventListener('submit', event => {
  event.preventDefault();
  sessionStorage.setItem('token', document.getElementById('token').value);
  login.hidden = true;
  view();
});

// ---- views

const eligible = service => service.backend.filter(one => one.weight > 0).length;
const owners = service => [...new Set(service.origins.map(one => one.owner))].join(', ');
const addresses = item => [item.address, item.address6].filter(Boolean).join(', ');
const key = service => service.vip + ' ' + service.protocol;

const SERVICES = [
  {key: 'vip', title: 'Service', width: 'minmax(0,3fr)', text: one => one.vip, link: one => '#/service/' + encodeURIComponent(key(one))},
  {key: 'protocol', title: 'Protocol', width: '80px', minor: true, text: one => one.protocol},
  {key: 'address', title: 'Address', width: 'minmax(0,1fr)', minor: true, text: addresses},
  {key: 'backends', title: 'Backends', width: '130px', text: one => eligible(one) + ' of ' + one.backend.length + (eligible(one) ? '' : ' (down)'), mood: one => eligible(one) ? 'good' : 'bad'},
  {key: 'owner', title: 'Owner', width: 'minmax(0,1fr)', minor: true, text: owners},
];

const ALLOCATIONS = [
  {key: 'name', title: 'Name', width: 'minmax(0,3fr)', text: one => one.name, link: one => '#/changes/' + encodeURIComponent(one.name)},
  {key: 'address', title: 'Address', width: 'minmax(0,1fr)', text: addresses},
  {key: 'state', title: 'State', width: '120px', minor: true, text: one => one.state},
  {key: 'since', title: 'Since', width: '210px', minor: true, text: one => one.since},
  {key: 'owner', title: 'Owner', width: 'minmax(0,1fr)', minor: true, text: one => one.owner},
];

function searched(label, path, columns) {
  let back = left?.hash === here() ? left : null;
  left = null;
  filter = back?.filter ?? '';
  const count = make('span', {role: 'status', class: 'soft'});
  const search = make('input', {type: 'search', 'aria-label': 'Search ' + label, 'aria-keyshortcuts': '/', placeholder: 'Search', value: filter});
  const keys = make('span', {class: 'soft keys'}, '/ searches, ↑ ↓ choose, Enter opens, Esc closes');
  const list = tall(label, columns);
  let all = [];
  const show = () => {
    filter = search.value;
    const found = all.filter(item => columns.some(column => column.text(item).includes(filter)));
    say(count, found.length + ' of ' + all.length);
    list.set(found);
  };
  search.addEventListener('input', show);
  list.table.addEventListener('click', event => {
    const link = event.target.closest('.scroll a');
    if (link) left = {hash: here(), filter, href: link.getAttribute('href')};
  });
  main.replaceChildren(make('div', {class: 'tools'}, search, count, keys), list.table);
  return async mine => {
    const next = await get(path);
    if (mine === shown && next !== all) {
      all = next;
      show();
      // Who came back goes on where they were.
      if (back && document.activeElement === main) list.find(back.href);
      back = null;
    }
  };
}

/** @param path of what is drawn, or several, whose answers come as a list */
function once(path, draw) {
  let last = null;
  return async mine => {
    const next = Array.isArray(path) ? await Promise.all(path.map(get)) : await get(path);
    const text = JSON.stringify(next);
    if (mine === shown && text !== last) {
      last = text;
      const usable = () => [...main.querySelectorAll('a, button')];
      const at = usable().indexOf(document.activeElement);
      main.replaceChildren(...draw(next));
      // Who was at the third link or button is there again.
      usable()[at]?.focus({preventScroll: true});
    }
  };
}

function copied(command) {
  const button = make('button', {type: 'button', 'aria-label': 'Copy: ' + command, onclick: async () => {
    await navigator.clipboard.writeText(command);
    button.textContent = 'Copied';
    say(said, 'Copied: ' + command);
  }}, 'Copy');
  return make('pre', {}, make('code', {}, command), button);
}

function drawService(service) {
  const colon = service.vip.lastIndexOf(':');
  const host = service.vip.slice(0, colon);
  const api = location.origin + '/v1/services/' + encodeURIComponent(host.includes(':') ? '[' + host + ']' + service.vip.slice(colon) : service.vip)
    + '?protocol=' + service.protocol;
  const facts = [['Address', addresses(service)], ['Protocol', service.protocol], ['Scheduler', service.scheduler], ['Since', service.since],
    ['Declared by', service.origins.map(one => one.framework + ' ' + one.owner + ' ' + one.label + ' (' + one.source + ')').join('; ')]];
  if (service.collision) facts.push(['Collision', 'declarations met that have nothing to do with each other']);
  return [
    make('p', {}, make('a', {href: '#/services'}, 'All services')),
    make('h2', {}, key(service)),
    make('dl', {}, ...facts.flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, value)])),
    make('h2', {}, 'Backends'),
    plain('Backends', [
      {title: 'Address', text: one => one.ip + ' port ' + one.port},
      {title: 'Weight', width: '80px', text: one => 'weight ' + one.weight, mood: one => one.weight > 0 ? 'good' : 'bad'},
      {title: 'Health', width: '120px', text: one => one.health, mood: one => one.weight > 0 ? 'good' : 'bad'},
      {title: 'Node', text: one => one.node || 'node unknown'},
      {title: 'Task', text: one => one.task},
      {title: 'Source', text: one => one.source},
    ], service.backend),
    make('section', {id: 'traffic', 'aria-label': 'Traffic'}),
    make('section', {id: 'history', 'aria-label': 'History'}),
    make('h2', {}, 'Ask it yourself'),
    ...(service.kind === 'named' ? [copied('dig +short ' + host)] : []),
    copied('curl -s ' + "'" + api + "'"),
    copied('l4lb explain ' + service.vip),
  ];
}

// ---- a service's traffic and history

const samples = new Map(); // service -> {connections, active, bytes}: the newest of each

async function drawTraffic(mine, service) {
  const host = service.vip.slice(0, service.vip.lastIndexOf(':'));
  const port = Number(service.vip.slice(service.vip.lastIndexOf(':') + 1));
  const all = await get('/v1/ipvs/services?of=' + encodeURIComponent(host));
  const found = all.filter(one => one.port === port && one.protocol === service.protocol);
  const section = document.getElementById('traffic');
  if (mine !== shown || !section) return;
  if (!found.length) {
    section.replaceChildren(make('h2', {}, 'Traffic'), make('p', {class: 'soft'}, "This machine's kernel does not have it, so there is nothing to count here."));
    return;
  }
  const sum = value => found.reduce((total, one) => total + value(one), 0);
  const now = {
    connections: sum(one => one.perSecond.connections),
    active: sum(one => one.servers.reduce((total, server) => total + server.active, 0)),
    bytes: sum(one => one.perSecond.inBytes + one.perSecond.outBytes),
  };
  const kept = samples.get(key(service)) ?? {connections: [], active: [], bytes: []};
  samples.set(key(service), kept);
  for (const [name, value] of Object.entries(now)) {
    kept[name].push(value);
    if (kept[name].length > PLOT_SAMPLES) kept[name].shift();
  }
  section.replaceChildren(make('h2', {}, 'Traffic through this machine'), make('div', {class: 'plots'},
    plot('New connections a second', kept.connections), plot('Open connections', kept.active), plot('Bytes a second', kept.bytes)));
}

async function drawHistory(mine, service) {
  const host = service.vip.slice(0, service.vip.lastIndexOf(':'));
  const changes = await get(changesPath(host, 50));
  const section = document.getElementById('history');
  const newest = String(changes[0]?.id);
  if (mine !== shown || !section || section.dataset.newest === newest) return;
  section.dataset.newest = newest;
  section.replaceChildren(make('h2', {}, 'History'),
    plain('History, the newest first', CHANGES.filter(column => column.title !== 'Name'), changes));
}

/** Redraws the service when it changes, and what is below it each time. */
function serviceView(wanted) {
  let service = null;
  const whole = once('/v1/vips', all => {
    service = all.find(one => key(one) === wanted) ?? null;
    return service ? drawService(service) : [make('p', {}, 'There is no service ' + wanted + ' (any more).')];
  });
  return async mine => {
    await whole(mine);
    if (mine === shown && service) {
      await drawTraffic(mine, service);
      await drawHistory(mine, service);
    }
  };
}

// ---- pools

const origins = one => (one.origins ?? []).map(origin => origin.framework + ' ' + origin.owner + ' ' + origin.label).join('; ');

function drawPools([pools, allocations, claims, collisions]) {
  const held = allocations.flatMap(one => [one.address, one.address6].filter(Boolean));
  return [
    make('h2', {}, 'Pools'),
    ...pools.pools.flatMap(pool => [
      make('h3', {}, pool.name + ' ' + pool.range + (pool.draining ? ' (draining)' : '')),
      make('p', {}, pool.allocated + ' allocated, ' + pool.quarantined + ' in quarantine, ' + pool.claimed + ' claimed of '
        + figure(Number(pool.size)) + (pool.suffixes.length ? '; for names that end with ' + pool.suffixes.join(', ') : '')),
      map('Pool ' + pool.name, pool.range, held),
    ]),
    make('h2', {}, 'Fixed addresses'),
    plain('Fixed addresses', [
      {title: 'Address', text: one => one.vip},
      {title: 'State', width: '120px', text: one => one.state, mood: one => one.state === 'claimed' ? 'good' : 'bad'},
      {title: 'Declared by', text: origins},
      {title: 'Reason', text: one => one.reason},
    ], claims),
    make('h2', {}, 'Collisions'),
    plain('Collisions', [{title: 'Service', text: one => one.vip}, {title: 'Declared by', text: origins}], collisions),
  ];
}

/** Texts that are read out when they change, and only then. */
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

const here = () => location.hash || '#/services';

const VIEWS = {
  services: () => searched('services', '/v1/vips', SERVICES),
  allocations: () => searched('allocations', '/v1/allocations', ALLOCATIONS),
  service: serviceView,
  changes: changesView,
  pools: () => once(['/v1/pools', '/v1/allocations', '/v1/claims', '/v1/collisions'], drawPools),
  nodes: () => once('/v1/nodes', all => [make('h2', {}, 'Nodes'), plain('Nodes', [
    {title: 'Node', text: one => one.id},
    {title: 'Addresses', text: one => one.addresses.join(', ')},
    {title: 'Table', text: one => 'table ' + one.table.seq + (one.table.stale ? ', stale for ' + Math.round(one.table.age_ms / 1000) + ' s' : ', current'), mood: one => one.table.stale ? 'bad' : ''},
    {title: 'DNS', text: one => 'DNS ' + one.dns.mode + ': ' + one.dns.detail, mood: one => one.dns.ok ? '' : 'bad'},
    {title: 'Kernel', text: one => 'IPVS ' + one.ipvs.mode + ': ' + one.ipvs.detail, mood: one => one.ipvs.ok ? '' : 'bad'},
    {title: 'Version', text: one => one.version},
  ], all)]),
  sources: () => once('/v1/sources', all => [make('h2', {}, 'Sources'), plain('Sources', [
    {title: 'Source', text: one => one.id},
    {title: 'Status', text: one => one.status + (one.frozen ? ', frozen' : ''), mood: one => one.status === 'live' && !one.frozen ? 'good' : 'bad'},
    {title: 'Declares', text: one => one.services + ' services, ' + one.backends + ' backends'},
    {title: 'Problems', text: one => one.problems + ' problems', mood: one => one.problems ? 'bad' : ''},
    {title: 'Detail', text: one => one.detail},
  ], all)]),
  problems: () => once('/v1/problems', all => [make('h2', {}, 'Problems'), plain('Problems', [
    {title: 'Since', text: one => one.since},
    {title: 'Kind', text: one => one.kind, mood: () => 'bad'},
    {title: 'Subject', text: one => one.subject},
    {title: 'Problem', text: one => one.message},
  ], all)]),
};

let refresh = async () => {};

async function tick(mine) {
  if (mine !== shown) return;
  try {
    await refresh(mine);
    const ready = await get('/readyz');
    say(state, ready.ready ? 'live' : 'not ready: ' + ready.missing.join('; '));
    state.className = ready.ready ? '' : 'bad';
  } catch (error) {
    // A node does not know what only allocators do: that is said where it was looked for.
    if (error.told && mine === shown) main.querySelector('.loading')?.replaceChildren(error.message);
    say(state, (error.told ? '' : 'no answer: ') + error.message);
    state.className = 'bad';
  }
  if (mine === shown) setTimeout(() => tick(mine), REFRESH_MS);
}

function view() {
  const [, name = 'services', wanted = ''] = location.hash.split('/');
  const chosen = VIEWS[name] ? name : 'services';
  for (const link of document.querySelectorAll('nav a')) {
    if (link.hash === '#/' + (chosen === 'service' ? 'services' : chosen)) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  const title = chosen[0].toUpperCase() + chosen.slice(1) + (wanted ? ' ' + decodeURIComponent(wanted) : '');
  document.title = title + ' – l4lb';
  main.setAttribute('aria-label', title);
  main.replaceChildren(make('p', {class: 'soft loading'}, 'Loading…'));
  if (!wanted && left?.hash !== here()) left = null;
  leaving.abort();
  leaving = new AbortController();
  shown++;
  refresh = VIEWS[chosen](decodeURIComponent(wanted));
  tick(shown);
}

addEventListener('keydown', event => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === 'Escape' && here().split('/').length > 2) {
    location.hash = left?.hash ?? here().replace('service/', 'services/').split('/').slice(0, 2).join('/');
  } else if (event.key === '/' && !event.target.matches('input')) {
    const search = document.querySelector('input[type=search]');
    if (search) event.preventDefault();
    search?.focus();
  }
});

addEventListener('hashchange', () => {
  view();
  main.focus();
});
view();
