import { Departure } from './departure.js';

// Whoever stops a server that is still loading is heard too.
const departure = new Departure();
const { run } = await import('./run.js');
await run(departure);
