import { givenFields } from '../../../common/given-fields.js';
import {
  CHANNEL_LEVELS,
  CHANNEL_TYPES,
  type ChannelNameFault,
  channelNameFaults,
  type ChangeChannel,
  type CreateChannel,
} from '../../../modules/channels/index.js';
import { Form } from '../wire/form.js';

const NAME_FAULTS: Record<ChannelNameFault, (name: string) => string> = {
  letter_first: () => 'Value has to start with a letter.',
  letter_or_digit_last: () => 'Value has to end with a letter or a number.',
  too_long: (name) => `Ensure this value has at most 64 characters (it has ${name.length}).`,
  characters: () => 'Enter a valid value consisting of letters, numbers, underscores, hyphens.',
};

export function createChannelForm(body: unknown): CreateChannel {
  const form = new Form(body);
  const faults = (name: string): string[] =>
    channelNameFaults(name.toLowerCase()).map((fault) => NAME_FAULTS[fault](name));
  const name = form.text('name', { required: true, faults });
  const type = form.choice('type', CHANNEL_TYPES);
  const rest = changesIn(form);
  form.check();
  return {
    type: type ?? 'default',
    description: '',
    group: null,
    group_permissions: 'none',
    other_permissions: 'none',
    custom_publish: false,
    ...rest,
    name: name!.toLowerCase(),
  };
}

/** Name and type are for life: whatever is said about them is ignored. A whole one resets the permissions it leaves out. */
export function changeChannelForm(body: unknown, whole: boolean): ChangeChannel {
  const form = new Form(body);
  const changes = changesIn(form);
  form.check();
  return whole ? { group_permissions: 'none', other_permissions: 'none', ...changes } : changes;
}

function changesIn(form: Form): ChangeChannel {
  const changes = {
    description: form.text('description', { blank: true, max: 256 }),
    group: form.pk('group'),
    group_permissions: form.choice('group_permissions', CHANNEL_LEVELS),
    other_permissions: form.choice('other_permissions', CHANNEL_LEVELS),
    custom_publish: form.flag('custom_publish'),
  };
  return givenFields(changes);
}
