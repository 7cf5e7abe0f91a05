import { environmentSchema } from './settings.schema.js';

export interface SettingDescription {
  name: string;
  default: string;
  description: string;
}

/** The table of settings for the documentation, from the same place as the rules. */
export function describeSettings(): SettingDescription[] {
  return Object.entries(environmentSchema.shape).map(([name, rule]) => {
    const whenAbsent: unknown = rule.safeParse(undefined).data;
    return {
      name,
      default: whenAbsent === undefined ? '' : String(whenAbsent),
      description: rule.description ?? '',
    };
  });
}
