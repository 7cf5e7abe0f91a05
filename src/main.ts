import { setFlagsFromString } from 'node:v8';
import { Departure } from './departure.js';

// V8 learns from the start, when everything made is kept, to put what a request makes among the old objects at once.
// There it keeps the whole request alive until the next full collection: every scavenge then copies all that was served.
setFlagsFromString('--no-allocation-site-pretenuring');

// V8 of Node 20 compiles a function well only when it has run for long, and what serves one request is thousands of
// functions: a server would stay slow for its first ten thousands of requests. Later versions are less patient by themselves.
if (process.versions.node.startsWith('20.')) setFlagsFromString('--interrupt-budget=30000');

// Whoever stops a server that is still loading is heard too.
const departure = new Departure();
const { run } = await import('./run.js');
await run(departure);
