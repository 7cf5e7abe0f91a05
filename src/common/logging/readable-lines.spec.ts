import { AppLogger } from './app-logger.js';

it('people get one short line, with the fields after the text and the stack below', () => {
  let text = '';
  const destination = { write: (line: string) => (text += line) };
  const log = new AppLogger({ level: 'info', readable: true, destination });
  log.log({ room: '/chat-rooms/1' }, 'joined', 'Realtime');
  log.error(new Error('gone'), 'failed', 'Realtime');
  log.debug('not shown', 'Realtime');
  const lines = text.trim().split('\n');
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} INFO {2}\[Realtime\] joined \{"room":"\/chat-rooms\/1"\}$/);
  expect(lines[1]).toMatch(/ERROR \[Realtime\] failed Error: gone$/);
  expect(lines[2]).toMatch(/^ {4}at /);
  expect(text).not.toContain('not shown');
});
