import { delimiter, dirname, join } from "node:path";
import { cacheDir } from "../setup/cache.ts";
import { goRecipe, obtainMade } from "../setup/tool.ts";
import { DEBIAN_SERVERS, GO_TOOLS, type DebianServerName } from "../setup/versions.ts";
import type { Work } from "../setup/work.ts";
import { obtainDebian } from "./debian.ts";
import { kafkaRecipe } from "./kafka.ts";

/** A real server for the proof of a driver. */
export interface Server {
  /** Name of a program → its absolute path; any user may run it. */
  readonly bin: Readonly<Record<string, string>>;
  readonly version: string;
  /** Folder that stands for `/` of its packages (`/` itself where they are installed): `<root>usr/share/…` are their data. */
  readonly root: string;
  /** To be added to the environment of each program. */
  readonly env: Readonly<Record<string, string>>;
}

/** A server that can be had. */
export type ServerName = DebianServerName | "kafka" | "minio" | "promtool";

/**
 * Servers are started as users without rights, who cannot look into root's home: what root obtains stands where all can read.
 * @param env default: of this process
 */
function serverCache(env: NodeJS.ProcessEnv = process.env): string {
  return process.getuid?.() === 0 && !env["XDG_CACHE_HOME"] ? "/var/cache/fairway" : cacheDir(env);
}

/**
 * A server from PATH or the usual folders, else from the cache, else from the Debian archive (unpacked into the cache:
 * nothing is installed and no service starts), from Maven or built with Go.
 * @throws FW8007 where it cannot be had; FW8002 to FW8004 as obtainTool.
 */
export async function obtainServer(name: ServerName, work: Work = {}): Promise<Server> {
  if (name === "kafka") {
    const { bin, version } = await obtainMade(kafkaRecipe(serverCache()), work);
    const programs = dirname(Object.values(bin)[0]!);
    const PATH = [programs, process.env["PATH"] ?? ""].join(delimiter);
    return { bin, version, root: "/", env: { PATH } };
  }
  if (name !== "minio" && name !== "promtool")
    return obtainDebian(name, DEBIAN_SERVERS[name], join(serverCache(), "servers"), work);
  const tool = await obtainMade({ ...goRecipe(name, GO_TOOLS[name]), cache: serverCache() }, work);
  return { bin: tool.bin, version: tool.version, root: "/", env: {} };
}
