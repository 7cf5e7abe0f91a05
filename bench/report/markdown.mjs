import { figure } from './results.mjs';
import { COMPARED, GROWN, POLLED, RESTARTED } from './rows.mjs';

const SUBJECTS = ['channel', 'chat', 'cable', 'live', 'live-filtered', 'live-config'];
const RIVALS = ['ws', 'socket-io', 'by-hand', 'tutorial'];
const EVERYBODY = [...RIVALS, ...SUBJECTS];

/** RESULTS.md: ratios first. */
export function markdown({ results, facts, titles, complaints }) {
  const parts = [
    '# Results of the last bench',
    'Written by `npm run bench`; [README.md](README.md) says how to read it.',
    table(['', ''], Object.entries(facts)),
  ];
  if (complaints.length > 0) parts.push('## Not clean', complaints.map((text) => `- ${text}`).join('\n'));
  parts.push(
    '## Ratios: Roomcast divided by the others',
    '**×** counts more as better, **÷** counts less as better: there a ratio below 1 is the good one. Medians.',
    table(
      ['', '', 'Roomcast', ...RIVALS.map((id) => `to ${titles[id]}`)],
      COMPARED.filter(({ row }) => results.has(row)).flatMap((line) => ratios(results, line)),
    ),
  );
  const grown = GROWN.filter(({ row }) => results.has(row));
  if (grown.length > 0) {
    parts.push(
      '## Growth: Roomcast divided by itself',
      table(
        ['', '', 'from', 'to', 'ratio'],
        grown.map((line) => growth(results, line)),
      ),
    );
  }
  parts.push(
    '## Absolute numbers',
    'They mean something only beside each other, within this one run: another machine, or another hour on this one, gives others.',
    table(
      ['', ...EVERYBODY.map((id) => titles[id])],
      COMPARED.filter(({ row }) => results.has(row)).map(({ row, metric, title }) => [
        title,
        ...EVERYBODY.map((id) => figure(results.median(row, id, metric))),
      ]),
    ),
  );
  if (grown.length > 0) {
    parts.push(
      table(
        ['Roomcast against itself', 'from', 'to'],
        grown.map(({ row, metric, title }) => [
          title,
          figure(results.median(row, 'before', metric)),
          figure(results.median(row, 'after', metric)),
        ]),
      ),
    );
  }
  if (results.has('pollers')) parts.push(...pollers(results));
  if (results.has('rolling-restart')) parts.push(...restarts(results));
  parts.push(...generatorPart(results, titles));
  return `${parts.join('\n\n')}\n`;
}

function ratios(results, { row, metric, title, higher }) {
  return SUBJECTS.map((subject) => {
    const own = results.median(row, subject, metric);
    if (own === null) return null;
    const cells = RIVALS.map((rival) => ratio(own, results.median(row, rival, metric)));
    if (cells.every((cell) => cell === '–')) return null;
    return [higher ? '×' : '÷', title, subject, ...cells];
  }).filter((line) => line !== null);
}

function growth(results, { row, metric, title, higher }) {
  const [before, after] = ['before', 'after'].map((id) => results.median(row, id, metric));
  const [from, to] = results.contestants(row).sort((a, b) => (a.id === 'before' ? -1 : b.id === 'before' ? 1 : 0));
  return [higher ? '×' : '÷', title, from?.title ?? '–', to?.title ?? '–', ratio(after, before)];
}

function ratio(own, other) {
  return own === null || other === null || other === 0 ? '–' : (own / other).toFixed(2);
}

function pollers(results) {
  return [
    '## Long polling',
    'Each of them asks again with the number of the last message it got, and has to get every message once.',
    table(
      ['', 'Roomcast'],
      POLLED.map(({ row, metric, title }) => [title, figure(results.median(row, 'channel', metric))]),
    ),
  ];
}

function restarts(results) {
  const nodes = results.contestants('rolling-restart');
  return [
    '## A rolling restart',
    'Nodes are told to stop (SIGTERM) with the drain times of production, one after the other.',
    table(
      ['', ...nodes.map(({ title }) => title)],
      RESTARTED.map(({ row, metric, title }) => [
        title,
        ...nodes.map(({ id }) => figure(results.median(row, id, metric))),
      ]),
    ),
  ];
}

/** Shows that the load generator was not what limited the others. */
function generatorPart(results, titles) {
  const rows = COMPARED.filter(({ metric }) => metric === 'publishes' || metric === 'deliveries')
    .filter(({ row }) => results.has(row))
    .filter(({ row }, index, all) => all.findIndex((other) => other.row === row) === index);
  const share = (row, id) => {
    const value = results.median(row, id, 'generatorShare');
    return value === null ? '–' : `${Math.round(value * 100)} %`;
  };
  return [
    '## The load generator',
    ...(results.has('ceiling-publish') && results.has('ceiling-deliveries') ? [ceiling(results)] : []),
    'How much of one core it used; at 100 % it would be the limit.',
    table(
      ['', ...EVERYBODY.map((id) => titles[id])],
      rows.map(({ row }) => [row, ...EVERYBODY.map((id) => share(row, id))]),
    ),
  ];
}

function ceiling(results) {
  const publishes = figure(results.median('ceiling-publish', 'generator', 'publishes'));
  const deliveries = figure(results.median('ceiling-deliveries', 'generator', 'deliveries'));
  return `Against servers that do nothing but answer or write, with which it shared the cores, it made ${publishes} publishes/s with 32 publishers and read ${deliveries} deliveries/s of 300 bytes from 1 000 sockets.`;
}

function table(head, lines) {
  const rows = [head, head.map(() => '---'), ...lines];
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
