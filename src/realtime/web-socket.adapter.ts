import type { Server as HttpServer } from 'node:http';
import type { INestApplicationContext } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { Server, type ServerOptions } from 'socket.io';
import { corsOrigin } from '../common/http/origins.js';
import { Settings } from '../config/settings.js';
import { Drain } from './drain.js';
import { UpgradeRouter } from './upgrade-router.js';

const MAX_MESSAGE_BYTES = 1_000_000;
/** A client that does not answer the end of its connection is waited for no longer than this. */
const GOODBYE_LIMIT_MS = 1_000;

/** Puts the socket doors on the HTTP server's own port: Socket.IO gateways here, raw WebSockets through the router. */
export class WebSocketAdapter extends IoAdapter {
  private ending: NodeJS.Timeout | undefined;

  constructor(private readonly app: INestApplicationContext & { getHttpServer(): HttpServer }) {
    super(app);
  }

  override createIOServer(_port: number, options?: ServerOptions): Server {
    const { allowedOrigins } = this.app.get(Settings);
    const server = new Server({
      ...options,
      // Without compression a frame is the same for everybody and is encoded once.
      perMessageDeflate: false,
      maxHttpBufferSize: MAX_MESSAGE_BYTES,
      serveClient: false,
      // Asked for new sessions only. Stock clients take a refusal as a reason to try again.
      allowRequest: (_request, answer) => answer(null, !this.leaving),
      cors: { origin: corsOrigin(allowedOrigins), credentials: true },
    });
    const path = options?.path ?? '/socket.io';
    server.attach(this.app.getHttpServer(), { ...options, path, addTrailingSlash: false, destroyUpgrade: false });
    // Engine.IO answers the upgrades of its own path itself; the router only has to leave them alone.
    this.upgrades.claim(path, null);
    return server;
  }

  /** For a gateway without message methods there is nothing to bind, and what Nest would keep for it per client is a lot. */
  override bindMessageHandlers(...[socket, handlers, transform]: Parameters<IoAdapter['bindMessageHandlers']>): void {
    if (handlers.length > 0) super.bindMessageHandlers(socket, handlers, transform);
  }

  override close(server: Server): Promise<void> {
    this.endSoon();
    return super.close(server);
  }

  override dispose(): Promise<void> {
    this.endSoon();
    return super.dispose();
  }

  /** The HTTP server closes when its last connection has, whatever a client does about its own. */
  private endSoon(): void {
    this.ending ??= setTimeout(() => {
      this.upgrades.cutAll();
      this.app.getHttpServer().closeAllConnections();
    }, GOODBYE_LIMIT_MS).unref();
  }

  private get upgrades(): UpgradeRouter {
    return this.app.get(UpgradeRouter);
  }

  private get leaving(): boolean {
    return this.app.get(Drain).leaving;
  }
}
