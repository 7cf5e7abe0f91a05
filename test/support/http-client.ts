export interface HttpReply<Body> {
  status: number;
  headers: Headers;
  body: Body;
}

/** Speaks JSON with a server over real HTTP, as whoever its token says. */
export class HttpClient {
  constructor(
    private readonly baseUrl: string,
    private readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  as(token: string): HttpClient {
    return this.with({ authorization: `Bearer ${token}` });
  }

  with(headers: Record<string, string>): HttpClient {
    return new HttpClient(this.baseUrl, { ...this.headers, ...headers });
  }

  get<Body = Record<string, unknown>>(path: string): Promise<HttpReply<Body>> {
    return this.send('GET', path);
  }

  post<Body = Record<string, unknown>>(path: string, body: unknown = {}): Promise<HttpReply<Body>> {
    return this.send('POST', path, body);
  }

  put<Body = Record<string, unknown>>(path: string, body: unknown = {}): Promise<HttpReply<Body>> {
    return this.send('PUT', path, body);
  }

  patch<Body = Record<string, unknown>>(path: string, body: unknown = {}): Promise<HttpReply<Body>> {
    return this.send('PATCH', path, body);
  }

  delete<Body = Record<string, unknown>>(path: string): Promise<HttpReply<Body>> {
    return this.send('DELETE', path);
  }

  /** A string is sent as it is, for bodies that are wrong on purpose. */
  async send<Body = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<HttpReply<Body>> {
    const headers: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(this.baseUrl + path, {
      method,
      headers: { ...headers, ...this.headers },
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') === true && text !== '';
    return { status: response.status, headers: response.headers, body: (json ? JSON.parse(text) : text) as Body };
  }
}
