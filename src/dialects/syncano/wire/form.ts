import { isObject, type JsonObject, parseJson } from '../../../common/json.js';
import { isStorableJson, isTooDeep } from '../../../common/json-limits.js';
import { isStorable } from '../../../common/text.js';
import { unknownPk, WireError } from './errors.js';

const TRUE = new Set<unknown>([true, 'true', 'True', 't', 1, '1']);
const FALSE = new Set<unknown>([false, 'false', 'False', 'f', 0, '0']);

export interface TextRules {
  required?: boolean;
  /** Whether it may be empty. */
  blank?: boolean;
  max?: number;
  /** Outer blanks are part of it: a password. */
  untrimmed?: boolean;
  /** What is wrong with the text; all that applies. */
  faults?: (text: string) => string[];
}

/**
 * Reads the fields of a body, which may be JSON or a form, and gathers what is wrong with each. Nobody asks for unknown
 * fields, so they are ignored.
 */
export class Form {
  private readonly fields: Record<string, unknown>;
  private readonly errors: Record<string, string[]> = {};

  constructor(body: unknown) {
    if (Array.isArray(body) || (body !== null && body !== undefined && typeof body !== 'object')) {
      const kind = Array.isArray(body) ? 'list' : typeof body;
      throw new WireError(400, { non_field_errors: [`Invalid data. Expected a dictionary, but got ${kind}.`] });
    }
    if (isTooDeep(body)) throw new WireError(400, { detail: 'JSON parse error - the body is nested too deeply' });
    this.fields = { ...body } as Record<string, unknown>;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.fields, name) && this.fields[name] !== undefined;
  }

  raw(name: string): unknown {
    return this.has(name) ? this.fields[name] : undefined;
  }

  /** All that was sent. */
  get all(): Readonly<Record<string, unknown>> {
    return this.fields;
  }

  fail(name: string, ...messages: string[]): void {
    (this.errors[name] ??= []).push(...messages);
  }

  /** Throws what was wrong, all of it. */
  check(): void {
    if (Object.keys(this.errors).length > 0) throw new WireError(400, this.errors);
  }

  text(name: string, { required = false, blank = false, max, untrimmed = false, faults }: TextRules = {}) {
    const value = this.present(name, required);
    if (value === undefined) return undefined;
    if (typeof value !== 'string' && typeof value !== 'number') return this.wrong(name, 'Not a valid string.');
    const text = untrimmed ? String(value) : String(value).trim();
    if (!isStorable(text)) return this.wrong(name, 'Null characters are not allowed.');
    if (text === '' && !blank) return this.wrong(name, 'This field may not be blank.');
    const wrong = faults?.(text) ?? [];
    if (max !== undefined && [...text].length > max)
      wrong.push(`Ensure this field has no more than ${max} characters.`);
    if (wrong.length > 0) return this.wrong(name, ...wrong);
    return text;
  }

  flag(name: string): boolean | undefined {
    const value = this.present(name, false);
    if (value === undefined) return undefined;
    if (TRUE.has(value)) return true;
    if (FALSE.has(value)) return false;
    return this.wrong(name, `"${shown(value)}" is not a valid boolean.`);
  }

  /** By its name, or by its place among the choices. */
  choice<Name extends string>(name: string, choices: readonly Name[]): Name | undefined {
    const value = this.present(name, false);
    if (value === undefined) return undefined;
    const chosen = choices.find((choice, index) => value === choice || value === index || value === String(index));
    return chosen ?? this.wrong(name, `"${shown(value)}" is not a valid choice.`);
  }

  /** The id of something; null, or an empty field of a form, for none. */
  pk(name: string, { required = false } = {}): number | null | undefined {
    const value = this.raw(name);
    if (value === undefined && required) return this.wrong(name, 'This field is required.');
    if (value === undefined) return undefined;
    if (value === null || value === '') {
      return required ? this.wrong(name, 'This field may not be null.') : null;
    }
    if (/^\d{1,15}$/.test(shown(value)) && Number(value) > 0) return Number(value);
    if (typeof value === 'number' || /^-?\d+$/.test(shown(value))) return this.wrong(name, unknownPk(value));
    const kind = typeof value === 'string' ? 'str' : Array.isArray(value) ? 'list' : 'dict';
    return this.wrong(name, `Incorrect type. Expected pk value, received ${kind}.`);
  }

  integer(name: string): number | undefined {
    const value = this.present(name, false);
    if (value === undefined) return undefined;
    if (/^-?\d{1,15}$/.test(shown(value))) return Number(value);
    return this.wrong(name, 'A valid integer is required.');
  }

  /** A JSON object, or a text that holds one. */
  json(name: string): JsonObject | undefined {
    const value = this.present(name, false);
    if (value === undefined) return undefined;
    const parsed = typeof value === 'string' ? parseJson(value) : value;
    if (parsed === undefined) return this.wrong(name, 'Not a valid JSON string.');
    if (isObject(parsed) && isStorableJson(parsed)) return parsed;
    return this.wrong(name, 'Value must be a JSON object.');
  }

  private present(name: string, required: boolean): unknown {
    const value = this.raw(name);
    if (value === undefined && required) return this.wrong(name, 'This field is required.');
    if (value === null) return this.wrong(name, 'This field may not be null.');
    return value;
  }

  private wrong(name: string, ...messages: string[]): undefined {
    this.fail(name, ...messages);
    return undefined;
  }
}

/** A value as an error message repeats it. */
function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.slice(0, 100);
}
