export { WorkspacesModule } from './workspaces.module.js';
export { MAIN_WORKSPACE, WorkspacesService } from './workspaces.service.js';
