import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** Whether this process may make namespaces as itself; otherwise it makes them inside a user namespace of its own. */
export const AS_ROOT = process.getuid?.() === 0;

/** Turns the loopback device on; perl is part of every Debian, `ip` is not. */
const LOOPBACK_UP = `perl -MSocket -e 'socket(S, PF_INET, SOCK_DGRAM, 0) or die; my $up = pack("Z16s", "lo", 0x41); ioctl(S, 0x8914, $up) or die $!'`;

/** A network with nothing but a loopback device: pods use their real ports and nobody else's are in the way. */
export interface Network {
  /** Command line prefix that runs the rest inside. */
  readonly enter: readonly string[];
  close(): Promise<void>;
}

/** Makes a network that lives until it is closed or this process ends. */
export async function openNetwork(): Promise<Network> {
  const anchor = spawn(
    "unshare",
    [
      ...(AS_ROOT ? [] : ["--user", "--map-root-user"]),
      "--net",
      "sh",
      "-c",
      `${LOOPBACK_UP} && echo ready && exec cat`,
    ],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const first = await Promise.race([
    once(anchor.stdout, "data").then(String),
    once(anchor, "exit").then(() => ""),
  ]);
  if (first.trim() !== "ready") throw new Error("this machine lets nobody make network namespaces");
  return {
    enter: [
      "nsenter",
      ...(AS_ROOT ? [] : ["--user", "--preserve-credentials"]),
      "--net",
      "--target",
      String(anchor.pid),
      "--",
    ],
    close: () => end(anchor),
  };
}

async function end(anchor: ChildProcess): Promise<void> {
  if (anchor.exitCode !== null || anchor.signalCode !== null) return;
  const ended = once(anchor, "exit");
  anchor.stdin?.end();
  await ended;
}
