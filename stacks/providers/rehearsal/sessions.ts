import { pause as wait } from "../kubernetes/client.ts";
import { openEngineLog, type EngineLog } from "../kubernetes/engine-log.ts";
import type { Settings } from "./settings.ts";

/** One provider instance of one engine operation. */
export interface Session {
  settings: Settings;
  /** Waits; a Cancel of the engine ends it with an error. */
  pause: (milliseconds: number) => Promise<void>;
  /** Tells a person something about a resource, once for each `key`. */
  warn: (key: string, urn: string, text: string) => void;
}

/**
 * Sessions by connection: requests do not name their provider instance, and each instance dials its own connection.
 */
export interface Sessions {
  /** A connection introduces itself with the engine's address. */
  greet(peer: string, engineAddress: string): void;
  configure(peer: string, settings: Settings): void;
  /** @throws Error for a connection that was never configured. */
  of(peer: string): Session;
  cancel(peer: string): void;
  close(): void;
}

/** What is kept of a connection; nobody tells when it ends, so the oldest are forgotten. */
interface Connection {
  engineAddress: string;
  abort: AbortController;
  session?: Session;
  log?: EngineLog;
}

const KEPT = 256;

/** No sessions yet. */
export function openSessions(): Sessions {
  const connections = new Map<string, Connection>();
  const connect = (peer: string, engineAddress: string): Connection => {
    connections.get(peer)?.log?.close();
    const connection: Connection = { engineAddress, abort: new AbortController() };
    connections.set(peer, connection);
    const [oldest] = connections.keys();
    if (connections.size > KEPT && oldest !== undefined) connections.delete(oldest);
    return connection;
  };
  return {
    greet(peer, engineAddress) {
      if (connections.get(peer)?.engineAddress !== engineAddress) connect(peer, engineAddress);
    },
    configure(peer, settings) {
      const connection = connections.get(peer) ?? connect(peer, "");
      const said = new Set<string>();
      connection.session = {
        settings,
        pause: (milliseconds) => wait(milliseconds, connection.abort.signal),
        warn(key, urn, text) {
          if (said.has(key) || connection.engineAddress === "") return;
          said.add(key);
          connection.log ??= openEngineLog(connection.engineAddress);
          connection.log.warn(urn, text);
        },
      };
    },
    of(peer) {
      const session = connections.get(peer)?.session;
      if (!session) throw new Error("this connection has no configured provider");
      return session;
    },
    cancel: (peer) => connections.get(peer)?.abort.abort(),
    close() {
      for (const { abort, log } of connections.values()) {
        abort.abort();
        log?.close();
      }
      connections.clear();
    },
  };
}
