// `npm run generate`: runs tools/generate/main.ts.
import { foreground, installDependencies, script } from "./steps.mjs";

await script(async () => {
  await installDependencies();
  const { entry } = await import("./build.mjs");
  return foreground(process.execPath, [entry("generate"), ...process.argv.slice(2)]);
});
