/** How something that takes long tells where it stands and is told to stop. */
export interface Work {
  /** Called with what is being done now: one short line, no full stop. */
  readonly progress?: (message: string) => void;
  /** Aborted work ends its child processes and throws the signal's reason. */
  readonly signal?: AbortSignal;
}
