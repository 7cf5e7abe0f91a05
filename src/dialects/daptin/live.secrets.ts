/** What no column that leaves is called. Views name what may leave; this is a second net, for what a feature names by mistake. */
const SECRET = /^(password.*|.*secret.*|.*token.*|.*_key|otp.*|salt)$/i;

export function isSecret(column: string): boolean {
  return SECRET.test(column);
}
