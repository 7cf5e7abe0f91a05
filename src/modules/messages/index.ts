export type { Addressee, AddressedMessage } from './message.audience.js';
export { Message } from './message.entity.js';
export { MessageHistory } from './message.history.js';
export { type MessageListener, OnMessages } from './message.listeners.js';
export { MessageSending, type SentMessage } from './message.sending.js';
export { messagePath, messageSchema, type MessageView } from './message.view.js';
export { MessageViews } from './message.views.js';
export { MessagesModule } from './messages.module.js';
export { MessagesService } from './messages.service.js';
