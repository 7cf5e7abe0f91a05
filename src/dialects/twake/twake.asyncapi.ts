import { Injectable } from '@nestjs/common';
import { DoorDescription } from '../../realtime/asyncapi/door-description.js';
import { acknowledgements, sentEvents } from './twake.frames.js';
import { requests } from './twake.requests.js';

/** The Socket.IO door in `/asyncapi.json`: by the name of each event, its payload. */
@Injectable()
export class TwakeDescription extends DoorDescription {
  readonly name = 'socket-io';
  readonly about = 'The native protocol: Socket.IO 2 to 4, default namespace. `authenticate` comes first.';
  readonly protocol = 'socket.io';
  readonly path = '/socket';
  override readonly roomFrame = 'realtime:resource';
  readonly receives = requests;
  readonly sends = sentEvents;
  override readonly replies = acknowledgements;
}
