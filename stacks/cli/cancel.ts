/** What Ctrl-C asks for: the first time to end in order, the second to break off, the third to leave at once. */
export interface Cancel {
  readonly signal: AbortSignal;
  readonly terminate: AbortSignal;
  /** One Ctrl-C. */
  readonly press: () => void;
}

/** Counts the presses; `tell` is called before anything ends, `leave` by the third press. */
export function cancelling(tell: (text: string) => void, leave: () => void): Cancel {
  const end = new AbortController();
  const breakOff = new AbortController();
  return {
    signal: end.signal,
    terminate: breakOff.signal,
    press() {
      if (breakOff.signal.aborted) return leave();
      if (end.signal.aborted) {
        tell("breaking off: the next run repairs what is left");
        return breakOff.abort();
      }
      tell("cancelling: what runs ends in order; press again to break it off");
      end.abort();
    },
  };
}
