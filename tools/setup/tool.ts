import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fail } from "../../stacks/contract/problem.ts";
import { cacheDir } from "./cache.ts";
import { checkoutRoot } from "./checkout.ts";
import { withLock } from "./lock.ts";
import { processStart } from "./process.ts";
import { checkRecord, writeRecord } from "./record.ts";
import { type RunResult, run } from "./run.ts";
import { GO_TOOLS, NEEDS, type GoTool, type GoToolName } from "./versions.ts";
import type { Work } from "./work.ts";

/** A tool that stands ready in the cache. */
export interface Tool {
  readonly name: string;
  readonly version: string;
  /** Name of a program → its absolute path. */
  readonly bin: Readonly<Record<string, string>>;
}

/** Something that is made once and kept in the cache under a key that names exactly what it is. */
export interface Recipe {
  readonly name: string;
  readonly version: string;
  /** Folder below the cache; everything that changes the result is in its name. */
  readonly key: string;
  /** Files it must hold, relative to its folder; the key is the program's name. */
  readonly bin: Readonly<Record<string, string>>;
  /** Fills an empty folder; may tell the version that was got. Throws a problem where it cannot. */
  readonly make: (folder: string, work: Work) => Promise<string | void>;
  /** Kept elsewhere than in {@link cacheDir}. */
  readonly cache?: string;
}

const folderOf = (recipe: Recipe): string => join(recipe.cache ?? cacheDir(), recipe.key);

/** The made thing, verified; undefined where it was never made or is damaged. Takes no lock. */
export async function findMade(recipe: Recipe): Promise<Tool | undefined> {
  const folder = folderOf(recipe);
  const version = await checkRecord(folder, Object.values(recipe.bin));
  if (version === undefined) return undefined;
  const bin = Object.fromEntries(
    Object.entries(recipe.bin).map(([name, file]) => [name, join(folder, file)]),
  );
  return { name: recipe.name, version, bin };
}

/**
 * Finds it, or makes it in a folder of its own that is renamed into place when whole, so that neither an interruption
 * nor a second maker leaves half of it. A second process waits for the first; what a dead one left is swept.
 */
export async function obtainMade(recipe: Recipe, work: Work = {}): Promise<Tool> {
  const found = await findMade(recipe);
  if (found) return found;
  const folder = folderOf(recipe);
  const waiting = (owner: { pid: number }): void =>
    work.progress?.(`waiting for process ${owner.pid}, which is making ${recipe.name}`);
  return withLock(
    `${folder}.lock`,
    async () => {
      const made = await findMade(recipe);
      if (made) return made;
      sweep(folder);
      const draft = `${folder}.draft.${ownerText(process.pid)}`;
      mkdirSync(draft, { recursive: true });
      try {
        const version = (await recipe.make(draft, work)) ?? recipe.version;
        await writeRecord(draft, version, Object.values(recipe.bin));
        rmSync(folder, { recursive: true, force: true });
        renameSync(draft, folder);
      } finally {
        rmSync(draft, { recursive: true, force: true });
      }
      return (await findMade(recipe)) ?? fail("FW9000", `${recipe.name} was made and is not there`);
    },
    { ...(work.signal ? { signal: work.signal } : {}), waiting },
  );
}

/** Names a running process in a file name. */
const ownerText = (pid: number): string =>
  `${pid}-${(processStart(pid) ?? "gone").replaceAll(/\W/g, "-")}`;

/** Removes the drafts of makers that are gone; the caller holds the lock. */
function sweep(folder: string): void {
  const prefix = `${basename(folder)}.draft.`;
  for (const name of readdirSync(dirname(folder))) {
    if (!name.startsWith(prefix)) continue;
    const owner = name.slice(prefix.length);
    if (owner !== ownerText(Number.parseInt(owner)))
      rmSync(join(dirname(folder), name), { recursive: true, force: true });
  }
}

/** The Go tool in the cache, or undefined. */
export async function findTool(name: GoToolName): Promise<Tool | undefined> {
  return findMade(goRecipe(name, GO_TOOLS[name]));
}

