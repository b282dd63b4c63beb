import { createHash } from "node:crypto";
import { openClient, type Client } from "./client.ts";
import { openDiscovery, type Discovery } from "./discovery.ts";
import { openEngineLog, type EngineLog } from "./engine-log.ts";
import { loadKubeconfig, openKubeconfig } from "./kubeconfig.ts";
import type { JsonObject } from "./json.ts";
import { textAt } from "./json.ts";

/** What a provider instance was configured with. */
export interface Settings {
  /** Text or path of a kubeconfig. */
  kubeconfig: string | undefined;
  context: string | undefined;
  cluster: string | undefined;
  /** For objects that name none. */
  namespace: string | undefined;
}

/** One provider instance of one engine operation: everything its calls need. */
export interface Session {
  settings: Settings;
  client: Client;
  discovery: Discovery;
  log: EngineLog;
  /** Aborted by the engine's Cancel. */
  signal: AbortSignal;
  now: () => number;
  /** True the first time a key is given: for remarks made once. */
  first: (key: string) => boolean;
}

/** The sessions of all connections; every provider instance dials its own, and calls name their peer only. */
export interface Sessions {
  /** A connection introduces itself with the engine's address. */
  greet(peer: string, engineAddress: string): void;
  configure(peer: string, settings: Settings): Promise<void>;
  /** Runs a call in its connection's session; throws for a peer that was never configured, or was cancelled. */
  run<T>(peer: string, call: (session: Session) => Promise<T>): Promise<T>;
  /** Aborts what this peer waits for and forgets it once its calls have ended. */
  cancel(peer: string): void;
  close(): void;
}

interface Entry {
  engineAddress: string;
  abort: AbortController;
  log: EngineLog;
  session?: Session;
  running: number;
}

/** Sessions that share one client for each cluster and kubeconfig content, so that connections and discovery stay warm. */
export function openSessions(options: {
  kubeconfig?: string | undefined;
  now: () => number;
}): Sessions {
  const entries = new Map<string, Entry>();
  const clusters = new Map<string, Promise<{ client: Client; discovery: Discovery }>>();

  const cluster = (
    settings: Settings,
    kubeconfig: string,
  ): Promise<{ client: Client; discovery: Discovery }> => {
    const content = JSON.stringify([
      loadKubeconfig(kubeconfig),
      settings.context,
      settings.cluster,
    ]);
    const key = createHash("sha256").update(content).digest("hex");
    const known = clusters.get(key);
    if (known) return known;
    const opening = openKubeconfig(kubeconfig, {
      context: settings.context,
      cluster: settings.cluster,
    }).then((access) => {
      const client = openClient(access, options.now);
      return { client, discovery: openDiscovery(client) };
    });
    clusters.set(key, opening);
    opening.catch(() => clusters.delete(key));
    return opening;
  };
  const forget = (peer: string, entry: Entry): void => {
    entries.delete(peer);
    void entry.log.flush().then(() => entry.log.close());
  };

  return {
    greet(peer, engineAddress) {
      if (entries.get(peer)?.engineAddress === engineAddress) return;
      entries.set(peer, {
        engineAddress,
        abort: new AbortController(),
        log: openEngineLog(engineAddress),
        running: 0,
      });
    },
    async configure(peer, settings) {
      const entry = entries.get(peer);
      if (!entry)
        throw new Error("this connection never introduced itself (no Handshake or Attach)");
      const kubeconfig = settings.kubeconfig ?? options.kubeconfig;
      if (!kubeconfig)
        throw new Error(
          "no kubeconfig: set it on the provider (kubeconfig) or choose an environment with a cluster",
        );
      const { client, discovery } = await cluster(settings, kubeconfig);
      const said = new Set<string>();
      const first = (key: string): boolean => !said.has(key) && Boolean(said.add(key));
      const namespace = settings.namespace ?? client.access.namespace;
      entry.session = {
        settings: { ...settings, namespace },
        client,
        discovery,
        log: entry.log,
        signal: entry.abort.signal,
        now: options.now,
        first,
      };
    },
    async run(peer, call) {
      const entry = entries.get(peer);
      if (!entry?.session)
        throw new Error(
          "this connection has no configured provider: it was never configured, or it was cancelled",
        );
      entry.running++;
      try {
        return await call(entry.session);
      } finally {
        entry.running--;
        if (entry.abort.signal.aborted && entry.running === 0) forget(peer, entry);
      }
    },
    cancel(peer) {
      const entry = entries.get(peer);
      if (!entry) return;
      entry.abort.abort();
      if (entry.running === 0) forget(peer, entry);
    },
    close() {
      for (const [peer, entry] of entries) {
        entry.abort.abort();
        forget(peer, entry);
      }
      for (const opening of clusters.values())
        void opening.then(
          ({ client }) => client.close(),
          () => undefined,
        );
    },
  };
}

/** Settings from the arguments of Configure: texts, with nested values in JSON. */
export function readSettings(args: JsonObject): Settings {
  const text = (name: string): string | undefined => textAt(args, name) || undefined;
  return {
    kubeconfig: text("kubeconfig"),
    context: text("context"),
    cluster: text("cluster"),
    namespace: text("namespace"),
  };
}
