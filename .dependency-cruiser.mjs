/**
 * Who may import whom, as drawn in docs/architecture.md. `npm run lint` checks it.
 * Type-only imports count as well: a layer that knows another layer's types knows the layer.
 */

/** For each folder of src/: the other folders that it may import. What is not listed is refused. */
const layers = {
  common: [],
  config: ['common'],
  database: ['common', 'config'],
  events: ['common', 'config', 'database'],
  auth: ['common', 'config', 'database'],
  access: ['common', 'auth'],
  idempotency: ['common', 'auth', 'database'],
  limits: ['common', 'config', 'auth', 'events'],
  realtime: ['common', 'config', 'database', 'events', 'auth', 'access'],
  health: ['common', 'config', 'database', 'events', 'auth', 'realtime'],
  metrics: ['common', 'config', 'database', 'events', 'auth', 'realtime'],
  openapi: ['common', 'auth', 'idempotency', 'limits'],
  records: ['common', 'database', 'events', 'auth', 'access', 'realtime'],
  modules: ['common', 'config', 'database', 'events', 'auth', 'access', 'limits', 'realtime', 'records'],
  dialects: ['common', 'config', 'database', 'events', 'auth', 'access', 'health', 'limits', 'realtime', 'modules'],
};

/** Specs may build what they need from anywhere. */
const notSpecs = '[.]spec[.]ts$';

const layerRules = Object.entries(layers).map(([folder, allowed]) => ({
  name: `layer-${folder}`,
  comment: `src/${folder} may import ${allowed.length > 0 ? allowed.join(', ') : 'no other folder of src'}.`,
  severity: 'error',
  from: { path: `^src/${folder}/`, pathNot: notSpecs },
  to: { path: '^src/', pathNot: `^src/((${[folder, ...allowed].join('|')})/|version[.]ts$)` },
}));

export default {
  forbidden: [
    ...layerRules,
    {
      name: 'every-folder-has-its-layer',
      comment: 'Add the new folder to `layers` in .dependency-cruiser.mjs, with what it may import.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: `^src/(${Object.keys(layers).join('|')})/` },
      to: {},
    },
    {
      name: 'nothing-imports-dialects',
      comment: 'Only the table of contents names the dialects, so one can be deleted with its folder and one line.',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/(dialects/|app[.]module[.]ts$|main[.]ts$)|${notSpecs}` },
      to: { path: '^src/dialects/' },
    },
    {
      name: 'dialects-stand-alone',
      comment: 'One dialect does not know another.',
      severity: 'error',
      from: { path: '^src/dialects/([^/]+)/', pathNot: notSpecs },
      to: { path: '^src/dialects/[^/]+/', pathNot: '^src/dialects/$1/' },
    },
    {
      name: 'modules-through-their-index',
      comment: "Another module's inside is its own business: import its index.ts.",
      severity: 'error',
      from: { path: '^src/modules/([^/]+)/', pathNot: notSpecs },
      to: { path: '^src/modules/[^/]+/', pathNot: '^src/modules/($1/|[^/]+/index[.]ts$)' },
    },
    {
      name: 'modules-through-their-index-from-outside',
      comment: "A module's inside is its own business: import its index.ts.",
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/modules/|${notSpecs}` },
      to: { path: '^src/modules/[^/]+/', pathNot: '^src/modules/[^/]+/index[.]ts$' },
    },
    {
      name: 'services-do-not-know-who-listens',
      comment:
        'A service never imports a gateway, the bus or a socket library; a subscriber describes the change instead.',
      severity: 'error',
      from: { path: '^src/modules/.+[.]service[.]ts$' },
      to: {
        path: '[.]gateway[.]ts$|^src/events/bus/|[/.-]bus[.]ts$|node_modules/(socket[.]io|engine[.]io|ws|@nestjs/websockets|@nestjs/platform-socket[.]io)/',
      },
    },
    {
      name: 'no-circular-imports',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-imports-from-tests',
      comment: 'What ships does not lean on test code or development packages.',
      severity: 'error',
      from: { path: '^src/', pathNot: notSpecs },
      to: { path: '^(test|bench)/|[.]spec[.]ts$' },
    },
    {
      name: 'no-development-packages',
      severity: 'error',
      from: { path: '^src/', pathNot: notSpecs },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-undeclared-packages',
      comment: 'List it in package.json: a package that is only there by chance goes away by chance.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-unresolvable-imports',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
