export { type ContextNames, placeIn, type ResourceContext, type Scope } from './place.js';
export {
  collectionAddress,
  keyAddress,
  liveConfigAddress,
  type ResourceAddress,
  resourceName,
  resourcePath,
  type Store,
} from './resource-address.js';
export { CONTEXT_HEADERS, readContext } from './resource-context.js';
export { ResourceOrganizations } from './resource-organizations.js';
export { toResourceView } from './resource.view.js';
export { ResourcesModule } from './resources.module.js';
export { ResourcesService } from './resources.service.js';
