// `npm run bench`: runs tools/bench/main.ts.
import { foreground, installDependencies, script } from "./steps.mjs";

await script(async () => {
  await installDependencies();
  const { entry } = await import("./build.mjs");
  return foreground(process.execPath, [entry("bench"), ...process.argv.slice(2)]);
});
