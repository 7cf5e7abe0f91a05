/** Stops the boot with every fault of the configuration in one readable message. */
export class ConfigurationError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(['Roomcast cannot start with this configuration:', ...faults.map((fault) => `  - ${fault}`)].join('\n'));
    this.name = 'ConfigurationError';
  }
}
