import { cpus, totalmem } from "node:os";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { obtainEngine } from "../engine/engine.ts";
import { checkoutRoot } from "../setup/checkout.ts";
import { interleaved, median, sample } from "./measure.ts";
import { makeRoot, writeRelease, writeService, writeWideService } from "./root.ts";

/** One line of the table: a figure, what it is measured against in the same run, and its bound. */
interface Row {
  readonly what: string;
  readonly figure: string;
  readonly bound: string;
  readonly met: boolean;
}

const checkout = checkoutRoot();
const BIN = path.join(checkout, "fairway.mjs");
const ROUNDS = 5;
const rows: Row[] = [];
const folders: string[] = [];

const seconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(2)} s`;
const times = (ratio: number): string => `${ratio.toFixed(2)}×`;

function row(
  what: string,
  value: number,
  most: number,
  show: (value: number) => string,
  more = "",
): void {
  rows.push({ what, figure: show(value) + more, bound: `≤ ${show(most)}`, met: value <= most });
  process.stderr.write(
    `${value <= most ? "✓" : "✗"} ${what}: ${show(value)}${more} (≤ ${show(most)})\n`,
  );
}

async function fairway(...args: string[]): Promise<{ wall: number; peak: number }> {
  const result = await sample(process.execPath, [BIN, ...args], {
    env: { ...process.env, CI: "true" },
  });
  if (result.code !== 0)
    throw new Error(
      `fairway ${args.join(" ")} ended with ${result.code}\n${result.stdout}${result.stderr}`,
    );
  return result;
}

function temporary(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "fairway-bench-"));
  folders.push(folder);
  return folder;
}

function root(): string {
  const folder = makeRoot(checkout);
  folders.push(folder);
  return folder;
}

/** 1: the bin itself, against node that does nothing. */
async function startUp(): Promise<void> {
  const wall = async (...args: string[]): Promise<number> =>
    (await sample(process.execPath, args)).wall;
  const [bare, version, help] = await interleaved(15, [
    () => wall("-e", "0"),
    () => wall(BIN, "--version"),
    () => wall(BIN, "--help"),
  ]);
  row("`fairway --version` against `node -e 0`", version! / bare!, 2, times);
  row("`fairway --help` against `node -e 0`", help! / bare!, 2, times);
}

/** 2 and 3: reading and planning 1,000 services in 4 environments. */
async function thousand(): Promise<void> {
  const folder = root();
  for (let i = 0; i < 1_000; i++) writeService(folder, i);
  const cold: number[] = [];
  const peaks: number[] = [];
  for (let round = 0; round < 3; round++) {
    rmSync(path.join(folder, ".fairway"), { recursive: true, force: true });
    const result = await fairway("validate", "--root", folder, "--quiet");
    cold.push(result.wall);
    peaks.push(result.peak);
  }
  row("`validate` of 1,000 services × 4 environments, cold", median(cold), 3_000, seconds);
  row("its memory", median(peaks), 300, (value) => `${value.toFixed(0)} MiB`);
  const [warm, plan] = await interleaved(3, [
    async () => (await fairway("validate", "--root", folder, "--quiet")).wall,
    async () => (await fairway("plan", "--root", folder, "--all", "--json", "--quiet")).wall,
  ]);
  row("the same with a warm cache", warm!, 800, seconds);
  row("`plan --all` of the same", plan!, 4_000, seconds);
  const priced: number[] = [];
  for (let round = 0; round < 3; round++)
    priced.push((await fairway("cost", "--root", folder, "--env", "prod", "--quiet")).wall);
  row("`cost` of 1,000 services in prod", median(priced), 3_000, seconds);
}

/** 4 and 5: a preview against the engine's own floor and against the newcomer's way. */
async function preview(engine: string): Promise<void> {
  const floor = temporary();
  const script = path.join(checkout, "tools", "bench", "floor.mjs");
  const node = async (cwd: string, ...args: string[]): Promise<number> => {
    const result = await sample(process.execPath, args, { cwd });
    if (result.code !== 0)
      throw new Error(`${args.join(" ")} ended with ${result.code}\n${result.stderr}`);
    return result.wall;
  };
  await node(checkout, script, engine, floor, "init");
  const folder = root();
  const names = Array.from({ length: 5 }, (_, i) => writeService(folder, i * 15 + 1));
  await fairway("up", "--root", folder, "--all", "--env", "local");
  for (const [i, name] of names.entries())
    writeFileSync(path.join(folder, "services", name, "service.yaml"), changed(i, name));
  const preview = async (...which: string[]): Promise<number> =>
    (await fairway("preview", ...which, "--root", folder, "--env", "local")).wall;
  const newcomer = path.join(checkout, "tools", "bench", "newcomer");
  const [empty, one, five, program, pack] = await interleaved(ROUNDS, [
    () => node(checkout, script, engine, floor),
    () => preview(names[0]!),
    () => preview(...names),
    () => node(newcomer, "-r", "ts-node/register", "program.ts"),
    () => node(newcomer, "-r", "ts-node/register", "pack.ts"),
  ]);
  row(
    "`preview` of one service, cold, against the engine's floor",
    one! / empty!,
    5,
    times,
    ` (${seconds(one!)}, floor ${seconds(empty!)})`,
  );
  row("each further stack against the floor", (five! - one!) / 4 / empty!, 1.5, times);
  const newcomerRatio = (program! + pack! + empty!) / one!;
  rows.push({
    what: "the newcomer's way against the same preview",
    figure: `${times(newcomerRatio)} slower (${seconds(program! + pack! + empty!)})`,
    bound: "≥ 5×",
    met: newcomerRatio >= 5,
  });
  process.stderr.write(
    `${newcomerRatio >= 5 ? "✓" : "✗"} the newcomer's way takes ${times(newcomerRatio)} as long\n`,
  );
  await fairway("destroy", "--root", folder, "--all", "--env", "local", "--yes");
  const [few, many] = await interleaved(3, [
    () => node(checkout, script, engine, floor, "10"),
    () => node(checkout, script, engine, floor, "200"),
  ]);
  row(
    "each further resource without rules and network",
    (many! - few!) / 190,
    8,
    (value) => `${value.toFixed(1)} ms`,
  );
}

