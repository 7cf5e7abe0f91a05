import { RouteConfig } from '@nestjs/platform-fastify';

interface SecretRoute {
  secretAnswer?: boolean;
}

/** The route answers with tokens or keys: nothing may keep its answer. */
export const SecretAnswer = (): MethodDecorator =>
  RouteConfig({ secretAnswer: true } satisfies SecretRoute) as MethodDecorator;

export function answersSecrets(routeConfig: unknown): boolean {
  return (routeConfig as SecretRoute | undefined)?.secretAnswer === true;
}
