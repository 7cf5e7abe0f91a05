/** A message as the model remembers it. */
export interface ModelMessage {
  id: number;
  room: ModelRoom;
  author: number;
  root: ModelMessage | null;
  deleted: boolean;
  /** Whom it mentions, as far as it was noted. */
  mentions: Set<number>;
}

/** Somebody's place in a room; it stays when they leave. */
export interface Place {
  present: boolean;
  historyAfter: number;
  mark: number;
  archivedAfter: number | null;
  muted: boolean;
  pinned: boolean;
}

export interface ModelRoom {
  uuid: string;
  showHistory: boolean;
  places: Map<number, Place>;
}

interface Notice {
  member: number;
  message: ModelMessage;
  group: 'mentions' | 'inbox';
  isNew: boolean;
}

/** What a member should find. */
export interface Expected {
  rooms: Record<string, { unread: number; archived: boolean; pinned: boolean }>;
  unreadRooms: string[];
  unreadThreads: number[];
  badge: { new_notifications_count: number; new_mentions_count: number; new_inbox_count: number };
}

/** The rules of reading, threads and notifications once more, over plain lists: slow, obvious, and without a database. */
export class ChatModel {
  readonly messages: ModelMessage[] = [];
  readonly threads = new Map<ModelMessage, number>();
  private readonly threadMarks = new Map<string, number>();
  private readonly notices: Notice[] = [];

  constructor(readonly rooms: ModelRoom[]) {}

  /** What the member may see of a room, deleted messages aside. */
  visible(room: ModelRoom, member: number): ModelMessage[] {
    const after = visibleAfter(room, member);
    return this.messages.filter((message) => message.room === room && !message.deleted && message.id > after);
  }

  join(room: ModelRoom, member: number): void {
    const left = room.places.get(member);
    if (left?.present) return;
    room.places.set(member, { ...newPlace(), mark: left?.mark ?? 0, historyAfter: this.newestId(room) });
  }

  leave(room: ModelRoom, member: number): void {
    Object.assign(room.places.get(member)!, { present: false, pinned: false });
  }

  archive(room: ModelRoom, member: number, archived: boolean): void {
    if (this.isArchived(room, member) === archived) return;
    room.places.get(member)!.archivedAfter = archived ? this.newestId(room) : null;
  }

  send(message: Omit<ModelMessage, 'deleted' | 'mentions'>, mentioned: number[], thread: number | null): void {
    const sent: ModelMessage = { ...message, deleted: false, mentions: new Set() };
    this.messages.push(sent);
    if (sent.root) this.threads.set(sent.root, thread!);
    const named = this.note(sent, mentioned);
    this.notify(sent, named, 'mentions');
    if (!sent.root) return;
    const others = this.peopleOf(sent.root).filter((member) => member !== sent.author && !named.includes(member));
    this.notify(
      sent,
      others.filter((member) => sent.room.places.get(member)!.present),
      'inbox',
    );
  }

  edit(message: ModelMessage, mentioned: number[]): void {
    for (const member of message.mentions) if (!mentioned.includes(member)) message.mentions.delete(member);
    this.notify(message, this.note(message, mentioned), 'mentions');
  }

  remove(message: ModelMessage): void {
    const gone = this.messages.filter((each) => each === message || each.root === message);
    for (const each of gone) each.deleted = true;
    for (const notice of this.notices) if (gone.includes(notice.message)) notice.isNew = false;
  }

  markRoom(room: ModelRoom, member: number): void {
    const place = room.places.get(member)!;
    const roots = this.visible(room, member).filter(({ root }) => root === null);
    place.mark = Math.max(place.mark, ...roots.map(({ id }) => id));
    for (const root of this.unreadRoots(member)) if (root.room === room) this.markThread(root, member);
  }

  markThread(root: ModelMessage, member: number): void {
    const key = `${root.id} ${member}`;
    const replies = this.repliesTo(root).map(({ id }) => id);
    this.threadMarks.set(key, Math.max(this.threadMarks.get(key) ?? 0, ...replies));
  }

  markThreads(member: number): void {
    for (const root of this.unreadRoots(member)) this.markThread(root, member);
  }

