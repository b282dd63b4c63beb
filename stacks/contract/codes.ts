/** What is known of an error code before it happens. The page `docs/errors/<code>.md` is generated from it. */
export interface CodeEntry {
  /** Short name of the problem, lower case. */
  readonly title: string;
  /** Process exit code: 1 failed, 2 usage, 3 invalid input, 4 refused, 5 drift or stale, 6 busy, 7 not found, 130 cancelled. */
  readonly exit: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 130;
  /** Why the platform refuses it. */
  readonly why: string;
  /** What to do, in words. */
  readonly fix: string;
  /** Default `user`. */
  readonly source?: "internal";
}

const entry = (exit: CodeEntry["exit"], title: string, why: string, fix: string): CodeEntry => ({
  exit,
  title,
  why,
  fix,
});

/**
 * Every error code, by block: 10 YAML, 11 schema, 12 meaning of a descriptor, 13 Score, 20 environments, 21 releases,
 * 30 plan, 40 rules and refusals, 50 engine and state, 60 Kubernetes, 70 command line, 80 tools, 90 ours.
 */
export const CODES = {
  // 10: YAML
  // 11: schema
  // 12: meaning of a descriptor
  // 13: Score
  // 20: environments
  // 21: releases
  // 30: plan
  FW3090: entry(
    3,
    "a patch matches no object",
    "A patch of the descriptor names a kind (and name) that the service does not generate, so that it would do nothing.",
    "Write the kind and name of one of the objects in the hint, or remove the patch.",
  ),
  // 40: rules and refusals
  // 50: engine and state
  // 60: Kubernetes
  // 70: command line
  FW7001: entry(
    2,
    "unknown command",
    "The first words of a command line name a command.",
    "Run `fairway --help` for all commands.",
  ),
  FW7002: entry(
    2,
    "unknown or misused flag",
    "A flag that is not known may be a mistyped one.",
    "Run the command with `--help` for its flags.",
  ),
  FW7003: entry(
    2,
    "too few or too many operands",
    "A command acts on what its operands name.",
    "Run the command with `--help` for its operands.",
  ),
  FW7004: entry(
    2,
    "bad value of a flag",
    "The value cannot be used.",
    "Write a value of the kind that the message names.",
  ),
  FW7005: entry(
    2,
    "nothing was selected",
    "A command that changes or previews things acts only on what is named.",
    "Name services, or write `--all`.",
  ),
  FW7006: entry(
    7,
    "no such service",
    "No descriptor of the root and no stack has the name.",
    "Run `fairway status` or `fairway validate` for the names.",
  ),
  FW7007: entry(
    7,
    "no such environment",
    "The name has no file under environments/.",
    "Use the name of one of the files under environments/.",
  ),
  FW7008: entry(
    2,
    "needs --yes",
    "What is destroyed is gone.",
    "Read what would be destroyed, then run the command again with `--yes`.",
  ),
  FW7009: entry(
    7,
    "not a root",
    "A root is a folder with `environments/` and `services/`.",
    "Give the folder with `--root DIR`.",
  ),
  FW7010: entry(
    7,
    "unknown code or rule",
    "Only codes and rules of this version can be explained.",
    "Copy the code from the message.",
  ),
  FW7011: entry(
    7,
    "no such template",
    "Templates are the folders under components/templates.",
    "Use one of the names that the message lists.",
  ),
  FW7012: entry(
    2,
    "bad name of a service",
    "The name becomes a DNS label.",
    "Write 2 to 63 of a-z, 0-9 and -, not - at an end.",
  ),
  FW7013: entry(
    2,
    "would write over something",
    "Scaffolding never writes over files.",
    "Choose another name or folder.",
  ),
  // 80: tools
  FW8001: entry(
    1,
    "no Pulumi engine",
    "Previews and updates are computed by the Pulumi engine, and it is neither on PATH nor to be downloaded nor to be built here.",
    "Either put `pulumi` 3.255 or newer on PATH (https://www.pulumi.com/docs/install), or install Go 1.21 or newer (https://go.dev/dl) with access to a Go module proxy; then repeat.",
  ),
  FW8002: entry(
    1,
    "Go is missing",
    "This tool is built from a pinned Go module, since no registry has it ready.",
    "Install Go 1.21 or newer (https://go.dev/dl) so that `go` is on PATH, then repeat.",
  ),
  FW8003: entry(
    1,
    "Go modules cannot be reached",
    "Building a tool for the first time downloads its pinned modules, and the module proxy did not answer.",
    "Connect this machine to a Go module proxy (`go env GOPROXY`), or copy the cache folder `~/.cache/fairway` from a machine of the same kind.",
  ),
  FW8004: entry(
    1,
    "a tool could not be built",
    "The Go build of a pinned tool failed.",
    "Read the compiler's last lines; disk space and memory are the usual reasons. Then repeat.",
  ),
  FW8005: entry(
    1,
    "the local control plane does not start",
    "A part of it ended or did not become ready in time.",
    "Read the named log file. `fairway cluster down` and `fairway cluster up` start it again; deleting `.fairway/cluster` begins from nothing.",
  ),
  FW8006: entry(
    1,
    "the local control plane's port is taken",
    "Its port was chosen once and is kept, so that clients find the same cluster; another program uses it now.",
    "End that program, or delete `.fairway/cluster` to begin from nothing on another port.",
  ),
  FW8007: entry(
    1,
    "a test server is missing",
    "Drivers are proven against the real server that they deploy; it is neither on PATH nor to be had from the Debian archive here.",
    "Install the named server so that its programs are on PATH, or run the tests on Debian or Ubuntu with access to their archive.",
  ),
  // 90: ours
  FW9000: {
    ...entry(
      1,
      "a defect of Fairway",
      "Something happened that the code says cannot happen.",
      "Report it with the printed stack trace and the command.",
    ),
    source: "internal",
  },
} as const satisfies Record<string, CodeEntry>;

/** A stable error code. */
export type Code = keyof typeof CODES;
