import { RealtimeWorld } from './support/realtime-world.js';

// Real: the whole server and the stock client.
describe('when the access token of a live socket expires', () => {
  let world: RealtimeWorld;
  const start = async (env: Record<string, string>): Promise<void> => void (world = await RealtimeWorld.start(env));
  afterEach(() => world.close());

  const tokenFor = (seconds: number): string => {
    const exp = Math.floor(Date.now() / 1_000) + seconds;
    return world.sign({ sub: String(world.ann.id), workspace: 1, type: 'access', exp });
  };

  it('nothing happens, unless the settings say so', async () => {
    await start({});
    const client = await (await world.connect()).authenticate(tokenFor(1));
    await world.joinAs(client, world.ann, '/boards/a');
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    await world.boards.publish('a', 'still here');
    expect(await client.next('realtime:resource')).toMatchObject({ resource: { text: 'still here' } });
  });

  it('SOCKET_TOKEN_EXPIRY=disconnect ends the session and says why; a newer token keeps it', async () => {
    await start({ SOCKET_TOKEN_EXPIRY: 'disconnect' });
    const [ending, renewed] = [await world.connect(), await world.connect()];
    await ending.authenticate(tokenFor(2));
    await renewed.authenticate(tokenFor(2));
    await world.joinAs(renewed, world.ann, '/boards/a');
    await renewed.authenticate(world.ann.token);
    expect(await ending.next('unauthorized')).toEqual({
      err: { name: 'TokenExpiredError', message: 'jwt expired', expiredAt: expect.stringMatching(/^2.*Z$/) as string },
    });
    expect(await ending.next('disconnect')).toEqual({ reason: 'io server disconnect' });
    await world.boards.publish('a', 'still here');
    expect(await renewed.next('realtime:resource')).toMatchObject({ resource: { text: 'still here' } });
  });
});
