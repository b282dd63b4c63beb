import log from "@pulumi/pulumi/log/index.js";

/**
 * Keeps the SDK's debug lines in this process. It sends half a dozen of them for each resource, each after the answer to
 * the one before it, and the program's end waits for all; the engine passes them on in its event stream, where they are
 * dropped, since they may hold anything.
 */
export function muteDebug(): void {
  Object.assign(log, { debug: async () => {} });
}
