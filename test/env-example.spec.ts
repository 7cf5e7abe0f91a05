import { readFileSync } from 'node:fs';
import { describeSettings } from '../src/config/describe-settings.js';

test('.env.example lists every setting with its meaning and its default', () => {
  const example = readFileSync('.env.example', 'utf8');
  const listed = example.trim().split('\n\n').slice(1);
  const known = describeSettings().map((setting) => `# ${setting.description}\n# ${setting.name}=${setting.default}`);
  expect(listed).toEqual(known);
});
