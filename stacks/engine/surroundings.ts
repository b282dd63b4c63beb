import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** Settings of the engine that hold for every operation (docs: pulumi CLI environment variables). */
const SETTINGS: Readonly<Record<string, string>> = {
  PULUMI_SKIP_UPDATE_CHECK: "true",
  PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  PULUMI_DIY_BACKEND_NO_LEGACY_WARNING: "true",
  PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
  // The event log is a debugging command to the engine.
  PULUMI_DEBUG_COMMANDS: "true",
  PULUMI_SUPPRESS_NEO_LINK: "true",
  PULUMI_LOG_ROTATION_MAX_TOTAL_MB: "4",
};

/** Variables that lead to clouds and clusters. */
const CREDENTIALS = /^(AWS_|AZURE_|ARM_|GOOGLE_|CLOUDSDK_|KUBECONFIG$)/;

/** The user's folder of provider plugins. */
export const pluginFolder = (env: NodeJS.ProcessEnv): string =>
  join(env["PULUMI_HOME"] || join(env["HOME"] || homedir(), ".pulumi"), "plugins");

/**
 * Whether the real plugin of a provider is installed, in which case it is used. Among the user's plugins the engine takes
 * the SDK's own version and no other, and none whose installation was cut off; on PATH it takes whatever is there.
 */
export function hasPlugin(name: string, version: string, env: NodeJS.ProcessEnv): boolean {
  const installed = join(pluginFolder(env), `resource-${name}-v${version}`);
  return (
    (existsSync(installed) && !existsSync(`${installed}.partial`)) ||
    (env["PATH"] ?? "")
      .split(delimiter)
      .some((path) => path !== "" && existsSync(join(path, `pulumi-resource-${name}`)))
  );
}

/**
 * The environment of an engine: the surroundings (credentials of clouds and clusters are there) without Pulumi's own
 * variables, and ours. The token of a Pulumi service goes to a backend that needs one, and to no other.
 */
export function engineEnvironment(
  surroundings: NodeJS.ProcessEnv,
  own: {
    readonly backend: string;
    readonly home: string;
    readonly passphrase: string;
    readonly kubeconfig?: string;
    /** Nothing is contacted: no credential of a cloud or cluster is handed on. */
    readonly rehearsed?: boolean;
  },
): Record<string, string> {
  const kept = Object.entries(surroundings).filter(
    (pair): pair is [string, string] =>
      pair[1] !== undefined &&
      (!/^(PULUMI|FAIRWAY)_/.test(pair[0]) ||
        (pair[0] === "PULUMI_ACCESS_TOKEN" && own.backend.startsWith("https://"))) &&
      !(own.rehearsed === true && CREDENTIALS.test(pair[0])),
  );
  return {
    ...Object.fromEntries(kept),
    ...SETTINGS,
    PULUMI_BACKEND_URL: own.backend,
    PULUMI_HOME: own.home,
    PULUMI_CONFIG_PASSPHRASE: own.passphrase,
    ...(own.kubeconfig !== undefined && { KUBECONFIG: own.kubeconfig }),
  };
}
