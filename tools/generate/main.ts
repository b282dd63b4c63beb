import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { checkoutRoot } from "../setup/checkout.ts";
import { allOutputs, GENERATED_FOLDERS } from "./all.ts";

const root = checkoutRoot();
const outputs = allOutputs();
let written = 0;
for (const folder of GENERATED_FOLDERS) {
  if (!existsSync(path.join(root, folder))) continue;
  for (const name of readdirSync(path.join(root, folder))) {
    if (!(`${folder}/${name}` in outputs)) rmSync(path.join(root, folder, name));
  }
}
for (const [file, text] of Object.entries(outputs)) {
  const target = path.join(root, file);
  if (existsSync(target) && readFileSync(target, "utf8") === text) continue;
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text);
  written++;
}
process.stdout.write(`${Object.keys(outputs).length} generated files, ${written} written\n`);
