/**
 * Like `Promise.all`, but where one fails the others come to their end first: whoever tries again then meets nothing that
 * is still under way.
 */
export async function settleAll<Result>(works: Promise<Result>[]): Promise<Result[]> {
  await Promise.allSettled(works);
  return Promise.all(works);
}
