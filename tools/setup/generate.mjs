// `npm run generate`: runs tools/generate/main.ts.
import { pathToFileURL } from "node:url";
import { installDependencies, script } from "./steps.mjs";

await script(async () => {
  await installDependencies();
  const { entry } = await import("./build.mjs");
  const { main } = await import(pathToFileURL(entry("generate")).href);
  return main(process.argv.slice(2));
});
