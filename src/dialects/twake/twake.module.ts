import { Module } from '@nestjs/common';
import { PingRooms } from './ping.rooms.js';
import { TwakeDescription } from './twake.asyncapi.js';
import { TwakeGateway } from './twake.gateway.js';
import { TwakePresence } from './twake.presence.js';
import { TwakeRooms } from './twake.rooms.js';

/** Dialect: Socket.IO rooms. */
@Module({ providers: [TwakeDescription, TwakeGateway, TwakePresence, TwakeRooms, PingRooms] })
export class TwakeModule {}
