import { rmSync } from 'node:fs';
import { at, openDirect, send } from './support/chat.js';
import { inBrowser, type Inbox, STOCK_CLIENTS, type StockClient } from './support/cable-stock-clients.js';
import { createDataDir } from './support/database-image.js';
import { LoadBalancer } from './support/load-balancer.js';
import { register } from './support/people.js';
import { RestartableServer } from './support/restartable-server.js';

inBrowser();

// Real: the server as a process of its own that is killed, and the npm clients as they are.
describe('the clients of /cable when the server is killed and comes back', () => {
  const dataDir = createDataDir();
  let server: RestartableServer;
  let balancer: LoadBalancer;
  const clients: StockClient[] = [];

  beforeAll(async () => {
    server = await RestartableServer.start({ DATA_DIR: await dataDir });
    balancer = new LoadBalancer();
    await balancer.add('node', (await server.current()).url);
  });
  afterAll(async () => {
    clients.forEach((client) => client.close());
    await balancer.close();
    await server.end();
    rmSync(await dataDir, { recursive: true, force: true });
  });

  it('all come back by themselves, and the extended one has missed nothing', async () => {
    const { http } = await server.current();
    const [ann, bob] = [await register(http, 'Ann'), await register(http, 'Bob')];
    const room = await openDirect(ann, bob);
    const inboxes: Inbox[] = [];
    for (const [, connect] of STOCK_CLIENTS) {
      const client = connect(balancer.url, bob.token);
      clients.push(client);
      inboxes.push(await client.subscribe({ channel: 'Chats::RoomChannel', chat_room_id: room.id }));
    }
    await send(ann, room, 'Before');
    for (const inbox of inboxes) await inbox.count('newMessage');
    const next = await server.crash();
    const again = at(next, ann);
    await send(again, room, 'While they were away');
    await balancer.add('node', next.url);
    for (const inbox of inboxes) await inbox.until(({ connected }) => connected >= 2);
    await send(again, room, 'After');
    const bodies = ({ messages }: Inbox): unknown[] => messages.map(({ body }) => body);
    for (const inbox of inboxes) await inbox.until((one) => bodies(one).includes('After'));
    const extended = inboxes.pop()!;
    expect(bodies(extended)).toEqual(['Before', 'While they were away', 'After']);
    for (const inbox of inboxes) expect(bodies(inbox)).toEqual(['Before', 'After']);
  });
});
