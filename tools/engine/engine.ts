import {
  accessSync,
  constants,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { FairwayError, fail } from "../../stacks/contract/problem.ts";
import { cacheDir } from "../setup/cache.ts";
import { checkoutRoot } from "../setup/checkout.ts";
import { run } from "../setup/run.ts";
import { findMade, findTool, obtainMade, obtainTool, type Recipe } from "../setup/tool.ts";
import { GO_TOOLS } from "../setup/versions.ts";
import type { Work } from "../setup/work.ts";

/** A Pulumi engine that does. */
export interface Engine {
  /** Absolute path of `pulumi`. */
  readonly path: string;
  /** Without `v`. */
  readonly version: string;
  /** `path`: on PATH. `download`: the official archive, kept in the cache. `build`: built with Go, kept in the cache. */
  readonly source: "path" | "download" | "build";
}

const VERSION = GO_TOOLS.engine.version;
const PROBE_MS = 4_000;
const DOWNLOAD_MS = 240_000;

/** The engine that stands ready, in the order PATH, download, build. Fast: a version once asked is remembered by path, time and size. */
export async function findEngine(
  env: NodeJS.ProcessEnv = process.env,
): Promise<Engine | undefined> {
  const onPath = await engineOnPath(env);
  if (onPath) return onPath;
  const downloaded = await findMade(DOWNLOAD);
  if (downloaded)
    return { path: downloaded.bin["pulumi"]!, version: downloaded.version, source: "download" };
  const built = await findTool("engine");
  return built && { path: built.bin["pulumi"]!, version: built.version, source: "build" };
}

/**
 * The engine, obtained now where none stands ready.
 * @throws FW8001 where it can neither be downloaded nor built; FW8004 where the build fails.
 */
export async function obtainEngine(work: Work = {}): Promise<Engine> {
  const found = await findEngine();
  if (found) return found;
  work.progress?.(`asking for the official download of Pulumi ${VERSION}`);
  if (await downloadAnswers(work.signal)) {
    try {
      const tool = await obtainMade(DOWNLOAD, work);
      return { path: tool.bin["pulumi"]!, version: tool.version, source: "download" };
    } catch (error) {
      if (!FairwayError.is(error)) throw error;
      work.progress?.(`the download failed: ${error.message.split("\n")[0]}`);
    }
  }
  try {
    const tool = await obtainTool("engine", work);
    return { path: tool.bin["pulumi"]!, version: tool.version, source: "build" };
  } catch (error) {
    const known = FairwayError.is(error) ? error.problems[0] : undefined;
    if (known?.code !== "FW8002" && known?.code !== "FW8003") throw error;
    fail(
      "FW8001",
      `no Pulumi engine: none on PATH, the official download does not answer, and ${known.message}`,
      known.hint === undefined ? {} : { hint: known.hint },
    );
  }
}

/** Whether a version is 3.255 or newer of the same major. */
export function isNewEnough(version: string, least: string = VERSION): boolean {
  const [major, minor, patch] = numbers(version);
  const [leastMajor, leastMinor, leastPatch] = numbers(least);
  return (
    major === leastMajor &&
    (minor! > leastMinor! || (minor === leastMinor && patch! >= leastPatch!))
  );
}

const numbers = (version: string): number[] =>
  (/(\d+)\.(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number);

interface Remembered {
  readonly mtimeMs: number;
  readonly size: number;
  readonly version: string;
}

async function engineOnPath(env: NodeJS.ProcessEnv): Promise<Engine | undefined> {
  const path = onPath("pulumi", env);
  if (!path) return undefined;
  const { mtimeMs, size } = statSync(path);
  const memory = join(cacheDir(), "engine-on-path.json");
  const known = recall(memory)[path];
  let version = known?.mtimeMs === mtimeMs && known.size === size ? known.version : undefined;
  if (version === undefined) {
    const asked = await run(path, ["version"], {
      env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
      timeoutMs: 10_000,
    });
    version = /v?(\d+\.\d+\.\d+\S*)/.exec(asked.stdout)?.[1] ?? "none";
    mkdirSync(dirname(memory), { recursive: true });
    writeFileSync(
      `${memory}.${process.pid}`,
      JSON.stringify({
        ...recall(memory),
        [path]: { mtimeMs, size, version } satisfies Remembered,
      }),
    );
    renameSync(`${memory}.${process.pid}`, memory);
  }
  return isNewEnough(version) ? { path, version, source: "path" } : undefined;
}

function recall(memory: string): Record<string, Remembered> {
  try {
    return JSON.parse(readFileSync(memory, "utf8")) as Record<string, Remembered>;
  } catch {
    return {};
  }
}

function onPath(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const suffixes = process.platform === "win32" ? [".exe", ".cmd"] : [""];
  for (const folder of (env["PATH"] ?? "").split(delimiter).filter(Boolean)) {
    for (const suffix of suffixes) {
      const path = join(folder, name + suffix);
      try {
        accessSync(path, constants.X_OK);
        if (statSync(path).isFile()) return path;
      } catch {
        // Not here.
      }
    }
  }
  return undefined;
}

async function downloadAnswers(signal: AbortSignal | undefined): Promise<boolean> {
  const limit = AbortSignal.timeout(PROBE_MS);
  try {
    const answer = await fetch("https://get.pulumi.com/install.sh", {
      method: "HEAD",
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    return answer.ok;
  } catch {
    signal?.throwIfAborted();
    return false;
  }
}

/** Pulumi's own installer (its default version is the SDK's, which is pinned to ours), in a process of its own, so that it can be ended and its weight is not loaded here. */
const INSTALL = `import automation from "@pulumi/pulumi/automation/index.js";
await automation.PulumiCommand.install({ root: process.argv[1] });
`;

const DOWNLOAD: Recipe = {
  name: "the Pulumi download",
  version: VERSION,
  key: `tools/engine-download/${VERSION}-${process.platform}-${process.arch}`,
  bin: { pulumi: process.platform === "win32" ? "bin/pulumi.exe" : "bin/pulumi" },
  make: async (folder, work) => {
    work.progress?.(`downloading Pulumi ${VERSION}`);
    const result = await run(process.execPath, ["--input-type=module", "-e", INSTALL, folder], {
      cwd: checkoutRoot(),
      timeoutMs: DOWNLOAD_MS,
      ...(work.signal ? { signal: work.signal } : {}),
    });
    if (result.code !== 0)
      fail(
        "FW8001",
        result.timedOut
          ? `no whole download within ${DOWNLOAD_MS / 1000} s`
          : (result.stderr.split("\n").at(-1) ?? ""),
      );
  },
};
