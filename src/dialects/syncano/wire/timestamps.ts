/** `2015-05-14T17:02:55.638356Z`: the dialect writes six digits; ours are milliseconds. */
export function timestamp(time: Date | string): string {
  const iso = typeof time === 'string' ? time : time.toISOString();
  return iso.replace(/\.(\d{3})Z$/, '.$1000Z');
}
