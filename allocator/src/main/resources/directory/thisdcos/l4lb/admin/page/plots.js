'use strict';
// Small pictures: each has its numbers as text beside it, and a label for who cannot see it.

const SVG = 'http://www.w3.org/2000/svg';
const PLOT_SAMPLES = 150; // at one each two seconds, five minutes
const MAP_CELLS = 256;

function draw(name, attributes, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function figure(number) {
  const units = ['', ' k', ' M', ' G', ' T', ' P', ' E'];
  let unit = 0;
  let value = number;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return (unit === 0 ? String(Math.round(value * 10) / 10) : value.toFixed(1)) + units[unit];
}

/** A line of the newest samples; the last and the greatest stand beside it. */
function plot(title, samples) {
  const greatest = Math.max(1, ...samples);
  const last = samples[samples.length - 1] ?? 0;
  const points = samples.map((sample, i) => (i * 240 / (PLOT_SAMPLES - 1)).toFixed(1) + ',' + (46 - 44 * sample / greatest).toFixed(1));
  const text = 'now ' + figure(last) + ', at most ' + figure(Math.max(0, ...samples));
  const picture = draw('svg', {viewBox: '0 0 240 48', role: 'img', 'aria-label': title + ': ' + text},
    draw('polyline', {points: points.join(' '), fill: 'none', stroke: 'currentColor', 'stroke-width': '1.5'}));
  const element = document.createElement('figure');
  const caption = document.createElement('figcaption');
  caption.textContent = title + ': ' + text;
  element.append(picture, caption);
  return element;
}

/** An address as a number. */
function number(address) {
  if (!address.includes(':')) return address.split('.').reduce((all, part) => all * 256n + BigInt(part), 0n);
  const [front, back] = address.split('::');
  const head = front ? front.split(':') : [];
  const tail = back ? back.split(':') : [];
  const parts = back === undefined ? head : [...head, ...Array(8 - head.length - tail.length).fill('0'), ...tail];
  return parts.reduce((all, part) => all * 65536n + BigInt('0x' + part), 0n);
}

/** How many of the addresses lie in each of at most 256 equal parts of a range, FIRST-LAST. */
function parts(range, addresses) {
  const [first, last] = range.split('-').map(number);
  const size = last - first + 1n;
  const count = size < BigInt(MAP_CELLS) ? Number(size) : MAP_CELLS;
  const used = Array(count).fill(0);
  for (const address of addresses) {
    const at = number(address) - first;
    if (at >= 0n && at < size) used[Number(at * BigInt(count) / size)]++;
  }
  return {used, each: Number(size / BigInt(count))};
}

/** A pool as a map: sixteen squares in a line, each a part of the range, the darker the fuller. */
function map(label, range, addresses) {
  const {used, each} = parts(range, addresses);
  const greatest = Math.max(1, ...used);
  const taken = used.filter(one => one > 0).length;
  const text = taken + ' of ' + used.length + ' parts are in use, each of ' + figure(each) + ' addresses; the fullest has ' + Math.max(...used);
  const squares = used.map((one, i) => {
    const square = draw('rect', {
      x: i % 16 * 12, y: Math.floor(i / 16) * 12, width: 11, height: 11, rx: 2,
      class: one ? 'used' : 'free', 'fill-opacity': one ? (0.35 + 0.65 * one / greatest).toFixed(2) : 1,
    });
    const title = draw('title', {});
    title.textContent = 'part ' + (i + 1) + ': ' + one + ' in use';
    square.append(title);
    return square;
  });
  const element = document.createElement('figure');
  const caption = document.createElement('figcaption');
  caption.textContent = text;
  element.append(draw('svg', {
    viewBox: '0 0 192 ' + Math.ceil(used.length / 16) * 12, class: 'map', role: 'img', 'aria-label': label + ': ' + text,
  }, ...squares), caption);
  return element;
}
