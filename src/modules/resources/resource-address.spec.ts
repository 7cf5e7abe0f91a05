import { placeIn, readPlace, type Scope, SCOPES } from './place.js';
import {
  addressOfRoom,
  collectionAddress,
  keyAddress,
  liveConfigAddress,
  resourcePath,
  resourceRooms,
} from './resource-address.js';

const CONTEXT = { organization: 'acme', project: 'demo', world: 'w-1', launchContext: 'lc_1' };
const KEYS = ['k', 'a:b:c', 'a/b', '100%', '%2F', 'a,b', ' ', '..', 'ключ', '🗝'.repeat(256), 'line\nfeed'];

/** The parameters of a room's name, as the directory of rooms finds them. */
function paramsOf(pattern: string, path: string): Record<string, string> {
  const segments = path.split('/');
  const names = pattern.split('/').map((name, index) => [name.slice(1), segments[index]!] as const);
  expect(segments).toHaveLength(names.length);
  return Object.fromEntries(names.filter((_, index) => pattern.split('/')[index]!.startsWith(':')));
}

describe('the address of a document', () => {
  it.each(SCOPES)('is read back from the name of its room, in the scope %s', (scope: Scope) => {
    for (const key of KEYS) {
      const address = keyAddress(placeIn(CONTEXT, scope), 7, 'client', key);
      expect(addressOfRoom.key(paramsOf(resourceRooms.key, resourcePath(address)))).toEqual(address);
    }
  });

  it('is read back for the other kinds', () => {
    const place = placeIn(CONTEXT, 'project');
    for (const name of KEYS) {
      const config = liveConfigAddress(place, name);
      expect(addressOfRoom.liveConfig(paramsOf(resourceRooms.liveConfig, resourcePath(config)))).toEqual(config);
    }
    const [shared, own] = [collectionAddress(place, null), collectionAddress(place, 7)];
    expect(addressOfRoom.collection(paramsOf(resourceRooms.publicCollection, resourcePath(shared)))).toEqual(shared);
    expect(addressOfRoom.collection(paramsOf(resourceRooms.privateCollection, resourcePath(own)))).toEqual(own);
  });

  it('no two documents have the same', () => {
    const places = SCOPES.flatMap((scope) => [CONTEXT, { ...CONTEXT, world: 'w-2' }].map((one) => placeIn(one, scope)));
    const keys = places.flatMap((place) => [7, 8].map((member) => keyAddress(place, member, 'client', 'k')));
    const others = [keyAddress(places[0]!, 7, 'server', 'k'), keyAddress(places[0]!, 7, 'client', 'l')];
    // A scope without worlds is one place, whichever world somebody is in.
    const distinct = new Set([...keys, ...others].map(resourcePath));
    expect(distinct.size).toBe(2 * (3 + 2) + 2);
  });

  it.each(['', 'acme', 'acme:demo', 'acme:demo:w:x', 'acme::w', 'acme:demo:a b', 'acme:demo:', 'a%:demo:w'])(
    '"%s" is no world',
    (text) => expect(readPlace('world', text)).toBeNull(),
  );
});
