import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** docs/extending.md, as it stands. */
export const GUIDE = readFileSync('docs/extending.md', 'utf8');

/** Each block that stands below the name of a file. */
const BLOCKS = /^`(src\/[\w./-]+)`\n\n```(ts|diff)\n([\s\S]*?)^```$/gm;

const blocks = [...GUIDE.matchAll(BLOCKS)].map(([, path, kind, text]) => ({ path: path!, kind, text: text! }));

/** The files that a reader writes, by name. */
export const guideFiles = new Map(blocks.filter(({ kind }) => kind === 'ts').map(({ path, text }) => [path, text]));

/** Does in a copy of the project what the guide says, letter by letter. */
export function followGuide(project: string): void {
  for (const [path, text] of guideFiles) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  }
  for (const { path, text } of blocks.filter(({ kind }) => kind === 'diff')) {
    const file = join(project, path);
    writeFileSync(file, added(readFileSync(file, 'utf8'), text));
  }
}

/** `after`, a line that is there once, then `+line`, the line to put below it; one that is there already stays alone. */
function added(file: string, diff: string): string {
  const [after = '', line = ''] = diff.split('\n').map((text) => `${text.slice(1)}\n`);
  if (file.split(after).length !== 2)
    throw new Error(`The guide puts a line below "${after}", which is not there once`);
  return file.includes(line) ? file : file.replace(after, after + line);
}
