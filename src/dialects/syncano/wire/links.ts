/** Every address that the dialect puts into a reply: paths without a host. */
const instance = (name: string): string => `/v1.1/instances/${name}/`;

export const paths = {
  instances: '/v1.1/instances/',
  instance,
  config: (of: string): string => `${instance(of)}snippets/config/`,
  apiKeys: (of: string): string => `${instance(of)}api_keys/`,
  apiKey: (of: string, id: number): string => `${paths.apiKeys(of)}${id}/`,
  channels: (of: string): string => `${instance(of)}channels/`,
  channel: (of: string, name: string): string => `${paths.channels(of)}${name}/`,
  history: (of: string, channel: string): string => `${paths.channel(of, channel)}history/`,
  groups: (of: string): string => `${instance(of)}groups/`,
  group: (of: string, id: number): string => `${paths.groups(of)}${id}/`,
  groupUsers: (of: string, id: number): string => `${paths.group(of, id)}users/`,
  users: (of: string): string => `${instance(of)}users/`,
  user: (of: string, id: number): string => `${paths.users(of)}${id}/`,
  userGroups: (of: string, id: number): string => `${paths.user(of, id)}groups/`,
  classes: (of: string): string => `${instance(of)}classes/`,
  class: (of: string, name: string): string => `${paths.classes(of)}${name}/`,
  objects: (of: string, className: string): string => `${paths.class(of, className)}objects/`,
  object: (of: string, className: string, id: number): string => `${paths.objects(of, className)}${id}/`,
};
