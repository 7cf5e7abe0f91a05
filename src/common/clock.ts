import { Injectable } from '@nestjs/common';

/** Tells the time to everything that stores or compares it, so that a test can move it. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }
}
