const MAX_LENGTH = 64;
const RESERVED = new Set(['self', 'user', 'users', 'acl']);

const NAME_RULES: [(name: string) => boolean, (name: string) => string][] = [
  [(name) => /^[a-z]/.test(name), () => 'Value has to start with a letter.'],
  [(name) => /[a-z0-9]$/.test(name), () => 'Value has to end with a letter or a number.'],
  [
    (name) => name.length <= MAX_LENGTH,
    (name) => `Ensure this value has at most ${MAX_LENGTH} characters (it has ${name.length}).`,
  ],
  [(name) => /^[a-z0-9_]*$/.test(name), () => 'Enter a valid value consisting of letters, numbers, underscores.'],
  [(name) => !RESERVED.has(name), () => 'This name is reserved.'],
];

/** Everything that is wrong with the name of a new class, trimmed and in lower case. */
export function classNameFaults(name: string): string[] {
  return NAME_RULES.filter(([holds]) => !holds(name)).map(([, message]) => message(name));
}
