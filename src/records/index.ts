export { type Permissions, type Rule } from './record-definition.js';
export { administrators, authors, everybody, members } from './record-rules.js';
export type { RecordThing } from './record.access.js';
export { viewOf } from './record.view.js';
export { RealtimeRecord } from './realtime-record.js';
export { RecordId, RecordsController } from './records.controller.js';
export { RecordsModule } from './records.module.js';
export { RecordsService } from './records.service.js';
export { AuthoredRecord, WorkspaceRecord } from './workspace-record.js';
