import { pause as wait } from "../kubernetes/client.ts";
import type { Settings } from "./settings.ts";

/** One provider instance of one engine operation. */
export interface Session {
  settings: Settings;
  /** Waits; a Cancel of the engine ends it with an error. */
  pause: (milliseconds: number) => Promise<void>;
}

/**
 * Sessions by connection: requests do not name their provider instance, and each instance dials its own connection.
 */
export interface Sessions {
  configure(peer: string, settings: Settings): void;
  /** @throws Error for a connection that was never configured. */
  of(peer: string): Session;
  cancel(peer: string): void;
  close(): void;
}

/** No sessions yet. */
export function openSessions(): Sessions {
  const sessions = new Map<string, Session & { abort: AbortController }>();
  return {
    configure(peer, settings) {
      const abort = new AbortController();
      const pause = (milliseconds: number): Promise<void> => wait(milliseconds, abort.signal);
      sessions.set(peer, { settings, abort, pause });
    },
    of(peer) {
      const session = sessions.get(peer);
      if (!session) throw new Error("this connection has no configured provider");
      return session;
    },
    cancel: (peer) => sessions.get(peer)?.abort.abort(),
    close() {
      for (const { abort } of sessions.values()) abort.abort();
      sessions.clear();
    },
  };
}
