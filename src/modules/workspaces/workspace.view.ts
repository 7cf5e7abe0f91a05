import { z } from 'zod';
import type { Workspace } from './workspace.entity.js';

/** A workspace as everybody in it sees it. */
export const workspaceSchema = z
  .strictObject({
    id: z.int(),
    name: z.string(),
    member_channels: z.boolean().describe('Whether members may make channels of their own.'),
  })
  .meta({ id: 'Workspace' });

export const changeWorkspaceSchema = workspaceSchema
  .pick({ member_channels: true })
  .partial()
  .meta({ id: 'ChangeWorkspace' });

export type WorkspaceView = z.infer<typeof workspaceSchema>;
export type ChangeWorkspace = z.infer<typeof changeWorkspaceSchema>;

export function toWorkspaceView({ id, name, memberChannels }: Workspace): WorkspaceView {
  return { id, name, member_channels: memberChannels };
}
