// What Pulumi's Node host loads with `require`: plain JavaScript without top-level await. The pack itself is built.
import { pathToFileURL } from "node:url";
import { entry } from "../../tools/setup/build.mjs";

import(pathToFileURL(entry("pack")).href).then(({ servePack }) =>
  servePack(process.env, process.cwd()),
);
