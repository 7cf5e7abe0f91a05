import { isObject, type JsonObject, type JsonValue } from '../../common/json.js';
import type { DomainEvent } from '../../events/domain-event.js';
import type { RoomWords } from '../../realtime/dialect.js';
import { frames } from './msquared.frames.js';
import type { Named } from './msquared.messages.js';

/** The part of an update that is the same for everybody: made once for each event, however many hear of it. */
interface Shared {
  /** Whether it tells of an end: then there is nothing in it that a user could be named in. */
  gone: boolean;
  text: string;
}

const shared = new WeakMap<DomainEvent, Shared>();

/** Says the changes of one document to one user (docs/dialects/msquared.md): each as the whole document. */
export class ResourceWords implements RoomWords {
  readonly name: string;
  private readonly head: string;
  /** A collection names its user once more, inside. */
  private readonly opening: string;

  constructor(
    userId: string,
    { type, id }: Named,
    /** The log does not reach back to what comes next: the client has to be told what there is now. */
    private readonly lost: () => void,
  ) {
    const user = JSON.stringify(userId);
    this.name = `msquared ${userId} ${type}:${id}`;
    this.head = `{"userId":${user},"resource":${JSON.stringify({ type, id })},"data":`;
    this.opening = type === 'collection' ? `{"userId":${user},` : '';
  }

  event(event: DomainEvent): string | null {
    let said = shared.get(event);
    if (!said) shared.set(event, (said = say(event.resource ?? {}, event.action === 'deleted')));
    return this.frame(said);
  }

  /** The document as it is now. */
  document(view: JsonObject): string {
    return this.frame(say(view, false));
  }

  revoked(): string {
    return frames.error('Forbidden');
  }

  resync(): null {
    this.lost();
    return null;
  }

  private frame({ gone, text }: Shared): string {
    return gone ? `${this.head}${text}` : `${this.head}${this.opening}${text}`;
  }
}

function say(view: JsonObject, gone: boolean): Shared {
  const version = `,"version":${JSON.stringify(view.version)}}`;
  return { gone, text: gone ? `null${version}` : `${contentOf(view)}${version}` };
}

/** The document's `data`; of a collection without its beginning. */
function contentOf({ kind, name, value = null }: JsonObject): string {
  if (kind === 'kv') return JSON.stringify({ key: name, data: value });
  return kind === 'collection' ? JSON.stringify(toCollection(value)).slice(1) : JSON.stringify(value);
}

function toCollection(value: JsonValue): JsonObject {
  const { datasource_id: datasourceId = null, items = [] } = isObject(value) ? value : {};
  const userCollection = (Array.isArray(items) ? items : []).filter(isObject).map((item) => {
    const { object_definition_id: objectDefinitionId = null, ...rest } = item;
    return { objectDefinitionId, ...rest };
  });
  return { datasourceId, userCollection };
}
