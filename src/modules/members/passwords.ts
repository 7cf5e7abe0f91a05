import { Injectable, type OnModuleInit } from '@nestjs/common';
import { hash, type Options, verify } from '@node-rs/argon2';

/** argon2id with what OWASP asks for at least: 19 MiB, two passes. The library's default algorithm is argon2id. */
const COST: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** In place of a hash: no password is right. */
export const NO_PASSWORD = '!';

/** Hashes and checks passwords, on the thread pool, so that a login never holds up the event loop. */
@Injectable()
export class Passwords implements OnModuleInit {
  private nobodysHash: string;

  async onModuleInit(): Promise<void> {
    this.nobodysHash = await this.hash('nobody');
  }

  hash(password: string): Promise<string> {
    return hash(password, COST);
  }

  /** Without a hash (nobody has that address) it takes just as long, so the time tells nothing. */
  async verify(passwordHash: string | null, password: string): Promise<boolean> {
    // Something that is no hash locks its member out, as it does in Unix password files.
    const matches = await verify(passwordHash ?? this.nobodysHash, password).catch(() => false);
    return matches && passwordHash !== null;
  }
}
