interface Dates {
  iat?: number;
  exp?: number;
}

/**
 * The time, in ms since 1970, after which a token is no longer accepted: its expiry and what clocks may differ by. A token
 * that is meant to live for seconds must not live several times as long. Null for one that never expires.
 */
export function expiryOf({ iat, exp }: Dates, toleranceSeconds: number): number | null {
  if (exp === undefined) return null;
  const life = iat === undefined ? Infinity : Math.max(0, exp - iat);
  return (exp + Math.min(toleranceSeconds, life / 10)) * 1_000;
}
