import { rmSync } from 'node:fs';

/** After the last test. */
export default function removeBuild() {
  rmSync(process.env.TEST_BUILD, { recursive: true, force: true });
}