const changed = (index: number, name: string): string =>
  [
    "apiVersion: platform.company.com/v1",
    "kind: ServiceRequest",
    "metadata:",
    `  name: ${name}`,
    "spec:",
    "  type: microservice",
    "  language: node",
    "  owner: bench",
    "  env:",
    `    ROUND: "${index}"`,
    "",
  ].join("\n");

/** 6: time per service from 10 to 50. */
async function scale(): Promise<void> {
  const perService: number[] = [];
  for (const count of [10, 50]) {
    const folder = root();
    // What the environment shares is there before the clock starts.
    writeFileSync(folderOf(folder, count), changed(count, `up${count}-first`));
    await fairway("up", "--root", folder, "--all", "--env", "local");
    for (let i = 0; i < count; i++) {
      writeFileSync(folderOf(folder, i), changed(i, `up${count}-${i}`));
    }
    const { wall } = await fairway("up", "--root", folder, "--all", "--env", "local");
    perService.push(wall / count);
    await fairway("destroy", "--root", folder, "--all", "--env", "local", "--yes");
  }
  row(
    "`up` of 50 services: time per service against 10",
    perService[1]! / perService[0]!,
    1.3,
    times,
    ` (${seconds(perService[1]!)} a service)`,
  );
}

function folderOf(folder: string, index: number): string {
  const service = path.join(folder, "services", `s${index}`);
  mkdirSync(service, { recursive: true });
  return path.join(service, "service.yaml");
}

/** 7: each further resource with rules and the API server. A volume is a component and a claim. */
async function width(): Promise<void> {
  const folder = root();
  writeWideService(folder, "wide-10", 5);
  writeWideService(folder, "wide-200", 100);
  await fairway("preview", "--root", folder, "wide-10", "--env", "local");
  const [few, many] = await interleaved(3, [
    async () => (await fairway("preview", "--root", folder, "wide-10", "--env", "local")).wall,
    async () => (await fairway("preview", "--root", folder, "wide-200", "--env", "local")).wall,
  ]);
  row(
    "each further resource with rules and the API server",
    (many! - few!) / 190,
    20,
    (value) => `${value.toFixed(1)} ms`,
  );
}

/** 8: previews of production on AWS, without credentials: the account, the cluster and the services, all new. */
async function rehearsal(engine: string): Promise<void> {
  const floor = temporary();
  const script = path.join(checkout, "tools", "bench", "floor.mjs");
  const empty = async (...args: string[]): Promise<number> =>
    (await sample(process.execPath, [script, engine, floor, ...args])).wall;
  await empty("init");
  const folder = root();
  // Production asks for probes, which workers here have not; callers would need those whom they call.
  const fit = (i: number): boolean => i % 7 !== 6 && i % 3 !== 2;
  const indices = Array.from({ length: 100 }, (_, i) => i).filter(fit);
  const names = indices.slice(0, 50).map((i) => writeService(folder, i));
  for (const name of names) writeRelease(folder, name);
  const preview = async (...which: string[]): Promise<number> => {
    const flags = ["--root", folder, "--env", "prod", "--rehearse", "--quiet"];
    return (await fairway("preview", ...which, ...flags)).wall;
  };
  const [least, one, fifty] = await interleaved(3, [
    () => empty(),
    () => preview(names[0]!),
    () => preview("--all"),
  ]);
  row(
    "`preview` of one service in prod, rehearsed, with its account and cluster, against the floor",
    one! / least!,
    8,
    times,
    ` (${seconds(one!)})`,
  );
  row(
    "`preview` of 50 services in prod, rehearsed: each further service against the floor",
    (fifty! - one!) / 49 / least!,
    1.5,
    times,
    ` (${seconds(fifty!)} for all)`,
  );
}

function tableOf(): string {
  const machine = `${cpus().length} cores (${cpus()[0]?.model ?? "unknown"}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
  return [
    `Measured ${new Date().toISOString().slice(0, 10)} on ${machine}.`,
    "",
    "| what | figure | bound |",
    "|---|---|---|",
    ...rows.map(
      (each) => `| ${each.what} | ${each.figure}${each.met ? "" : " (missed)"} | ${each.bound} |`,
    ),
  ].join("\n");
}

try {
  const { path: engine } = await obtainEngine({
    progress: (text) => process.stderr.write(`${text}\n`),
  });
  await startUp();
  await thousand();
  await preview(engine);
  await width();
  await scale();
  await rehearsal(engine);
} finally {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}
const table = tableOf();
const out = path.join(checkout, ".fairway", "bench");
mkdirSync(out, { recursive: true });
writeFileSync(
  path.join(out, "bench.json"),
  `${JSON.stringify({ date: new Date().toISOString(), node: process.versions.node, cores: cpus().length, rows }, null, 2)}\n`,
);
writeFileSync(path.join(out, "bench.md"), `${table}\n`);
process.stdout.write(`${table}\n`);
process.exitCode = rows.every((each) => each.met) ? 0 : 1;
