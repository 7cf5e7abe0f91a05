import { setFlagsFromString } from 'node:v8';
import { Departure } from './departure.js';

// V8 learns from the start, when everything made is kept, to put what a request makes among the old objects at once.
// There it keeps the whole request alive until the next full collection: every scavenge then copies all that was served.
setFlagsFromString('--no-allocation-site-pretenuring');

// Whoever stops a server that is still loading is heard too.
const departure = new Departure();
const { run } = await import('./run.js');
await run(departure);
