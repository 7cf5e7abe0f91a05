/** What stands before the host of a web origin: `https://`. */
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;

/**
 * The origins of ALLOWED_ORIGINS as a CORS library wants them. `*.example.com` means every host below it, with any
 * scheme and port; `https://*.example.com` the same with that scheme and its usual port.
 */
export function originPatterns(allowed: readonly string[]): (string | RegExp)[] {
  return allowed.map((entry) => (entry.includes('*.') ? patternOf(entry) : new URL(entry).origin));
}

/** Whether a browser page of this origin may open a socket; an empty list allows any, also none. */
export function mayConnectFrom(origin: string | undefined, allowed: readonly string[]): boolean {
  if (allowed.length === 0) return true;
  if (origin === undefined || !URL.canParse(origin)) return false;
  const normal = new URL(origin).origin;
  return originPatterns(allowed).some((one) => (typeof one === 'string' ? one === normal : one.test(normal)));
}

function patternOf(entry: string): RegExp {
  const scheme = SCHEME.exec(entry)?.[0];
  const suffix = entry.slice((scheme?.length ?? 0) + 1).replace(/[^\w:-]/g, '\\$&');
  // With a scheme the entry names its port too, or none; without one any port will do.
  return scheme
    ? new RegExp(`^${scheme.replace(/[^\w]/g, '\\$&')}[^/:]+${suffix}$`, 'i')
    : new RegExp(`^[a-z][a-z0-9+.-]*://[^/:]+${suffix}(:\\d+)?$`, 'i');
}
