import { channelName, channelNameFaults, fromSegment, roomName, toStoredName } from './channel-name.js';

describe('the name of a new channel', () => {
  it.each([
    [' News ', 'news'],
    ['ChaNNel', 'channel'],
    ['a', 'a'],
    ['a-b_c9', 'a-b_c9'],
    ['x'.repeat(64), 'x'.repeat(64)],
  ])('%j is stored as %j', (given, stored) => {
    expect(channelName.parse(given)).toBe(stored);
  });

  it.each([
    ['', ['letter_first', 'letter_or_digit_last']],
    ['1a', ['letter_first']],
    ['a-', ['letter_or_digit_last']],
    ['a b', ['characters']],
    ['naïve', ['characters']],
    ['a/b', ['characters']],
    ['a\0b', ['characters']],
    ['x'.repeat(65), ['too_long']],
    [`-${'x'.repeat(65)}!`, ['letter_first', 'letter_or_digit_last', 'too_long', 'characters']],
  ])('%j is refused for every fault, in order', (given, faults) => {
    expect(channelNameFaults(given)).toEqual(faults);
    expect(channelName.safeParse(given).error?.issues).toHaveLength(faults.length);
  });

  it('is looked up in lower case, and not at all when the database could not be asked', () => {
    expect(toStoredName('NeWs')).toBe('news');
    expect(['', 'a\0', 'a\n', '\ud800', 'x'.repeat(201)].map(toStoredName)).toEqual([null, null, null, null, null]);
  });
});

describe('the name of a room', () => {
  it.each([
    [' Lobby ', 'lobby'],
    ['Ärger / Öl', 'ärger / öl'],
    ['😀'.repeat(128), '😀'.repeat(128)],
  ])('%j is stored as %j', (given, stored) => {
    expect(roomName.parse(given)).toBe(stored);
  });

  it.each(['', '   ', 'x'.repeat(129), '😀'.repeat(129), 'a\0b', '\ud800'])('%j is refused', (given) => {
    expect(roomName.safeParse(given).success).toBe(false);
  });

  it('may stand in an address as it is, or percent-encoded', () => {
    expect(['lobby', 'a b', '%C3%84rger%2F1', '100%25'].map(fromSegment)).toEqual(['lobby', 'a b', 'Ärger/1', '100%']);
    expect(['100%', '%ff', '%'].map(fromSegment)).toEqual([null, null, null]);
  });
});
