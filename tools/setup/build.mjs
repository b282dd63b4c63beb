// Turns the TypeScript sources into modules that Node runs, whenever they changed. Plain JavaScript: it is what starts the rest.
// The hot path (nothing changed) is a few milliseconds of stat calls; everything else is loaded only when it is needed.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { dependenciesInstalled, INSTALL } from "./dependencies.mjs";

/** What may be started, and from which source, by what is built together: a mistake in one group does not stop the others. */
const GROUPS = {
  product: {
    cli: "stacks/cli/main.ts",
    worker: "stacks/engine/worker.ts",
    carrier: "stacks/judge/carrier.ts",
    program: "stacks/program/main.ts",
    pack: "policies/pack/index.ts",
  },
  setup: { setup: "tools/setup/main.ts" },
  bench: { bench: "tools/bench/main.ts" },
  generate: { generate: "tools/generate/main.ts" },
};

const SOURCES = ["stacks", "components", "policies", "tools"];
/** Bundled, because a start that reads one file is faster than one that reads sixty. */
const BUNDLED = ["yaml", "zod"];
/**
 * Processes of our own that nothing else loads code into: bundled whole, the Pulumi SDK too (one copy each), because
 * they start in a fifth of the time.
 */
const WHOLE = ["worker", "carrier"];
/** What the SDK loads at its start for closures, dynamic providers and the Automation API, none of which these use. */
const UNUSED = [
  "@logdna/tail-file",
  "@npmcli/arborist",
  "execa",
  "js-yaml",
  "normalize-package-data",
  "source-map-support",
  "typescript",
];
/** Loaded only where a credential plugin or a token file asks for it. */
const RARE = ["@kubernetes/client-node"];
const KEEP = 3;

/** The checkout cannot be run as it is; the message says which command mends it. */
export class NotReady extends Error {
  name = "NotReady";
}

const here = dirname(fileURLToPath(import.meta.url));
const inBundle =
  basename(dirname(here)) === "build" && basename(dirname(dirname(here))) === ".fairway";
const checkout = join(here, inBundle ? "../../.." : "../..");

/**
 * The absolute path of a built entry. From within a build it is that of the same build; else the sources are compared
 * with what was built last and built again where they differ.
 * @param {string} name of an entry of {@link GROUPS}
 * @throws NotReady where dependencies are missing, or the sources do not compile, or there is no such entry
 */
export function entry(name) {
  const group = Object.keys(GROUPS).find((one) => name in GROUPS[one]);
  const same = inBundle && basename(here).startsWith(`${group}-`);
  const path = join(same ? here : current(checkout, group), `${name}.mjs`);
  if (!existsSync(path)) throw new NotReady(`there is no entry \`${name}\` in this checkout`);
  return path;
}

/** The folder of a group's build that fits the sources of a checkout, built now where there is none. */
function current(root, group) {
  const builds = join(root, ".fairway/build");
  const folder = join(builds, `${group}-${fingerprint(root)}`);
  if (!existsSync(join(folder, "built"))) build(root, group, builds, folder);
  use(folder);
  return folder;
}

/** A short text that changes when a source, the lockfile or what is installed changes: sizes and times, not contents. */
export function fingerprint(root) {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  const add = (text) => {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      a = Math.imul(a ^ code, 2654435761);
      b = Math.imul(b ^ code, 1597334677);
    }
  };
  const file = (path) => {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
    // The change time too: it moves even where an editor or a copy puts size and modification time back.
    add(stat ? `${path}:${stat.size}:${stat.mtimeNs}:${stat.ctimeNs};` : `${path}:none;`);
  };
  const folder = (path) => {
    let found;
    try {
      found = readdirSync(path, { withFileTypes: true });
    } catch {
      return;
    }
    found.sort((left, right) => (left.name < right.name ? -1 : 1));
    for (const one of found) {
      const { name } = one;
      if (one.isDirectory()) {
        if (name !== "test" && name !== "templates") folder(`${path}/${name}`);
      } else if ((name.endsWith(".ts") && !name.endsWith(".test.ts")) || name.endsWith(".json"))
        file(`${path}/${name}`);
    }
  };
  for (const source of SOURCES) folder(`${root}/${source}`);
  for (const other of [
    "package-lock.json",
    "node_modules/.package-lock.json",
    "tools/setup/build.mjs",
    "tools/setup/unused.mjs",
  ])
    file(`${root}/${other}`);
  return (a >>> 0).toString(16).padStart(8, "0") + (b >>> 0).toString(16).padStart(8, "0");
}

