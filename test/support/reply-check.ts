import type { OpenAPIObject } from '@nestjs/swagger';
import type { ValidateFunction } from 'ajv';
import Draft04Ajv from 'ajv-draft-04';

interface Reply {
  content?: Record<string, { schema?: object }>;
}

interface Operation {
  template: string;
  replies: Record<string, Reply>;
}

/** One answer, as it left the server. A body that is not JSON, or none, is null. */
export interface GivenReply {
  method: string;
  path: string;
  status: number;
  body: string | null;
}

const DOCUMENT = 'openapi';

/** A file uses each schema a few times only, so it has to be made quickly; that the document is valid has its own test. */
const OPTIONS = {
  strict: false,
  validateFormats: false,
  validateSchema: false,
  inlineRefs: false,
  code: { optimize: false },
};

/** What left the server and is not as `/docs-json` says: which parts are wrong, never what was in them. */
export const replyFaults = new Set<string>();

/** Holds the replies of the REST API to its description. */
export class ReplyCheck {
  private readonly ajv = new Draft04Ajv.default(OPTIONS);
  /** By the text of the schema: many routes are refused in the same words. */
  private readonly checks = new Map<string, ValidateFunction>();
  private readonly paths: [RegExp, template: string][];

  constructor(private readonly document: OpenAPIObject) {
    this.ajv.addSchema(document, DOCUMENT);
    // A word says more than a parameter.
    const templates = Object.keys(document.paths).sort((one, other) => one.split('{').length - other.split('{').length);
    this.paths = templates.map((template) => [new RegExp(`^${template.replace(/{\w+}/g, '[^/]+')}$`), template]);
  }

  /** Keeps what is wrong with a reply. */
  reply({ method, path, status, body }: GivenReply): void {
    const operation = this.find(method, path);
    if (!operation) return this.unknownRoute({ method, path, status, body });
    const name = `${method} ${operation.template} was answered with ${status}`;
    const described = operation.replies[String(status)];
    if (!described) return this.fault(`${name}${codeIn(body)}, a status that is not listed`);
    const schema = described.content?.['application/json']?.schema;
    if (!schema && body === null) return;
    if (!schema) return this.fault(`${name} and a body, of which nothing is said`);
    if (body === null) return this.fault(`${name} without the body that is listed`);
    const check = this.checkOf(schema);
    if (check(JSON.parse(body))) return;
    const why = check.errors!.map(({ instancePath, keyword, params }) =>
      `${instancePath.replace(/\d+/g, '…') || '/'} ${keyword} ${unexpected(params)}`.trim(),
    );
    this.fault(`${name}${codeIn(body)}, and it does not fit: ${[...new Set(why)].slice(0, 6).join(', ')}`);
  }

  private find(method: string, path: string): Operation | undefined {
    for (const [pattern, template] of this.paths) {
      if (!pattern.test(path)) continue;
      const operation = (this.document.paths[template] as Record<string, { responses: Operation['replies'] }>)[
        method.toLowerCase()
      ];
      if (operation) return { template, replies: operation.responses };
    }
    return undefined;
  }

  /** Who asks for what nobody has described has to hear that it is not there, or why nobody looked. */
  private unknownRoute({ method, path, status, body }: GivenReply): void {
    const code = codeIn(body);
    // Some routes are found with a slash at their end too.
    if (path.endsWith('/') && code !== ' route.not_found')
      return this.reply({ method, path: path.slice(0, -1), status, body });
    if (!/ (route\.not_found|request\.|service\.unavailable)/.test(code))
      this.fault(`${method} ${path.replace(/\d+/g, '…')} was answered with ${status}${code}, and is not described`);
  }

  private checkOf(schema: object): ValidateFunction {
    const text = JSON.stringify(schema).replaceAll('"#/components', `"${DOCUMENT}#/components`);
    const check = this.checks.get(text) ?? this.ajv.compile(JSON.parse(text) as object);
    this.checks.set(text, check);
    return check;
  }

  private fault(text: string): void {
    replyFaults.add(text);
  }
}

/** The code of an error, which is no secret. */
function codeIn(body: string | null): string {
  const code = body === null ? undefined : (JSON.parse(body) as { error?: { code?: unknown } } | null)?.error?.code;
  return typeof code === 'string' ? ` ${code}` : '';
}

function unexpected(params: Record<string, unknown>): string {
  const { additionalProperty, missingProperty, type } = params;
  return [additionalProperty, missingProperty, type].filter((part) => typeof part === 'string').join(' ');
}
