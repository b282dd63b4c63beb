// Named steps with their progress and time, for the set-up scripts. Plain JavaScript without dependencies.
import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isRunning } from "./build.mjs";
import { dependenciesInstalled, INSTALL } from "./dependencies.mjs";

/** The checkout. */
export const ROOT = join(fileURLToPath(import.meta.url), "../../..");

const terminal = process.stderr.isTTY === true && process.env.TERM !== "dumb" && !process.env.CI;

export const seconds = (ms) =>
  ms < 60_000
    ? `${(ms / 1000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;

/**
 * Runs one step. On a terminal its line shows progress and elapsed time while it runs; elsewhere it is one line.
 * @param {string} name
 * @param {(progress: (message: string) => void) => Promise<T>} body
 * @returns {Promise<T>} what the body gave; what it threw is thrown on, after the line has ended
 * @template T
 */
export async function step(name, body) {
  const begin = performance.now();
  let detail = "";
  const draw = () => {
    const text = `… ${name} (${seconds(performance.now() - begin)})${detail ? `: ${detail}` : ""}`;
    process.stderr.write(`\r\x1b[2K${text.slice(0, (process.stderr.columns ?? 100) - 1)}`);
  };
  if (!terminal) process.stderr.write(`${name} … `);
  const timer = terminal ? setInterval(draw, 200) : undefined;
  const end = (mark, word) => {
    clearInterval(timer);
    const time = seconds(performance.now() - begin);
    process.stderr.write(terminal ? `\r\x1b[2K${mark} ${name} (${time})\n` : `${word} (${time})\n`);
  };
  try {
    const result = await body((message) => void (detail = message));
    end("✓", "done");
    return result;
  } catch (error) {
    end("✗", "failed");
    throw error;
  }
}

/** A command failed; `output` is all that it wrote. */
export class CommandFailed extends Error {
  constructor(command, code, output) {
    super(`\`${command}\` ended with ${code}`);
    this.output = output;
  }
}

/** Runs a command of the checkout, keeping what it writes; throws CommandFailed. */
export function command(program, args, { progress, env, cwd = ROOT } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
        const line = text.trimEnd().split("\n").at(-1).trim();
        if (line) progress?.(line);
      });
    }
    child.once("error", (error) => reject(new CommandFailed(program, error.message, output)));
    child.once("close", (code, signal) =>
      code === 0
        ? resolve(output)
        : reject(new CommandFailed([program, ...args].join(" "), code ?? signal, output)),
    );
  });
}

/** Runs a command that owns the terminal, and gives its exit code. Ctrl-C reaches it from the terminal; an end of this process is passed on. */
export function foreground(program, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: "inherit",
    });
    const wait = () => undefined;
    const pass = () => child.kill("SIGTERM");
    const end = (code) => {
      process.off("SIGINT", wait).off("SIGTERM", pass);
      resolve(code);
    };
    process.on("SIGINT", wait).on("SIGTERM", pass);
    child.once("error", (error) => {
      process.stderr.write(`${error.message}\n`);
      end(1);
    });
    child.once("close", (code, signal) => end(code ?? (signal === "SIGINT" ? 130 : 1)));
  });
}

/** A program of a dependency. */
export const dependencyBin = (name) => join(ROOT, "node_modules/.bin", name);

/**
 * Installs the locked dependencies where they lack or differ: beside the checkout's own, then moved into place whole, so
 * that neither an interruption nor a second set-up leaves half of them.
 */
export async function installDependencies({ dev = true } = {}) {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    throw new Error(`Node ${process.versions.node} is too old: 20.19 or newer is needed`);
  if (dependenciesInstalled(ROOT, { dev })) return;
  await step("install the locked dependencies", async (progress) => {
    const place = join(ROOT, "node_modules");
    sweepInstalls();
    const draft = join(ROOT, ".fairway", `${INSTALLS}${process.pid}`);
    mkdirSync(draft, { recursive: true });
    try {
      for (const file of ["package.json", "package-lock.json", ".npmrc"])
        copyFileSync(join(ROOT, file), join(draft, file));
      await command("npm", INSTALL, { progress, cwd: draft });
      // A second set-up was faster, and may run from what it installed: that is never taken away.
      if (dependenciesInstalled(ROOT, { dev })) return;
      if (existsSync(place)) renameSync(place, join(draft, "before"));
      renameSync(join(draft, "node_modules"), place);
    } catch (error) {
      // The same, in the moment between the two lines.
      if (!dependenciesInstalled(ROOT, { dev })) throw error;
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  });
}

const INSTALLS = "install-";

/** Removes what interrupted installs left. */
function sweepInstalls() {
  const folder = join(ROOT, ".fairway");
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (name.startsWith(INSTALLS) && !isRunning(Number(name.slice(INSTALLS.length))))
      rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** Runs a script: what it throws is shown, with the output of the command that failed, and is exit code 1. */
export async function script(body) {
  try {
    process.exitCode = (await body()) ?? 0;
  } catch (error) {
    process.stderr.write(
      `${error.output ? `${error.output.trimEnd()}\n` : ""}error: ${error.message}\n`,
    );
    for (const { hint } of error.problems ?? [])
      if (hint) process.stderr.write(`  to mend it: ${hint}\n`);
    process.exitCode = 1;
  }
}
