import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describeSettings } from '../src/config/describe-settings.js';

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'src/events/README.md',
  'src/realtime/README.md',
  'src/records/README.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];
/** The feature that docs/extending.md builds is not there. */
const INVENTED = 'src/modules/polls/';

const read = (page: string): string => readFileSync(page, 'utf8');
const all = (page: string, pattern: RegExp): RegExpMatchArray[] => [...read(page).matchAll(pattern)];

/** As GitHub makes the anchor of a heading. */
const anchorsOf = (page: string): string[] =>
  all(page, /^#+ (.+)$/gm).map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );

describe('the documentation', () => {
  it.each(PAGES)('%s links to what is there', (page) => {
    const broken = all(page, /\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g).filter(([, path, anchor]) => {
      const target = path === '' ? page : normalize(join(dirname(page), path!));
      return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it.each(PAGES)('%s names files that are there', (page) => {
    const named = all(page, /\b(?:src|test|docs|scripts)\/[\w./-]*(?:\/|\.\w+)/g).map(([path]) => path);
    const isThere = (path: string): boolean => existsSync(path) || existsSync(path.replace(/\.js$/, '.ts'));
    const missing = named.filter((path) => !path.startsWith(INVENTED) && !isThere(path));
    expect(missing).toEqual([]);
  });

  it.each(['README.md', 'docs/architecture.md'])('%s draws every folder of src', (page) => {
    const folders = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const drawn = folders.filter(({ name }) => new RegExp(`^  ${name}/ `, 'm').test(read(page)));
    expect(drawn).toEqual(folders);
  });

  it('the promises of the architecture name tests that exist', () => {
    const promises = all('docs/architecture.md', /`([\w./-]+spec\.ts)`: "([^"]+)"/g);
    expect(promises.length).toBeGreaterThan(10);
    const gone = promises.filter(([, file, name]) => !read(file!).includes(name!));
    expect(gone.map(([promise]) => promise)).toEqual([]);
  });

  it('lists every setting with its default and its meaning', () => {
    const listed = all('docs/operations.md', /^\| `([A-Z_]+)` +\| (.*?) +\| (.*?) +\|$/gm).map(
      ([, name, whenAbsent, description]) => ({ name, default: whenAbsent!.replaceAll('`', ''), description }),
    );
    expect(listed).toEqual(describeSettings());
  });
});
