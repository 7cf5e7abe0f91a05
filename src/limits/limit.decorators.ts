import { Reflector } from '@nestjs/core';

/** The route speaks into a room, named as clients join it: `/channels/:name` with the parameters of the route. */
export const LimitedByRoom = Reflector.createDecorator<string>();

/** The route takes a credential, so guessing is made slow: counted by address, and by address and e-mail together. */
export const LimitedAsLogin = Reflector.createDecorator<void, true>({ transform: () => true });
