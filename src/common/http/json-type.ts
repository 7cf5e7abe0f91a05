/** The type of every JSON that is sent, as Fastify calls it too. */
export const JSON_TYPE = 'application/json; charset=utf-8';