/**
 * The Go tool, built now where the cache lacks it.
 * @throws FW8002 without Go, FW8003 where the modules cannot be reached, FW8004 where the build fails.
 */
export async function obtainTool(name: GoToolName, work: Work = {}): Promise<Tool> {
  return obtainMade(goRecipe(name, GO_TOOLS[name]), work);
}

/** How a Go tool is built; its key holds the digest of its go.mod and go.sum. */
export function goRecipe(name: string, tool: GoTool): Recipe {
  const module = join(checkoutRoot(), tool.module);
  const hash = createHash("sha256").update(JSON.stringify([tool.packages, tool.ldflags]));
  for (const file of ["go.mod", "go.sum"]) hash.update(readFileSync(join(module, file)));
  return {
    name,
    version: tool.version,
    key: `tools/${name}/${tool.version}-${process.platform}-${process.arch}-${hash.digest("hex").slice(0, 12)}`,
    bin: Object.fromEntries(Object.keys(tool.packages).map((bin) => [bin, bin])),
    make: (folder, work) => buildGo(tool, module, folder, work),
  };
}

const OFFLINE =
  /dial tcp|no such host|i\/o timeout|connection refused|network is unreachable|TLS handshake timeout|GOPROXY=off|proxyconnect|unexpected EOF/;

/** How often a build is tried that could not fetch its modules, and the time between, ms. */
const [TRIES, PAUSE] = [3, 2000];

/** What helps where there is no Go, or no way to its modules. */
const waysOut = ({ without }: GoTool): string =>
  `install Go ${NEEDS.go} or newer (https://go.dev/dl) with access to a module proxy${without ? `, or ${without}` : ""}`;

async function buildGo(tool: GoTool, module: string, folder: string, work: Work): Promise<void> {
  const what = `building ${tool.title} ${tool.version} with Go (about ${tool.minutes} min the first time)`;
  work.progress?.(what);
  let compiled = 0;
  const packages = Object.values(tool.packages);
  const build = (): Promise<RunResult> =>
    run(
      "go",
      [
        "build",
        "-v",
        "-mod=readonly",
        "-trimpath",
        "-buildvcs=false",
        `-ldflags=${`-s -w ${tool.ldflags}`.trim()}`,
        "-o",
        `${folder}/`,
        ...packages,
      ],
      {
        cwd: module,
        env: { CGO_ENABLED: "0", GOWORK: "off" },
        ...(work.signal ? { signal: work.signal } : {}),
        onLine: (line) => {
          if (line.startsWith("go: downloading ")) work.progress?.(`${what}: ${line.slice(4)}`);
          else if (/^[\w.-]+(\/[\w.~-]+)*$/.test(line))
            work.progress?.(`${what}: ${++compiled} packages`);
        },
      },
    );
  let result = await build();
  // Go does not ask a second time for a module that it could not get; what it has, it keeps.
  for (let tries = 1; tries < TRIES && OFFLINE.test(result.stderr) && result.code !== 0; tries++) {
    work.progress?.(`${what}: trying again, since not all modules could be fetched`);
    await sleep(PAUSE, undefined, work.signal ? { signal: work.signal } : {});
    result = await build();
  }
  if (result.code === 127)
    fail("FW8002", `\`go\` is not on PATH, and ${tool.title} ${tool.version} is built with it`, {
      hint: waysOut(tool),
    });
  if (result.code !== 0) {
    const last = result.stderr.split("\n").slice(-8).join("\n");
    const offline = OFFLINE.test(result.stderr);
    fail(
      offline ? "FW8003" : "FW8004",
      `${tool.title} ${tool.version} could not be built:\n${last}`,
      offline ? { hint: waysOut(tool) } : {},
    );
  }
  for (const [bin, path] of Object.entries(tool.packages)) {
    const built = path
      .split("/")
      .filter((part) => !/^v\d+$/.test(part))
      .at(-1)!;
    if (built !== bin) renameSync(join(folder, built), join(folder, bin));
  }
}
