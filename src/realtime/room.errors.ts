import { forbidden } from '../common/domain-error.js';

/** Says of several rooms not even which one it is. */
export const roomForbidden = () =>
  forbidden('room.forbidden', 'One of the rooms does not exist or is not yours to join.');
