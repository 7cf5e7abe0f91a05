export { OnWorkspace, type WorkspaceListener } from './workspace-lifecycle.js';
export { Workspace } from './workspace.entity.js';
export { workspaceNameTaken, workspaceNotFound } from './workspaces.errors.js';
export { WorkspacesModule } from './workspaces.module.js';
export {
  MAIN_WORKSPACE,
  type WorkspaceChanges,
  type WorkspaceDetails,
  WorkspacesService,
} from './workspaces.service.js';
