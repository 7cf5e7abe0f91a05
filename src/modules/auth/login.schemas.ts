import { z } from 'zod';
import { emailAddress, text, trimmedText } from '../../common/text.js';
import { memberName, passwordText, privateMemberSchema } from '../members/index.js';

/** The name of the workspace; `main` when absent. */
const workspace = trimmedText(1, 64).optional();

export const registerSchema = z
  .strictObject({ email: emailAddress, password: passwordText, name: memberName, workspace })
  .meta({ id: 'Register' });

/** Whatever is too short or too long for a password is simply a wrong one here. */
export const loginSchema = z
  .strictObject({ email: trimmedText(1, 254).toLowerCase(), password: text(1, 200), workspace })
  .meta({ id: 'Login' });

export const refreshSchema = z.strictObject({ refresh_token: text(1, 500) }).meta({ id: 'Refresh' });

export const sessionSchema = z
  .strictObject({
    access_token: z.string(),
    refresh_token: z.string(),
    expires_in: z.int().describe('Seconds until the access token expires.'),
    member: privateMemberSchema,
  })
  .meta({ id: 'Session' });

export type Register = z.infer<typeof registerSchema>;
export type Credentials = z.infer<typeof loginSchema>;
export type Refresh = z.infer<typeof refreshSchema>;
export type Session = z.infer<typeof sessionSchema>;
