/** An answer whose JSON is at hand: a direct route sends that text, any other way makes its own of the same value. */
export class ReadyJson {
  private constructor(
    private readonly value: object,
    readonly text: string,
  ) {}

  /** The value alone where there is no text. */
  static of(value: object, text: string | null): object {
    return text === null ? value : new ReadyJson(value, text);
  }

  toJSON(): object {
    return this.value;
  }
}
