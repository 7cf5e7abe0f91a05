import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { FrameBatch } from '../frame-batch.js';
import { EventStreamConnection } from './event-stream.connection.js';

describe('an event stream that has ended', () => {
  it('takes what was still on its way without an error', async () => {
    const response = new ServerResponse(new IncomingMessage(new Socket()));
    const errors: unknown[] = [];
    response.on('error', (error) => errors.push(error));
    const connection = new EventStreamConnection(response);
    connection.end();
    connection.write([new FrameBatch(['late'])], () => undefined);
    // Errors come with the next tick.
    await new Promise((resolve) => setImmediate(resolve));
    expect(errors).toEqual([]);
    response.destroy();
  });
});
