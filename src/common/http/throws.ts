import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import type { KnownError } from '../domain-error.js';

const KEY = 'roomcast:throws';

/**
 * With what this route, or every route of this controller, may be refused, beyond what any route may: `/docs` tells it. A
 * code that ends with `.*` stands for all that begin so. What is said of a class holds for those that extend it too.
 */
export function Throws(...errors: KnownError[]): ClassDecorator & MethodDecorator {
  return (target: object, _name?: unknown, descriptor?: PropertyDescriptor): void => {
    const marked = (descriptor?.value as object | undefined) ?? target;
    Reflect.defineMetadata(KEY, [...thrownBy(marked), ...errors], marked);
  };
}

/** What the marks on a route and on its controller say. */
export function errorsThrownBy(controller: Type, handler: object): KnownError[] {
  return [...thrownBy(controller), ...thrownBy(handler)];
}

function thrownBy(marked: object): KnownError[] {
  return (Reflect.getMetadata(KEY, marked) as KnownError[] | undefined) ?? [];
}
