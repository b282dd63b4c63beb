import {
  accessSync,
  constants,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join, relative } from "node:path";
import { shortHash } from "../../stacks/contract/names.ts";
import { fail } from "../../stacks/contract/problem.ts";
import { run, type RunResult } from "../setup/run.ts";
import { obtainMade, type Recipe, type Tool } from "../setup/tool.ts";
import type { DebianServer } from "../setup/versions.ts";
import type { Work } from "../setup/work.ts";
import type { Server } from "./server.ts";

/** A server that is installed here, else one unpacked from the Debian archive into `cache`. */
export async function obtainDebian(
  name: string,
  server: DebianServer,
  cache: string,
  work: Work,
): Promise<Server> {
  const installed = find(server.bin, [
    ...(process.env["PATH"] ?? "").split(delimiter),
    ...expand("/", server.folders),
  ]);
  if (installed)
    return { bin: installed, version: await versionOf(server, installed, {}), root: "/", env: {} };
  const tool = await obtainMade(recipe(name, server, cache), work);
  return { bin: tool.bin, version: tool.version, ...surroundings(rootOf(tool)) };
}

/** Raised when what {@link recipe} makes of the same packages changes. */
const FORM = 2;

function recipe(name: string, server: DebianServer, cache: string): Recipe {
  return {
    name: server.title,
    version: "",
    key: `${name}/debian-${process.arch}-${shortHash(JSON.stringify([FORM, server]))}`,
    bin: Object.fromEntries(server.bin.map((program) => [program, join("bin", program)])),
    cache,
    make: async (folder, work) => {
      const root = join(folder, "root/");
      await unpack(server, folder, root, work);
      relocateErlang(root);
      const found = find(server.bin, expand(root, server.folders));
      if (!found)
        fail(
          "FW8007",
          `the Debian packages ${server.packages.join(", ")} hold no ${server.bin.join(", ")}`,
        );
      mkdirSync(join(folder, "bin"));
      for (const [program, path] of Object.entries(found)) {
        // No link: some programs look for their parts beside the name that they were called by.
        const target = relative(join(folder, "bin"), path);
        writeFileSync(
          join(folder, "bin", program),
          `#!/bin/sh\nexec "$(dirname "$(readlink -f "$0")")/${target}" "$@"\n`,
          { mode: 0o755 },
        );
      }
      return versionOf(server, found, surroundings(root).env);
    },
  };
}

const rootOf = (tool: Tool): string => join(dirname(dirname(Object.values(tool.bin)[0]!)), "root/");

/** What programs of an unpacked package need to find their libraries and each other. */
function surroundings(root: string): { root: string; env: Record<string, string> } {
  const libraries = ["usr/lib/*-linux-gnu*", "lib/*-linux-gnu*"].flatMap((folder) =>
    expand(root, [folder]),
  );
  const programs = [
    join(dirname(root.replace(/\/$/, "")), "bin"),
    join(root, "usr/bin"),
    join(root, "usr/sbin"),
  ];
  return {
    root,
    env: {
      LD_LIBRARY_PATH: libraries.join(":"),
      PATH: [...programs, process.env["PATH"] ?? ""].join(delimiter),
    },
  };
}

/** Fetches packages and what they depend on with lists of its own: needs no rights and changes nothing of the system. */
async function unpack(
  server: DebianServer,
  folder: string,
  root: string,
  work: Work,
): Promise<void> {
  const apt = join(folder, "apt");
  for (const part of ["lists/partial", "archives/partial"])
    mkdirSync(join(apt, part), { recursive: true });
  const options = Object.entries({
    "Dir::State::lists": join(apt, "lists"),
    "Dir::Cache": apt,
    "Dir::Cache::archives": join(apt, "archives"),
    "Debug::NoLocking": "true",
    "APT::Sandbox::User": "",
    "Acquire::Retries": "3",
  }).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  const step = async (what: string, command: string, args: readonly string[]): Promise<void> => {
    work.progress?.(`${what} ${server.title}`);
    const result = await run(command, args, {
      timeoutMs: 300_000,
      ...(work.signal ? { signal: work.signal } : {}),
    });
    if (result.code !== 0) refuse(server, result);
  };
  await step("asking the Debian archive for", "apt-get", [...options, "-qq", "update"]);
  await step("fetching", "apt-get", [
    ...options,
    "-qq",
    "-y",
    "--no-install-recommends",
    "--download-only",
    "install",
    ...server.packages,
  ]);
  const archives = readdirSync(join(apt, "archives")).filter((file) => file.endsWith(".deb"));
  for (const archive of archives)
    await step("unpacking", "dpkg", ["-x", join(apt, "archives", archive), root]);
  rmSync(apt, { recursive: true });
}

function refuse(server: DebianServer, result: RunResult): never {
  const reason =
    result.code === 127
      ? "this machine has no apt-get"
      : result.stderr.split("\n").slice(-3).join("; ");
  fail("FW8007", `${server.title} is not installed and cannot be fetched: ${reason}`, {
    hint: `install ${server.title} so that ${server.bin.join(", ")} are on PATH`,
  });
}

/** Erlang's scripts name the folder that they were built for; they are told to look where they stand. */
function relocateErlang(root: string): void {
  const home = join(root, "usr/lib/erlang");
  for (const folder of expand(home, ["bin", "erts-*/bin"])) {
    for (const file of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, file.name);
      if (!file.isFile()) continue;
      const text = readFileSync(path, "latin1");
      if (!text.startsWith("#!") || !text.includes("ROOTDIR=/usr/lib/erlang")) continue;
      const here = `"$(cd "$(dirname "$(readlink -f "$0")")/${relative(folder, home)}" && pwd)"`;
      writeFileSync(path, text.replaceAll("ROOTDIR=/usr/lib/erlang", `ROOTDIR=${here}`), "latin1");
    }
  }
}

/** Paths below `root` with one `*` in a part standing for any text; only those that exist. */
function expand(root: string, patterns: readonly string[]): string[] {
  return patterns.flatMap((pattern) =>
    pattern.split("/").reduce<string[]>(
      (folders, part) =>
        folders.flatMap((folder) => {
          const [before, after] = part.split("*") as [string, string | undefined];
          return names(folder)
            .filter((name) =>
              after === undefined ? name === part : name.startsWith(before) && name.endsWith(after),
            )
            .map((name) => join(folder, name));
        }),
      [root],
    ),
  );
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The path of every program, each from the first folder that has it; undefined where one lacks. */
function find(
  programs: readonly string[],
  folders: readonly string[],
): Record<string, string> | undefined {
  const found: Record<string, string> = {};
  for (const program of programs) {
    const path = folders
      .filter(Boolean)
      .map((folder) => join(folder, program))
      .find(isProgram);
    if (!path) return undefined;
    found[program] = path;
  }
  return found;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function versionOf(
  server: DebianServer,
  bin: Readonly<Record<string, string>>,
  env: Record<string, string>,
): Promise<string> {
  const [program, ...args] = server.asked as [string, ...string[]];
  const { code, stdout, stderr } = await run(bin[program]!, args, { env, timeoutMs: 60_000 });
  const version = /\d+\.\d+(\.\d+)?/.exec(stdout)?.[0];
  if (code !== 0 || !version)
    fail("FW8007", `${server.title} does not run here: ${(stderr || stdout).split("\n")[0]}`);
  return version;
}
