// Ends a test's control plane when the test is gone: `node watchdog.mjs PID DIR`. Plain JavaScript, so that it needs no build.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

const [pid, dir] = [Number(process.argv[2]), process.argv[3]];

const runs = (id) => {
  try {
    return process.kill(id, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
};

const end = () => {
  let daemons = {};
  try {
    daemons = JSON.parse(readFileSync(join(dir, "daemons.json"), "utf8"));
  } catch {
    // Stopped by its owner, as it should be.
  }
  for (const daemon of Object.values(daemons)) {
    try {
      // The folder is a part of every command line or the working folder: a number that was given anew is left alone.
      if (
        process.platform !== "linux" ||
        readFileSync(`/proc/${daemon.pid}/environ`, "utf8").includes(`HOME=${dir}\0`)
      )
        process.kill(daemon.pid, "SIGKILL");
    } catch {
      // Gone already.
    }
  }
  rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
};

setInterval(() => {
  if (runs(pid)) return;
  end();
  process.exit();
}, 1000);