  resetBadge(member: number): void {
    for (const notice of this.notices) if (notice.member === member) notice.isNew = false;
  }

  expected(member: number): Expected {
    const here = this.rooms.filter(({ places }) => places.get(member)?.present);
    const unread = new Map(here.map((room) => [room, this.unreadCount(room, member)]));
    const isNew = this.notices.filter((notice) => notice.member === member && notice.isNew);
    const inGroup = (wanted: string): number => isNew.filter(({ group }) => group === wanted).length;
    return {
      rooms: Object.fromEntries(
        here.map((room) => {
          const { pinned } = room.places.get(member)!;
          return [room.uuid, { unread: unread.get(room)!, archived: this.isArchived(room, member), pinned }];
        }),
      ),
      unreadRooms: here
        .filter((room) => unread.get(room)! > 0)
        .map(({ uuid }) => uuid)
        .sort(),
      unreadThreads: this.unreadRoots(member)
        .map((root) => this.threads.get(root)!)
        .sort(byNumber),
      badge: {
        new_notifications_count: isNew.length,
        new_mentions_count: inGroup('mentions'),
        new_inbox_count: inGroup('inbox'),
      },
    };
  }

  private unreadCount(room: ModelRoom, member: number): number {
    const written = this.messages.filter((message) => message.room === room && message.author === member);
    const position = Math.max(room.places.get(member)!.mark, ...written.map(({ id }) => id));
    return this.visible(room, member).filter(({ id, root }) => root === null && id > position).length;
  }

  /** The roots of the threads in which the member takes part and has not read everything. */
  private unreadRoots(member: number): ModelMessage[] {
    return [...this.threads.keys()].filter((root) => {
      const isThere =
        root.room.places.get(member)?.present && !root.deleted && root.id > visibleAfter(root.room, member);
      if (!isThere || !this.peopleOf(root).includes(member)) return false;
      const own = this.messages.filter((message) => message.root === root && message.author === member);
      const marked = this.threadMarks.get(`${root.id} ${member}`) ?? 0;
      const position = Math.max(marked, ...own.map(({ id }) => id));
      return this.repliesTo(root).some(({ id, author }) => id > position && author !== member);
    });
  }

  private repliesTo(root: ModelMessage): ModelMessage[] {
    return this.messages.filter((message) => message.root === root && !message.deleted);
  }

  /** Who wrote or is mentioned in a thread, in messages that are still there. */
  private peopleOf(root: ModelMessage): number[] {
    const said = [...(root.deleted ? [] : [root]), ...this.repliesTo(root)];
    return [...new Set(said.flatMap(({ author, mentions }) => [author, ...mentions]))];
  }

  private isArchived(room: ModelRoom, member: number): boolean {
    const { archivedAfter } = room.places.get(member)!;
    if (archivedAfter === null) return false;
    return !this.messages.some(({ room: where, root, id }) => where === room && root === null && id > archivedAfter);
  }

  /** Those whom a message newly mentions: who is in the room and may see it. */
  private note({ id, room, author, mentions }: ModelMessage, mentioned: number[]): number[] {
    const named = mentioned.filter((member) => {
      const isThere = room.places.get(member)?.present && id > visibleAfter(room, member);
      return isThere && member !== author && !mentions.has(member);
    });
    for (const member of named) mentions.add(member);
    return named;
  }

  private notify(message: ModelMessage, members: number[], group: Notice['group']): void {
    for (const member of members) {
      const known = this.notices.some((notice) => notice.member === member && notice.message === message);
      if (!known && !message.room.places.get(member)!.muted) this.notices.push({ member, message, group, isNew: true });
    }
  }

  private newestId(room: ModelRoom): number {
    return Math.max(0, ...this.messages.filter((message) => message.room === room).map(({ id }) => id));
  }
}

export function newPlace(): Place {
  return { present: true, historyAfter: 0, mark: 0, archivedAfter: null, muted: false, pinned: false };
}

function visibleAfter({ showHistory, places }: ModelRoom, member: number): number {
  return showHistory ? 0 : places.get(member)!.historyAfter;
}

const byNumber = (one: number, other: number): number => one - other;
