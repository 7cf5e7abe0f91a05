import { conflict, type DomainError, forbidden, invalid, notFound } from '../../common/domain-error.js';

/** Missing and invisible look alike. */
export const channelNotFound = (): DomainError =>
  notFound('channel.not_found', 'There is no such channel, or you may not see it.');

export const channelForbidden = (): DomainError =>
  forbidden('channel.forbidden', 'You may not do this to the channel.');

export const customPublishDisabled = (): DomainError =>
  forbidden('channel.custom_publish_disabled', 'Nobody may publish messages of their own to this channel.');

export const systemChannel = (): DomainError =>
  forbidden('channel.system_channel', 'The channels "default" and "eventlog" cannot be deleted.');

export const nameTaken = (): DomainError =>
  conflict('channel.name_taken', 'The workspace already has a channel of this name.');

export const groupUnknown = (): DomainError =>
  invalid('channel.group_unknown', 'The workspace has no group of this number.');

export const roomRequired = (): DomainError =>
  invalid('channel.room_required', 'Channels with separate rooms need the name of a room.');
