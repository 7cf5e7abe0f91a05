type GivenFields<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

/** Only the fields that have a value: what is undefined was not sent, and changes nothing. */
export function givenFields<Fields extends object>(fields: Fields): GivenFields<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as GivenFields<Fields>;
}
