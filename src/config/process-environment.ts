/** The environment of this process, for those that start the server; everyone else injects Settings. */
export function processEnvironment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}
