// `npm start`: works before anything was ever installed.
import { foreground, installDependencies, script } from "./steps.mjs";

await script(async () => {
  await installDependencies({ dev: false });
  return foreground(process.execPath, ["fairway.mjs", "start", ...process.argv.slice(2)]);
});
