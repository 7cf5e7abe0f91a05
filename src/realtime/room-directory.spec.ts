import { Injectable, type Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { RoomDirectory } from './room-directory.js';
import { type OpenRoom, RoomKind, type RoomSource } from './room-source.js';

function roomsOf(pattern: string): Type<RoomSource> {
  @Injectable()
  @RoomKind(pattern)
  class Rooms implements RoomSource {
    open(): Promise<OpenRoom> {
      return Promise.resolve({ stream: null });
    }
  }
  return Rooms;
}

const directoryWith = async (...patterns: string[]): Promise<void> => {
  const providers = [RoomDirectory, ...patterns.map(roomsOf)];
  await (await Test.createTestingModule({ imports: [DiscoveryModule], providers }).compile()).init();
};

describe('the directory of rooms', () => {
  it('two features cannot own the same rooms, whatever they call what is in the name', async () => {
    await directoryWith('/polls', '/polls/:id', '/polls/:id/votes');
    await expect(directoryWith('/polls', '/polls')).rejects.toThrow('Two features own the rooms /polls');
    await expect(directoryWith('/polls/:id', '/polls/:uuid')).rejects.toThrow(
      'Two features own the rooms /polls/:uuid',
    );
  });
});
