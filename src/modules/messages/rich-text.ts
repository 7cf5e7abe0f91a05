import { isObject, type JsonObject, type JsonValue } from '../../common/json.js';

/** Nodes that say nothing by themselves; every other one (an image, a poll, a mention) does. */
const FRAMES = new Set([
  'doc',
  'paragraph',
  'heading',
  'blockquote',
  'codeBlock',
  'bulletList',
  'orderedList',
  'listItem',
  'hardBreak',
  'text',
]);
const INLINE = new Set(['text', 'hardBreak', 'mention', 'emoji']);

/** A node of a ProseMirror document. */
export interface DocNode extends JsonObject {
  type: string;
}

/** Whether it is a document all the way down: every node has a type, every content is a list of nodes. */
export function isDoc(value: JsonValue | undefined): value is DocNode {
  return isNode(value) && value.type === 'doc';
}

function isNode(value: JsonValue | undefined): value is DocNode {
  if (!isObject(value) || typeof value.type !== 'string') return false;
  if (value.type === 'text' && typeof value.text !== 'string') return false;
  return value.content === undefined || (Array.isArray(value.content) && value.content.every(isNode));
}

/** The document that says a plain text: one paragraph for each line. */
export function docOf(text: string): DocNode {
  return { type: 'doc', content: paragraphsOf(text) };
}

export function paragraphsOf(text: string): DocNode[] {
  return text.split('\n').map(paragraphOf);
}

function paragraphOf(line: string): DocNode {
  return line === '' ? { type: 'paragraph' } : { type: 'paragraph', content: [{ type: 'text', text: line }] };
}

/** The plain text of a document: its paragraphs, wherever they are nested, one below the other. */
export function textOf(doc: DocNode): string {
  return blocksOf(doc).join('\n');
}

/** Whether the document has anything to show besides text. */
export function hasOtherContent(node: DocNode): boolean {
  return !FRAMES.has(node.type) || contentOf(node).some(hasOtherContent);
}

function blocksOf(node: DocNode): string[] {
  const content = contentOf(node);
  if (content.some(({ type }) => INLINE.has(type))) return [content.map(inlineText).join('')];
  if (node.type === 'paragraph' || node.type === 'heading' || node.type === 'codeBlock') return [''];
  return content.flatMap(blocksOf);
}

function inlineText(node: DocNode): string {
  if (node.type === 'text') return node.text as string;
  if (node.type === 'hardBreak') return '\n';
  const label = isObject(node.attrs) ? node.attrs.label : undefined;
  if (node.type === 'mention') return typeof label === 'string' ? `@${label}` : '';
  return contentOf(node).map(inlineText).join('');
}

function contentOf({ content }: DocNode): DocNode[] {
  return (content ?? []) as DocNode[];
}
