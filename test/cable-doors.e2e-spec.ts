import { CableWorld, made, messagePath, roomPath } from './cable.fixture.js';
import { CableClient, type CableFrame } from './support/cable-client.js';
import {
  addTo,
  at,
  type MessageRecord,
  openGroup,
  removeFrom,
  roomOf,
  type RoomRecord,
  send,
  ticket,
} from './support/chat.js';
import type { Person } from './support/people.js';
import { openSocket, type ResourceFrame, type SocketClient } from './support/socket-client.js';

/** What happened, under the number of its event. */
type Told = [number, string, unknown];

const WORDS: Record<string, string> = {
  'created message': 'newMessage',
  'updated message': 'updatedMessage',
  'deleted message': 'deletedMessage',
  'updated chat_room': 'chatRoomUpdated',
};

/** As the Socket.IO door tells it; what the other one has no word for is left out. */
function bySocket(client: SocketClient, room: RoomRecord): Told[] {
  const told = client.resources(roomOf(room)).filter(({ resource }) => resource.parent_deleted !== true);
  return told.flatMap(({ id, action, type, resource }: ResourceFrame): Told[] => {
    const word = WORDS[`${action} ${type}`];
    return word === undefined ? [] : [[id, word, type === 'message' ? resource.id : resource.uuid]];
  });
}

function byCable({ frames }: CableClient): Told[] {
  const told = frames.filter((frame): frame is Required<CableFrame> => frame.message !== undefined);
  return told.map(({ offset, message: { event, id, uuid } }) => [offset, event, id ?? uuid]);
}

// Real: HTTP in; the stock Socket.IO client and plain WebSockets out, on two nodes where the services of the run allow it.
describe('a conversation on both doors of both nodes', () => {
  let world: CableWorld;
  let people: [Person, Person, Person];

  beforeAll(async () => {
    world = await CableWorld.open();
    people = (await world.people('Ann', 'Bob', 'Cy')) as typeof people;
  });
  afterAll(() => world.close());

  it('is told in the same order, with the same numbers and ids, and each thing once', async () => {
    const [ann, bob, cy] = people;
    const room = await openGroup(ann, [bob, cy], { name: 'Plans' });
    const sockets: SocketClient[] = [];
    const cables: CableClient[] = [];
    for (const { url } of world.nodes) {
      const socket = await (await openSocket(url)).authenticate(bob.token);
      await socket.join(roomOf(room), await ticket(bob, roomOf(room)));
      sockets.push(socket);
      const cable = await CableClient.open(url, { token: bob.token, protocols: ['actioncable-v1-ext-json'] });
      await cable.subscribe({ channel: 'Chats::RoomChannel', chat_room_uuid: room.uuid });
      cables.push(cable);
    }

    const talk = async (writer: number): Promise<void> => {
      const person = at(world.nodes[writer % 2]!, people[writer % 3]!);
      const path = (message: MessageRecord): string => messagePath(room, message);
      for (let round = 0; round < 5; round += 1) {
        const root = await send(person, room, `Root ${writer}/${round}`);
        const reply = await send(person, room, 'A reply', { parent_message_id: root.id });
        await made(person.http.patch(path(root), { body: `Better root ${writer}/${round}` }));
        await made(person.http.post(`${path(root)}/reactions`, { emoji: 'thumbsup' }));
        if (round % 2 === 0) await made(person.http.delete(path(round === 0 ? root : reply)));
      }
    };
    const change = async (): Promise<void> => {
      for (let round = 0; round < 5; round += 1) {
        await made(ann.http.patch(roomPath(room), { name: `Plans ${round}` }));
        await removeFrom(ann, room, cy);
        await addTo(ann, room, cy);
      }
    };
    // Who is taken out for a moment cannot speak then, so Cy does not.
    await Promise.all([...[0, 1, 3, 4, 6, 7].map(talk), change()]);

    const last = await send(ann, room, 'The end');
    for (const socket of sockets) {
      await socket.next('realtime:resource', ({ resource }) => (resource as { id?: number }).id === last.id);
    }
    for (const cable of cables) await cable.next(({ message }) => message?.id === last.id);
    const [told, ...others] = [...sockets.map((socket) => bySocket(socket, room)), ...cables.map(byCable)];
    expect(told!.filter(([, word]) => word === 'newMessage')).toHaveLength(6 * 5 * 2 + 1);
    expect(told!.filter(([, word]) => word === 'chatRoomUpdated')).toHaveLength(5);
    for (const other of others) expect(other).toEqual(told);
    for (const client of [...sockets, ...cables]) client.close();
  });
});
