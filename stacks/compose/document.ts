/** A Compose file (https://github.com/compose-spec/compose-spec), as far as we write one. */
export interface ComposeDocument {
  readonly name: string;
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly configs?: Readonly<Record<string, { readonly content: string }>>;
  readonly secrets?: Readonly<Record<string, { readonly environment: string }>>;
  readonly volumes?: Readonly<Record<string, ComposeVolume>>;
}

export interface ComposeVolume {
  readonly driver?: "local";
  readonly driver_opts?: Readonly<Record<string, string>>;
}

/** A file of a config or secret in a container. */
export interface ComposeFile {
  readonly source: string;
  readonly target: string;
  /** Octal. */
  readonly mode?: string;
  readonly uid?: string;
  readonly gid?: string;
}

export interface ComposeMount {
  readonly type: "volume";
  readonly source: string;
  readonly target: string;
  readonly read_only?: boolean;
  readonly volume?: { readonly subpath: string };
}

export type Condition = "service_started" | "service_healthy" | "service_completed_successfully";

export interface ComposeService {
  readonly image: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly hostname?: string;
  readonly user?: string;
  readonly group_add?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly configs?: readonly ComposeFile[];
  readonly secrets?: readonly ComposeFile[];
  readonly volumes?: readonly ComposeMount[];
  readonly tmpfs?: readonly string[];
  readonly ports?: readonly {
    readonly target: number;
    readonly host_ip: string;
    readonly protocol: "tcp" | "udp";
  }[];
  readonly expose?: readonly string[];
  readonly healthcheck?: {
    readonly test: readonly string[];
    readonly interval: string;
    readonly timeout: string;
    readonly retries: number;
    readonly start_period: string;
  };
  readonly depends_on?: Readonly<Record<string, { readonly condition: Condition }>>;
  readonly networks?: { readonly default: { readonly aliases: readonly string[] } };
  readonly network_mode?: string;
  readonly extra_hosts?: readonly string[];
  readonly deploy?: {
    readonly resources: { readonly limits: { readonly cpus?: string; readonly memory?: string } };
  };
  readonly restart?: string;
  readonly profiles?: readonly string[];
  readonly stop_grace_period?: string;
  readonly pre_stop?: readonly { readonly command: readonly string[] }[];
  readonly read_only?: true;
  readonly cap_drop?: readonly ["ALL"];
  readonly security_opt?: readonly string[];
}

/** Text that Compose reads as it is: it fills in `${…}` otherwise. */
export const literal = (text: string): string => text.replaceAll("$", "$$$$");
