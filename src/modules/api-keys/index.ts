export { keysChanged } from './keys-changed.js';
export { ApiKey } from './api-key.entity.js';
export type { ApiKeyThing } from './api-keys.access.js';
export { ApiKeysModule } from './api-keys.module.js';
export { type ApiKeyChanges, ApiKeysService } from './api-keys.service.js';
