/** `author_id` -> `authorId`, as the columns of a table and the properties of its entity are called. */
export type Camel<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Name;

export type Camelized<Fields> = { [Name in keyof Fields & string as Camel<Name>]: Fields[Name] };

/** The properties that a row needs for a view: under the name of each field its value, or the time that the text stands for. */
export type Viewable<View> = {
  [Name in keyof View & string as Camel<Name>]: string extends View[Name] ? View[Name] | Date : View[Name];
};

export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}

/** The fields of a request as properties of a row. What was not named stays away, so that it changes nothing. */
export function camelized(fields: object): Record<string, unknown> {
  const named = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(named.map(([name, value]) => [camelCase(name), value]));
}