/** Notes that this process runs from a build, so that it is not removed under it. */
function use(folder) {
  const note = join(folder, "run", String(process.pid));
  try {
    if (existsSync(note)) return;
    writeFileSync(note, "");
    process.once("exit", () => rmSync(note, { force: true }));
  } catch {
    // A checkout that cannot be written to: nothing will be pruned there either.
  }
}

function build(root, group, builds, folder) {
  const require = createRequire(join(root, "package.json"));
  if (!dependenciesInstalled(root))
    throw new NotReady(
      `the dependencies of this checkout are not installed, or others are\n  to mend it: npm ${INSTALL.join(" ")}`,
    );
  const esbuild = require("esbuild");
  const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const draft = join(builds, `${group}.draft-${process.pid}`);
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(join(draft, "run"), { recursive: true });
  try {
    const sources = Object.entries(GROUPS[group]).filter(([, source]) =>
      existsSync(join(root, source)),
    );
    const bundle = (chosen, options) =>
      chosen.length > 0 &&
      esbuild.buildSync({
        absWorkingDir: root,
        entryPoints: Object.fromEntries(chosen),
        outdir: draft,
        outExtension: { ".js": ".mjs" },
        bundle: true,
        splitting: true,
        format: "esm",
        platform: "node",
        target: "node20",
        sourcemap: "linked",
        logLevel: "silent",
        // The bundled packages are CommonJS: they ask for Node's own modules with require, and for their folder.
        banner: {
          js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url), __dirname = import.meta.dirname;',
        },
        ...options,
      });
    const isWhole = ([name]) => WHOLE.includes(name);
    bundle(
      sources.filter((one) => !isWhole(one)),
      {
        external: [
          ...Object.keys(dependencies).filter((name) => !BUNDLED.includes(name)),
          "vitest",
        ],
      },
    );
    bundle(sources.filter(isWhole), {
      external: RARE,
      alias: Object.fromEntries(UNUSED.map((name) => [name, join(root, "tools/setup/unused.mjs")])),
    });
    writeFileSync(join(draft, "built"), "");
    try {
      renameSync(draft, folder);
    } catch (error) {
      // Somebody else built the same at the same time.
      if (!existsSync(join(folder, "built"))) throw error;
    }
  } catch (error) {
    if (!error.errors) throw error;
    throw new NotReady(
      `the sources do not compile\n${esbuild.formatMessagesSync(error.errors, { kind: "error" }).join("")}`,
    );
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  prune(builds, folder);
}

/** Whether a process of that number runs. */
export const isRunning = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
};

/** Keeps the builds of a group that were used last and every one that a process runs from. */
function prune(builds, newest) {
  const [group] = basename(newest).split("-");
  const lastUse = (folder) =>
    statSync(join(folder, "run"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const users = (folder) =>
    existsSync(join(folder, "run")) ? readdirSync(join(folder, "run")).map(Number) : [];
  const folders = readdirSync(builds).map((name) => join(builds, name));
  const old = folders
    .filter((folder) => folder !== newest && basename(folder).startsWith(`${group}-`))
    .sort((left, right) => lastUse(right) - lastUse(left))
    .slice(KEEP - 1)
    .filter((folder) => !users(folder).some(isRunning));
  const drafts = folders.filter(
    (folder) => folder.includes(".draft-") && !isRunning(Number(folder.split(".draft-")[1])),
  );
  for (const folder of [...old, ...drafts]) rmSync(folder, { recursive: true, force: true });
}
