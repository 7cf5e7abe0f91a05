import { ChatWorld, messagePath, roomPath } from './chat.fixture.js';
import { inBrowser, type Inbox, STOCK_CLIENTS, type StockClient } from './support/cable-stock-clients.js';
import type { Person } from './support/people.js';

const CHANNELS = ['NotificationChannel', 'ChatRoomChannel', 'Chats::CommunityMemberThreadsChannel'];

inBrowser();

// Real: the whole server and the npm clients as they are.
describe.each(STOCK_CLIENTS)('%s', (_name, connect) => {
  let world: ChatWorld;
  let ann: Person;
  let bob: Person;
  const clients: StockClient[] = [];

  beforeAll(async () => {
    world = await ChatWorld.open();
    [ann, bob] = (await world.members(2)) as [Person, Person];
  });
  afterEach(() => clients.splice(0).forEach((client) => client.close()));
  afterAll(() => world.close());

  const open = (person: Person): StockClient => {
    const client = connect(world.server.url, person.token);
    clients.push(client);
    return client;
  };

  it('subscribes to all four channels and hears a conversation', async () => {
    const client = open(bob);
    const [notices, rooms, threads] = (await Promise.all(
      CHANNELS.map((channel) => client.subscribe({ channel, community_member_id: bob.id })),
    )) as [Inbox, Inbox, Inbox];
    const room = await world.group(ann, [bob], { name: 'Plans' });
    await rooms.count('chatRoomCreated');
    const talk = await client.subscribe({ channel: 'Chats::RoomChannel', chat_room_id: room.id });
    const mention = { type: 'mention', attrs: { community_member_id: bob.id, label: 'Bob' } };
    const doc = { type: 'doc', content: [{ type: 'paragraph', content: [mention] }] };
    const root = await world.say(ann, room, '', { rich_text_body: doc });
    const reply = await world.say(bob, room, 'Yes?', { parent_message_id: root.id });
    await ann.http.patch(messagePath(room, root), { body: 'Bob, are you there?' });
    await bob.http.delete(messagePath(room, reply));
    await ann.http.patch(roomPath(room), { name: 'Great plans' });
    await rooms.count('chatRoomUpdated');
    await talk.count('chatRoomUpdated');
    await notices.count('updateNewNotificationCount');
    await threads.count('deletedMessage');
    expect(rooms.events).toEqual(['chatRoomCreated', 'newMessage', 'chatRoomUpdated']);
    expect(talk.events).toEqual(['newMessage', 'newMessage', 'updatedMessage', 'deletedMessage', 'chatRoomUpdated']);
    expect(notices.events).toEqual(['newNotification', 'updateNewNotificationCount']);
    expect(threads.events).toEqual(['newMessage', 'updatedMessage', 'deletedMessage']);
  });

  it('is told that it may not, and is confirmed once it may', async () => {
    const room = await world.group(ann, []);
    const params = { channel: 'Chats::RoomChannel', chat_room_id: room.id };
    await expect(open(bob).subscribe(params)).resolves.toMatchObject({ connected: 0, rejected: 1 });
    await ann.http.post(`${roomPath(room)}/participants`, { member_ids: [bob.id] });
    const inbox = await open(bob).subscribe(params);
    expect(inbox).toMatchObject({ connected: 1, rejected: 0 });
    await world.say(ann, room, 'Welcome');
    await inbox.count('newMessage');
  });

  it('hears every message of a room once and in order', async () => {
    const room = await world.direct(ann, bob);
    const inbox = await open(bob).subscribe({ channel: 'Chats::RoomChannel', chat_room_id: room.id });
    const sent: number[] = [];
    for (let count = 0; count < 50; count += 1) sent.push((await world.say(ann, room, `Message ${count}`)).id);
    await inbox.count('newMessage', 50);
    expect(inbox.messages.map(({ id }) => id)).toEqual(sent);
  });
});
