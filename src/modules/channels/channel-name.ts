import { z } from 'zod';
import { trimmedText } from '../../common/text.js';

const MAX_NAME_LENGTH = 64;
const MAX_ROOM_LENGTH = 128;

/** What can be wrong with a new channel's name, in the order in which it is reported. */
const NAME_RULES = {
  letter_first: { holds: (name: string) => /^[a-z]/.test(name), message: 'must start with a letter' },
  letter_or_digit_last: {
    holds: (name: string) => /[a-z0-9]$/.test(name),
    message: 'must end with a letter or a digit',
  },
  too_long: {
    holds: (name: string) => name.length <= MAX_NAME_LENGTH,
    message: `must have at most ${MAX_NAME_LENGTH} characters`,
  },
  characters: {
    holds: (name: string) => /^[a-z0-9_-]*$/.test(name),
    message: 'must consist of letters, digits, underscores and hyphens',
  },
};

export type ChannelNameFault = keyof typeof NAME_RULES;

/** Everything that is wrong with a name that is already trimmed and in lower case. */
export function channelNameFaults(name: string): ChannelNameFault[] {
  return (Object.keys(NAME_RULES) as ChannelNameFault[]).filter((rule) => !NAME_RULES[rule].holds(name));
}

/** The name of a new channel, in the form in which it is stored. */
export const channelName = z
  .string()
  .trim()
  .toLowerCase()
  .check(({ value, issues }) => {
    for (const fault of channelNameFaults(value)) {
      issues.push({ code: 'custom', input: value, message: NAME_RULES[fault].message });
    }
  });

/** What a channel may be called at all: the names that other doors give are wider than those of the REST API. */
export const wideChannelName = z
  .string()
  .regex(/^(?! )[^\p{Control}\p{Surrogate},]{1,200}(?<! )$/u, 'must be 1 to 200 characters, without commas')
  .toLowerCase();

/** The form in which a name is looked up; null when no channel can have it, so that the database need not be asked. */
export function toStoredName(name: string): string | null {
  return /^[^\p{Control}\p{Surrogate}]{1,200}$/u.test(name) ? name.toLowerCase() : null;
}

/** A sub-room's name, in the form in which it is stored and compared. Characters are counted, not UTF-16 units. */
export const roomName = trimmedText(1, 2 * MAX_ROOM_LENGTH)
  .toLowerCase()
  .refine((room) => [...room].length <= MAX_ROOM_LENGTH, `must have at most ${MAX_ROOM_LENGTH} characters`);

/**
 * One segment of a room's address as the name it stands for. Any text may be written as it is; what an address cannot
 * hold (`/`, `%`) is percent-encoded, as in URLs. Null for a broken encoding.
 */
export function fromSegment(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
