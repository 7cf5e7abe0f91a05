export { AdministratorsService } from './administrators.service.js';
export { InboxTickets } from './inbox-tickets.js';
export { MemberKeys } from './member-keys.service.js';
export { Member } from './member.entity.js';
export { memberPath, memberStream } from './member.streams.js';
export {
  memberSchema,
  type MemberView,
  privateMemberSchema,
  toMemberView,
  toPrivateMemberView,
} from './member.view.js';
export { emailTaken, memberNotFound, membersNotFound, membersOnly } from './members.errors.js';
export { mayUseKeyOf, type MemberThing } from './members.access.js';
export { MembersModule } from './members.module.js';
export { memberName, passwordText } from './members.schemas.js';
export { type MemberChanges, MembersService } from './members.service.js';
export { namedByUsername, renamed, usernameOf } from './usernames.js';
export { Passwords } from './passwords.js';
export { type Login, RefreshTokensService } from './refresh-tokens.service.js';
