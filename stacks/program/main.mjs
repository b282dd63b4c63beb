// What an ordinary Pulumi installation runs (Pulumi.yaml). Plain JavaScript: it is what builds the rest.
import { pathToFileURL } from "node:url";
import { entry } from "../../tools/setup/build.mjs";

const { main } = await import(pathToFileURL(entry("program")).href);

export default main;
