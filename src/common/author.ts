/** Who caused a change, as events and log lines name them: ids only, never a credential. */
export type Author = { member?: number; api_key?: number; account?: number };
