import type { HttpException } from '@nestjs/common';
import { STATUS_OF_KIND } from './http-status.js';
import { DomainError, type DomainErrorOptions } from '../domain-error.js';
import { serviceUnavailable } from '../connection-errors.js';

/** An HTTP status that no kind of DomainError stands for. */
export class HttpDomainError extends DomainError {
  constructor(
    readonly httpStatus: number,
    code: string,
    message: string,
    options: DomainErrorOptions = {},
  ) {
    super(code, message, options);
  }
}

/** The status with which an error leaves. */
export function statusOf(error: DomainError): number {
  return error instanceof HttpDomainError ? error.httpStatus : STATUS_OF_KIND[error.kind];
}

type Make = () => DomainError;
const make =
  (code: string, message: string, status: DomainErrorOptions['status']): Make =>
  () =>
    new DomainError(code, message, { status });

/** Frameworks put the offending text into their messages; ours say the same without it. */
const BY_STATUS: Record<number, Make> = {
  400: make('request.malformed', 'The request is malformed', 'invalid'),
  401: make('auth.required', 'This needs a credential', 'unauthorized'),
  403: make('auth.forbidden', 'This is not allowed', 'forbidden'),
  404: make('route.not_found', 'There is nothing at this address', 'not_found'),
  405: () => new HttpDomainError(405, 'request.method_not_allowed', 'This address does not know this method'),
  408: () => new HttpDomainError(408, 'request.timeout', 'The request took too long to arrive'),
  413: make('request.too_large', 'The request body is too large', 'too_large'),
  414: () => new HttpDomainError(414, 'request.url_too_long', 'The address is too long'),
  415: () => new HttpDomainError(415, 'request.unsupported_media_type', 'Send the body as application/json'),
  429: make('request.rate_limited', 'Too many requests, try again later', 'rate_limited'),
  431: () => new HttpDomainError(431, 'request.headers_too_large', 'The headers are too large'),
  503: () => serviceUnavailable(),
};

const MALFORMED_JSON = make('request.malformed_json', 'The request body is not valid JSON', 'invalid');
const BODY_PARSING_CODES = new Set(['FST_ERR_CTP_INVALID_JSON_BODY', 'FST_ERR_CTP_EMPTY_JSON_BODY']);

export function fromHttpException(error: HttpException): DomainError | null {
  return fromStatus(error.getStatus());
}

/** What Fastify itself refuses, before any of our code runs: bodies, media types, addresses. */
export function fromFastifyError(error: unknown): DomainError | null {
  if (!(error instanceof Error)) return null;
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  if (error instanceof SyntaxError || (typeof code === 'string' && BODY_PARSING_CODES.has(code)))
    return MALFORMED_JSON();
  if (typeof statusCode === 'number') return fromStatus(statusCode);
  return error instanceof URIError ? fromStatus(400) : null;
}

/** How a body is refused before a route sees it. */
export function bodyErrors(): DomainError[] {
  return [MALFORMED_JSON, BY_STATUS[400]!, BY_STATUS[413]!, BY_STATUS[415]!].map((error) => error());
}

/** How an address is refused before a route is found. */
export function addressErrors(): DomainError[] {
  return [BY_STATUS[400]!, BY_STATUS[414]!].map((error) => error());
}

function fromStatus(status: number): DomainError | null {
  const known = BY_STATUS[status];
  if (known !== undefined) return known();
  if (status < 400 || status >= 500) return null;
  return new HttpDomainError(status, 'request.refused', 'The request was refused');
}
