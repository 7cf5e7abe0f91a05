import { type Body, registerAccount, SyncanoWorld } from './syncano.fixture.js';

// Real: the whole server over HTTP. Every error of docs/dialects/syncano.md, byte for byte.
describe('the errors of the Syncano dialect', () => {
  let world: SyncanoWorld;
  beforeAll(async () => {
    world = await SyncanoWorld.open();
    await world.root.post(world.path('classes/'), { name: 'book', schema: [{ name: 'title', type: 'string' }] });
  });
  afterAll(() => world.close());

  const NO = '{"detail":"You do not have permission to perform this action."}';

  async function answer(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const url = world.server.url + (path.startsWith('/') ? path : world.path(path));
    const sent = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    const reply = await fetch(url, {
      method,
      body: sent,
      headers: { 'x-api-key': world.accountKey, 'content-type': 'application/json', ...headers },
    });
    return { status: reply.status, type: reply.headers.get('content-type'), text: await reply.text() };
  }

  it.each([
    ['no key', { 'x-api-key': '' }, 403, NO],
    ['a malformed key', { 'x-api-key': 'nonsense' }, 403, '{"detail":"No such API Key."}'],
    ['an unknown key', { 'x-api-key': 'a'.repeat(40) }, 403, '{"detail":"No such API Key."}'],
  ])('%s', async (_name, headers, status, text) => {
    for (const path of ['channels/', 'users/', 'groups/', 'classes/', 'api_keys/', '']) {
      expect(await answer('GET', path, undefined, headers)).toMatchObject({ status, text });
    }
    expect(await answer('GET', '/v1.1/instances/', undefined, headers)).toMatchObject({ status, text });
    expect(await answer('GET', '/v1.1/instances/nowhere/channels/', undefined, headers)).toMatchObject({
      status: 404,
      text: '{"detail":"Instance was not found."}',
    });
  });

  it('an administrator without a role', async () => {
    const headers = { 'x-api-key': await registerAccount(world.server.http, 'stranger@example.com') };
    expect(await answer('GET', 'channels/', undefined, headers)).toMatchObject({ status: 403, text: NO });
    expect(await answer('GET', '', undefined, headers)).toMatchObject({ status: 404, text: '{"detail":"Not found."}' });
    expect(await answer('DELETE', '', undefined, headers)).toMatchObject({ status: 403, text: NO });
  });

  it.each([
    ['GET', 'nothing/', undefined, 404, '{"detail":"Not found."}'],
    ['GET', '/v1.1/nothing', undefined, 404, '{"detail":"Not found."}'],
    ['GET', 'channels/nowhere/', undefined, 404, '{"detail":"Not found."}'],
    ['GET', 'channels/nowhere/history/', undefined, 404, '{"detail":"Channel was not found."}'],
    ['GET', 'channels/nowhere/poll/', undefined, 404, '{"detail":"Channel was not found."}'],
    ['POST', 'channels/nowhere/publish/', {}, 404, '{"detail":"Channel was not found."}'],
    ['GET', 'classes/nowhere/objects/', undefined, 404, '{"detail":"Class was not found."}'],
    ['GET', 'classes/book/objects/9999/', undefined, 404, '{"detail":"Not found."}'],
    ['GET', 'classes/book/objects/nonsense/', undefined, 404, '{"detail":"Not found."}'],
    ['GET', 'users/9999/', undefined, 404, '{"detail":"Not found."}'],
    ['GET', 'groups/9999/', undefined, 404, '{"detail":"Not found."}'],
    ['GET', 'groups/9999/users/', undefined, 404, '{"detail":"Group was not found."}'],
    ['PUT', 'channels/default/poll/', {}, 405, '{"detail":"Method \\"PUT\\" not allowed."}'],
    ['POST', 'channels/default/history/', {}, 405, '{"detail":"Method \\"POST\\" not allowed."}'],
    ['PUT', 'classes/book/objects/1/', {}, 405, '{"detail":"Method \\"PUT\\" not allowed."}'],
    ['DELETE', 'user/', undefined, 405, '{"detail":"Method \\"DELETE\\" not allowed."}'],
    ['POST', 'channels/', '{"name"', 400, '{"detail":"JSON parse error - the body is not valid JSON"}'],
    ['POST', 'channels/', {}, 400, '{"name":["This field is required."]}'],
    ['POST', 'channels/', { name: '' }, 400, '{"name":["This field may not be blank."]}'],
    ['POST', 'channels/', { name: null }, 400, '{"name":["This field may not be null."]}'],
    ['POST', 'channels/', { name: 'nul\0' }, 400, '{"name":["Null characters are not allowed."]}'],
    ['POST', 'channels/', [], 400, '{"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}'],
    [
      ...(['POST', 'channels/', { name: `1${'x'.repeat(63)}!` }, 400] as const),
      '{"name":["Value has to start with a letter.","Value has to end with a letter or a number.",' +
        '"Ensure this value has at most 64 characters (it has 65).",' +
        '"Enter a valid value consisting of letters, numbers, underscores, hyphens."]}',
    ],
    ['POST', 'channels/', { name: 'x', type: 'y' }, 400, '{"type":["\\"y\\" is not a valid choice."]}'],
    [
      'POST',
      'channels/',
      { name: 'x', custom_publish: 'maybe' },
      400,
      '{"custom_publish":["\\"maybe\\" is not a valid boolean."]}',
    ],
    ['POST', 'channels/', { name: 'x', group: 9 }, 400, '{"group":["Invalid pk \\"9\\" - object does not exist."]}'],
    [
      ...(['POST', 'channels/', { name: 'x', description: 'd'.repeat(257) }, 400] as const),
      '{"description":["Ensure this field has no more than 256 characters."]}',
    ],
    ['GET', 'channels/?page_size=-1', undefined, 400, '{"detail":"Incorrect page parameter provided."}'],
    ['GET', 'channels/?page_size=x', undefined, 400, '{"detail":"Incorrect page parameter provided."}'],
    ['GET', 'channels/?direction=2', undefined, 400, '{"detail":"Incorrect page parameter provided."}'],
    ['GET', 'channels/?last_pk=x', undefined, 400, '{"detail":"Incorrect page parameter provided."}'],
    ['GET', 'channels/default/poll/?last_id=x&room=r', undefined, 400, '{"last_id":["A valid integer is required."]}'],
    [
      ...(['GET', `channels/default/poll/?room=${'x'.repeat(129)}`, undefined, 400] as const),
      '{"room":["Ensure this field has no more than 128 characters."]}',
    ],
    [
      ...(['GET', 'channels/default/poll/', undefined, 400] as const),
      '{"room":"This field is required for channels with separate rooms."}',
    ],
    [
      ...(['GET', 'channels/default/poll/?transport=websocket&room=r', undefined, 400] as const),
      '{"detail":"Expected WebSocket connection."}',
    ],
    ['POST', 'channels/default/publish/', { room: '' }, 400, '{"room":["This field may not be blank."]}'],
    ['POST', '/v1.1/instances/', { name: 'insta' }, 400, '{"name":["This field must be unique."]}'],
    ['POST', 'groups/', {}, 400, '{"label":["This field is required."]}'],
    ['POST', 'users/', { username: 'x' }, 400, '{"password":["This field is required."]}'],
    ['POST', 'user/auth/', { username: 'nobody', password: 'x' }, 401, '{"detail":"Invalid username."}'],
    ['POST', '/v1.1/account/auth/', { email: 'x@example.com', password: 'x' }, 401, '{"detail":"Invalid email."}'],
    [
      'POST',
      '/v1.1/account/auth/',
      { email: 'owner@example.com', password: 'x' },
      401,
      '{"detail":"Invalid password."}',
    ],
    [
      ...(['POST', '/v1.1/account/register/', { email: 'owner@example.com', password: 'x' }, 400] as const),
      '{"email":["This field must be unique."]}',
    ],
    ['POST', 'classes/', { name: 'user' }, 400, '{"name":["This name is reserved."]}'],
    ['POST', 'classes/', { name: 'x', schema: 'x' }, 400, '{"schema":["Schema passed in invalid format."]}'],
    [
      ...(['POST', 'classes/', { name: 'x', schema: [{ name: 'a', type: 'string' }, { name: 'b' }] }, 400] as const),
      '{"schema":["Error processing field definition \\"b\\" #1: Field name and type is required."]}',
    ],
    [
      ...(['POST', 'classes/', { name: 'x', schema: [{ name: 'id', type: 'string' }] }, 400] as const),
      '{"schema":["Error processing field definition \\"id\\" #0: Field name \\"id\\" is reserved."]}',
    ],
    ['POST', 'classes/book/objects/', { channel: 'x' }, 400, '{"channel":["Object with name=x does not exist."]}'],
    [
      ...(['POST', 'classes/book/objects/', { title: 'x'.repeat(129) }, 400] as const),
      '{"title":["Ensure this field has no more than 128 characters."]}',
    ],
    ['GET', 'classes/book/objects/?query=%7B', undefined, 400, '{"query":"Query is not a valid JSON string."}'],
    [
      ...(['GET', 'classes/book/objects/?query=%7B%22title%22%3A%7B%22_eq%22%3A1%7D%7D', undefined, 400] as const),
      '{"query":"Field \\"title\\" cannot be filtered by: it has no filter index."}',
    ],
  ] as [string, string, unknown, number, string][])('%s %s %j', async (method, path, body, status, text) => {
    expect(await answer(method, path, body)).toEqual({ status, type: 'application/json; charset=utf-8', text });
  });

  it('a wrong password, a user in a group twice', async () => {
    const { id } = await world.user((await world.apiKey()).key, 'Twice');
    expect(await answer('POST', 'user/auth/', { username: 'twice', password: 'x' })).toMatchObject({
      status: 401,
      text: '{"detail":"Invalid password."}',
    });
    const group = await world.group(id);
    expect(await answer('POST', `groups/${group}/users/`, { user: id })).toMatchObject({
      status: 400,
      text: '{"detail":"User is already a part of that group."}',
    });
    expect(await answer('POST', `users/${id}/groups/`, { group: 999 })).toMatchObject({
      status: 400,
      text: '{"group":["Invalid pk \\"999\\" - object does not exist."]}',
    });
    expect(await answer('POST', 'users/', { username: 'TWICE', password: 'x' })).toMatchObject({
      status: 400,
      text: '{"username":["This field must be unique."]}',
    });
  });

  describe('what is tolerated', () => {
    it('keys in the query, in Authorization and in the body', async () => {
      const none = { 'x-api-key': '' };
      const key = world.accountKey;
      expect(await answer('GET', `channels/?api_key=${key}`, undefined, none)).toMatchObject({ status: 200 });
      expect(await answer('GET', `channels/?apikey=${key.toUpperCase()}`, undefined, none)).toMatchObject({
        status: 200,
      });
      const authorization = { ...none, authorization: `Token ${key}` };
      expect(await answer('GET', 'channels/', undefined, authorization)).toMatchObject({ status: 200 });
      const body = { _api_key: key, name: world.name('by-body') };
      expect(await answer('POST', 'channels/', body, none)).toMatchObject({ status: 201 });
    });

    it('forms, unknown fields, no trailing slash, no body', async () => {
      const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' };
      const form = 'name=form-one&custom_publish=true&instanceName=insta&group=';
      expect(await answer('POST', 'channels', form, urlencoded)).toMatchObject({ status: 201 });
      const multipart = { 'content-type': 'multipart/form-data; boundary=x' };
      const parts = '--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nform-two\r\n--x--\r\n';
      expect(await answer('POST', 'channels', parts, multipart)).toMatchObject({ status: 201 });
      expect(await answer('PATCH', 'channels/form-two')).toMatchObject({ status: 200 });
      expect(await answer('DELETE', 'channels/form-two/', {})).toEqual({ status: 204, type: null, text: '' });
      const ofOurs = await world.server.http.with(multipart).send('POST', '/api/auth/login', parts);
      expect(ofOurs).toMatchObject({ status: 415, body: { error: { code: 'request.unsupported_media_type' } } });
    });

    it('fields that are asked for, or left out', async () => {
      const { body } = await world.root.get<{ objects: Body[] }>(world.path('channels/?fields=name,type&page_size=1'));
      expect(body.objects).toEqual([{ name: 'default', type: 'separate_rooms' }]);
      const one = await world.root.get<Body>(world.path('channels/default/?excluded_fields=links,description'));
      expect(Object.keys(one.body)).not.toContain('links');
      expect(one.body).toMatchObject({ name: 'default' });
    });

    it('lists by the beginning of the name', async () => {
      for (const name of ['begin-a', 'begin-b', 'begun']) await world.root.post(world.path('channels/'), { name });
      const names = async (path: string): Promise<unknown[]> => {
        const { body } = await world.root.get<{ objects: Body[]; next: string | null }>(path);
        const found = body.objects.map(({ name }) => name);
        return body.next === null ? found : [...found, ...(await names(body.next))];
      };
      const starting = (things: string, start: string): string => world.path(`${things}/?name__startswith=${start}`);
      expect(await names(`${starting('channels', 'Begin')}&page_size=1`)).toEqual(['begin-a', 'begin-b']);
      expect(await names(starting('channels', '%25'))).toEqual([]);
      expect(await names(starting('classes', 'user'))).toEqual(['user_profile']);
      expect(await names(starting('classes', 'x'))).toEqual([]);
      expect(await names('/v1.1/instances/?name__startswith=ins')).toEqual([world.instance]);
      expect(await names('/v1.1/instances/?name__startswith=x')).toEqual([]);
      expect(await world.root.get(starting('channels', '%00'))).toMatchObject({ status: 400 });
    });

    it('the older address /v1', async () => {
      const older = world.path('channels/default/').replace('/v1.1/', '/v1/');
      for (const path of [older, older.replace(/\/$/, '')]) {
        const reply = await world.root.get<{ links: Body }>(path);
        expect(reply).toMatchObject({ status: 200, body: { links: { self: world.path('channels/default/') } } });
      }
      const nowhere = await world.root.get(older.replace('default', 'nowhere'));
      expect(nowhere).toMatchObject({ status: 404, body: { detail: 'Not found.' } });
      const wrong = await world.root.send('PUT', older.replace('default', 'default/poll'), {});
      expect(wrong).toMatchObject({ status: 405, body: { detail: 'Method "PUT" not allowed.' } });
    });

    it('a page of nothing, a page too large', async () => {
      expect((await world.root.get(world.path('channels/?page_size=0'))).body).toEqual({
        next: null,
        prev: null,
        objects: [],
      });
      expect(await world.root.get(world.path('channels/?page_size=1000&ordering=sideways'))).toMatchObject({
        status: 200,
      });
    });
  });
});
