import type { ExecutionContext, Type } from '@nestjs/common';

/** What the marks of a route come to: read once for each route, because every request asks. */
export class PerRoute<Value> {
  private readonly known = new WeakMap<Type, Map<unknown, Value>>();

  constructor(private readonly read: (context: ExecutionContext) => Value) {}

  of(context: ExecutionContext): Value {
    const controller = context.getClass();
    let routes = this.known.get(controller);
    if (!routes) this.known.set(controller, (routes = new Map()));
    const handler = context.getHandler();
    let value = routes.get(handler);
    if (value === undefined) routes.set(handler, (value = this.read(context)));
    return value;
  }
}
