import { spawn } from "node:child_process";
import { fail } from "../../contract/problem.ts";
import { isTemplate } from "../../contract/value.ts";
import type { Run } from "../command.ts";
import { plansOf, readWorkspace } from "../planning.ts";
import { selectEnvironments, selectServices } from "../select.ts";

/** `fairway open SERVICE`: the address of its first route; a browser opens where there is a desktop. */
export const run: Run = async (context, input) => {
  const workspace = await readWorkspace(context);
  const environment = selectEnvironments(workspace, input, "local")[0]!;
  const [name] = selectServices(Object.keys(workspace.services), input, "none");
  const plan = plansOf(context, workspace, input, [environment], [name!]).find(
    (candidate) => candidate.name === name,
  )!;
  const urls = plan.items
    .filter((item) => item.component === "route")
    .map((item) => addressOf(item.args));
  const [first] = urls;
  if (first === undefined) {
    return fail("FW7018", `${name!} has no route in ${environment}`, {
      file: workspace.services[name!]!.file,
      hint: "add `visibility: public` or `route: {path: /}` to its descriptor",
    });
  }
  const opener =
    context.env["DISPLAY"] || context.env["WAYLAND_DISPLAY"]
      ? "xdg-open"
      : process.platform === "darwin"
        ? "open"
        : undefined;
  if (opener && context.terminal && !context.json)
    spawn(opener, [first], { stdio: "ignore", detached: true })
      .on("error", () => {})
      .unref();
  return { exit: 0, data: { service: name, environment, urls }, text: urls.join("\n") };
};

function addressOf(args: Readonly<Record<string, unknown>>): string {
  const host = args["host"];
  const scheme = args["tls"] === undefined ? "http" : "https";
  const text =
    typeof host === "string"
      ? host
      : isTemplate(host)
        ? host.$template.map((part) => (typeof part === "string" ? part : "*")).join("")
        : "*";
  return `${scheme}://${text}${String(args["path"] ?? "/")}`;
}
