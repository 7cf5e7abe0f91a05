import type { JsonObject } from '../../../common/json.js';
import { Form } from '../wire/form.js';

export interface UserForm {
  username?: string;
  password?: string;
  profile?: JsonObject;
}

export function userForm(body: unknown, isNew: boolean): UserForm {
  const form = new Form(body);
  const unsaid = form.raw('profile') === null || form.raw('profile') === '';
  const fields = {
    username: form.text('username', { required: isNew, max: 64 }),
    password: form.text('password', { required: isNew, max: 128, untrimmed: true }),
    profile: unsaid ? undefined : form.json('profile'),
  };
  form.check();
  return fields;
}
