import type { Settings } from '../config/settings.js';
import type { Allowance } from './local-window.js';

/** What is counted, each for itself: see the settings that begin with RATE_LIMIT. */
export type LimitName = 'ip' | 'member' | 'room' | 'socket' | 'login' | 'login_ip';

/** Rates are averages over this time, so that a client that catches up after a pause is not refused. */
const AVERAGED_OVER_SECONDS = 10;

export function allowances(settings: Settings): Record<LimitName, Allowance> {
  const perSecond = (rate: number): Allowance => ({
    times: rate * AVERAGED_OVER_SECONDS,
    windowSeconds: AVERAGED_OVER_SECONDS,
  });
  const perMinute = (times: number): Allowance => ({ times, windowSeconds: 60 });
  return {
    ip: perSecond(settings.rateLimitIpPerSecond),
    member: perSecond(settings.rateLimitMemberPerSecond),
    room: perSecond(settings.rateLimitRoomPerSecond),
    socket: perSecond(settings.rateLimitSocketPerSecond),
    login: perMinute(settings.rateLimitLoginsPerMinute),
    login_ip: perMinute(settings.rateLimitLoginsPerIpPerMinute),
  };
}
