import type { Settings } from './config/settings.js';
import { NAME, VERSION } from './version.js';

/** What a developer sees when the server is ready: where everything is, and the login if it is the demo one. */
export function banner(settings: Settings, url: string): string {
  const lines = [
    `${NAME} ${VERSION}`,
    '',
    `REST         ${url}/api`,
    `API docs     ${url}/docs`,
    `Socket docs  ${url}/asyncapi.json`,
    `Socket.IO    ${url}, path /socket`,
    `ActionCable  ${url.replace(/^http/, 'ws')}/cable`,
    `Daptin       ${url.replace(/^http/, 'ws')}/live`,
    `MSquared     ${url.replace(/^http/, 'ws')}/api/realtime`,
    `Syncano      ${url}/v1.1`,
    `Database     ${settings.embeddedDatabase ? `embedded, in ${settings.dataDir}` : 'PostgreSQL'}`,
  ];
  // A password that somebody configured is never shown.
  if (settings.demoLogin) lines.push(`Demo login   ${settings.adminEmail} / ${settings.adminPassword}`);
  return ['', ...lines.map((line) => `  ${line}`.trimEnd()), ''].join('\n');
}
