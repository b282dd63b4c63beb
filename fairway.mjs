#!/usr/bin/env node
// The command. It builds the sources when they changed and runs the result; see tools/setup/build.mjs.
import { pathToFileURL } from "node:url";
import { entry, NotReady } from "./tools/setup/build.mjs";

let cli;
try {
  cli = entry("cli");
} catch (error) {
  if (!(error instanceof NotReady)) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  process.exit(1);
}
const { main } = await import(pathToFileURL(cli).href);
process.exitCode = await main(process.argv.slice(2));
