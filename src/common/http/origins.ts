/** What stands before the host of a web origin: `https://`. */
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;

/** What a CORS library takes for the origins of ALLOWED_ORIGINS; an empty list allows any. */
export function corsOrigin(allowed: readonly string[]): true | (string | RegExp)[] {
  return allowed.length === 0 ? true : originPatterns(allowed);
}

/** Whether a browser page of an origin may open a socket; an empty list allows any, also none. */
export function originCheck(allowed: readonly string[]): (origin: string | undefined) => boolean {
  if (allowed.length === 0) return () => true;
  const patterns = originPatterns(allowed);
  return (origin) => {
    if (origin === undefined || !URL.canParse(origin)) return false;
    const normal = new URL(origin).origin;
    return patterns.some((one) => (typeof one === 'string' ? one === normal : one.test(normal)));
  };
}

/**
 * `*.example.com` means every host below it, with any scheme and port; `https://*.example.com` the same with that scheme
 * and its usual port.
 */
function originPatterns(allowed: readonly string[]): (string | RegExp)[] {
  return allowed.map((entry) => (entry.includes('*.') ? patternOf(entry) : new URL(entry).origin));
}

function patternOf(entry: string): RegExp {
  const scheme = SCHEME.exec(entry)?.[0];
  const suffix = entry.slice((scheme?.length ?? 0) + 1).replace(/[^\w:-]/g, '\\$&');
  // With a scheme the entry names its port too, or none; without one any port will do.
  return scheme
    ? new RegExp(`^${scheme.replace(/[^\w]/g, '\\$&')}[^/:]+${suffix}$`, 'i')
    : new RegExp(`^[a-z][a-z0-9+.-]*://[^/:]+${suffix}(:\\d+)?$`, 'i');
}
