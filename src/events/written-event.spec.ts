import { type OpenEventLog, openEventLog } from '../../test/support/open-event-log.js';
import type { JsonObject } from '../common/json.js';
import { resourceEventText } from '../realtime/resource-event.js';
import type { DomainEvent, EventDraft } from './domain-event.js';
import { resourceText, WrittenEvent } from './written-event.js';

// Real: the database, the writer.
describe('an event that was just written', () => {
  let database: OpenEventLog;

  beforeAll(async () => (database = await openEventLog()));
  afterAll(() => database.close());

  let streams = 0;
  const draft = (resource: JsonObject | null, more: Partial<EventDraft> = {}): EventDraft => ({
    stream: `texts/${(streams += 1)}`,
    action: 'told',
    type: 'note',
    path: '/notes/"1"',
    resource,
    ...more,
  });
  const write = (drafts: EventDraft[]): Promise<DomainEvent[]> =>
    database.transactions.run((manager) => database.log.appendNow(manager, drafts));
  const room = (): JsonObject => ({ text: 'x', id: 0, created_at: '' });

  const cases: [what: string, draft: () => EventDraft][] = [
    ['a view', () => draft({ text: '"\n\u2028 {}', deep: { list: [1, null, 'a'] } })],
    ['nothing', () => draft(null)],
    ['an empty view', () => draft({})],
    ['a numbered view that has left room', () => draft(room(), { numbered: true })],
    ['a numbered view that has not', () => draft({ text: 'x' }, { numbered: true })],
    ['a numbered view that is empty', () => draft({}, { numbered: true })],
    ['a numbered view with an id of its own', () => draft({ id: 7, text: 'x' }, { numbered: true })],
    ['a numbered view with the room elsewhere', () => draft({ id: 0, created_at: '', x: 1 }, { numbered: true })],
    ['what only looks like room', () => draft({ text: ',"id":0,"created_at":""}' }, { numbered: true })],
    ['room one level deeper', () => draft({ deep: room() }, { numbered: true })],
    ['room in what is not numbered', () => draft(room())],
  ];

  it.each(cases)('is told as JSON word for word as it is read from the log: %s', async (_what, make) => {
    const [alone] = await write([make()]);
    const [first, second] = await write([make(), make()]);
    for (const event of [alone!, first!, second!]) {
      const [read] = await database.log.read(event.stream, 0, 1);
      expect(JSON.parse(resourceText(event))).toEqual(read!.resource);
      expect(resourceText(event)).toBe(JSON.stringify(event.resource));
      expect(event).toEqual(read);
      const { action, type, path, seq: id, createdAt: created_at } = read!;
      expect(JSON.parse(resourceEventText(event, '/a "room"'))).toEqual({
        ...{ action, room: '/a "room"', type, path, resource: read!.resource, id, created_at },
      });
    }
  });

  it('has its text at hand until those who live here have been told, and a copy with another view has not', async () => {
    const [event] = await write([draft({ text: 'x' })]);
    expect(WrittenEvent.textOf(event!)).toBe('{"text":"x"}');
    expect(resourceText({ ...event!, resource: { text: 'y' } })).toBe('{"text":"y"}');
    WrittenEvent.forgetText(event!);
    expect(WrittenEvent.textOf(event!)).toBeNull();
    expect(resourceText(event!)).toBe('{"text":"x"}');
    expect(Object.keys(event!)).not.toContain('text');
  });
});
