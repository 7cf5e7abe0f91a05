import { TEXT } from '../generator/text.mjs';

/** A whole publish request, as the load generator sends it again and again. */
export function publishRequest({ host, port, path, body, token, method = 'POST' }) {
  const text = JSON.stringify(body(TEXT));
  const authorization = token === undefined ? '' : `Authorization: Bearer ${token}\r\n`;
  return {
    host,
    port,
    request:
      `${method} ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\nContent-Type: application/json\r\n${authorization}` +
      `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  };
}

/** A plain request of the preparations. */
export async function askJson({ host, port }, method, path, { body, token } = {}) {
  const response = await fetch(`http://${host}:${port}${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return text === '' ? null : JSON.parse(text);
}

/** Runs `work` for all, a few at a time. */
export async function eachOf(things, work, concurrency = 16) {
  const waiting = [...things].reverse();
  const one = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) await work(next);
  };
  await Promise.all(Array.from({ length: concurrency }, one));
}
