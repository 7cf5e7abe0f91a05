import { conflict, forbidden, invalid, notFound } from '../../common/domain-error.js';

/** Missing and invisible look alike. */
export const channelNotFound = notFound.define('channel.not_found', 'There is no such channel, or you may not see it.');

export const channelForbidden = forbidden.define('channel.forbidden', 'You may not do this to the channel.');

export const customPublishDisabled = forbidden.define(
  'channel.custom_publish_disabled',
  'Nobody may publish messages of their own to this channel.',
);

export const systemChannel = forbidden.define(
  'channel.system_channel',
  'The channels "default" and "eventlog" cannot be deleted.',
);

export const nameTaken = conflict.define('channel.name_taken', 'The workspace already has a channel of this name.');

export const groupUnknown = invalid.define('channel.group_unknown', 'The workspace has no group of this number.');

export const roomRequired = invalid.define(
  'channel.room_required',
  'Channels with separate rooms need the name of a room.',
);
