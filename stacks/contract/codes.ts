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
  FW1001: entry(
    3,
    "not UTF-8 text",
    "YAML is read as UTF-8; other bytes would be read differently by each program.",
    "Save the file as UTF-8.",
  ),
  FW1002: entry(
    3,
    "file too large",
    "Files of a root are small; a huge one is a mistake or an attack.",
    "Keep the file under 1 MiB.",
  ),
  FW1003: entry(
    3,
    "not YAML",
    "The file cannot be read as YAML 1.2.",
    "Mend the syntax at the place shown.",
  ),
  FW1004: entry(
    3,
    "tab in indentation",
    "YAML does not allow tabs for indentation.",
    "Indent with spaces.",
  ),
  FW1005: entry(
    3,
    "duplicate key",
    "Of two values for one key, most programs silently drop one.",
    "Keep one of the two.",
  ),
  FW1006: entry(
    3,
    "anchor, alias or merge key",
    "A file that refers to itself cannot be reviewed line by line, and can blow up when read.",
    "Write the value out where it is needed.",
  ),
  FW1007: entry(
    3,
    "several documents in one file",
    "Only the first of several documents would be read.",
    "Keep one document a file; give each its own file.",
  ),
  FW1008: entry(
    3,
    "empty file",
    "A file that says nothing is a mistake.",
    "Write the document, or delete the file.",
  ),
  FW1009: entry(
    3,
    "forbidden key",
    "Keys such as __proto__ mean something else to programs that read them.",
    "Choose another key.",
  ),
  FW1010: entry(
    3,
    "key that is not text",
    "Keys of other kinds are read differently by each program.",
    "Write the key in quotes.",
  ),
  FW1011: entry(
    3,
    "tag",
    "A tag changes what a value is, behind the back of the schema.",
    "Leave the tag out.",
  ),
  FW1012: entry(
    3,
    "text that others read as true or false",
    "YAML 1.2 reads yes, no, on and off as text; older programs read true and false.",
    "Write the text in quotes.",
  ),
  FW1013: entry(
    3,
    "number that others read differently",
    "A number with a leading zero is octal to some programs; one beyond 2^53 loses digits.",
    "Write it in quotes where text is meant, without the zero where a number is meant.",
  ),
  FW1014: entry(
    3,
    "nested too deeply",
    "No document of ours is nested this deeply.",
    "Flatten the document.",
  ),
  FW1015: entry(
    3,
    "path out of the root",
    "A root is complete in itself: what it reads stands inside it.",
    "Keep the file inside the root.",
  ),
  FW1016: entry(
    3,
    "file cannot be read",
    "The file exists and the system refuses to read it.",
    "Mend its permissions or its kind.",
  ),
  // 11: schema
  FW1101: entry(
    3,
    "unknown field",
    "A field that is not known is most often a mistyped one, and would be ignored silently.",
    "Write one of the fields named, or leave it out.",
  ),
  FW1102: entry(3, "missing field", "The document says too little without it.", "Add the field."),
  FW1103: entry(
    3,
    "wrong type of value",
    "The field takes another type of value.",
    "Write a value of the type that the message names.",
  ),
  FW1104: entry(
    3,
    "value not allowed",
    "The field takes only certain values.",
    "Write one of the values that the message names.",
  ),
  FW1105: entry(
    3,
    "wrong kind of document",
    "The file's place says which kind of document it holds.",
    "Write the apiVersion and kind that the message names, or move the file.",
  ),
  // 12: meaning of a descriptor
  FW1201: entry(
    3,
    "two kinds of descriptor in one folder",
    "A folder holds either one service.yaml or score files, so that it is plain which one counts.",
    "Delete one, or move it to a folder of its own.",
  ),
  FW1202: entry(
    3,
    "folder without a descriptor",
    "Every folder under services/ describes a service.",
    "Name the descriptor service.yaml or score.yaml.",
  ),
  FW1203: entry(
    3,
    "two services of one name",
    "The name identifies a service in every environment.",
    "Rename one of them.",
  ),
  FW1204: entry(
    3,
    "reserved name",
    "The platform's own stacks have this name.",
    "Choose a name other than platform and not beginning with shared-.",
  ),
  FW1205: entry(
    3,
    "missing owner",
    "Somebody must answer for what runs in this environment.",
    "Name the owner in the descriptor, or in CODEOWNERS for the folder.",
  ),
  FW1206: entry(
    3,
    "unknown environment",
    "Overrides for an environment that does not exist never apply.",
    "Write the name of a file in environments/.",
  ),
  FW1207: entry(
    3,
    "placeholder cannot be read",
    "Placeholders are ${resources.<name>.<output>} and ${metadata.<key>}.",
    "Mend it, or write $$ for a dollar sign.",
  ),
  FW1208: entry(
    3,
    "placeholder names something unknown",
    "Nothing of that name is in this descriptor.",
    "Name a resource or metadata key that the descriptor has.",
  ),
  FW1209: entry(
    3,
    "unknown service",
    "A service can only call services that exist in this root.",
    "Name an existing service, or add it first.",
  ),
  FW1210: entry(
    3,
    "cycle between services",
    "Services are brought up in the order of their dependencies; a cycle has none.",
    "Take one of the dependencies out, or put a queue between them.",
  ),
  FW1211: entry(
    3,
    "cycle between resources",
    "Resources are made in the order in which their parameters refer to each other.",
    "Take one of the references out.",
  ),
  FW1212: entry(
    3,
    "schedule that cannot be read",
    "A schedule is a cron expression of five fields.",
    "Write minute, hour, day of month, month, day of week.",
  ),
  FW1213: entry(
    3,
    "schedule and type do not fit",
    "Only type cron runs on a schedule, and it needs one.",
    "Write type: cron together with schedule.",
  ),
  FW1214: entry(
    3,
    "scaling bounds crossed",
    "The smallest number of replicas is above the largest.",
    "Raise max or lower min.",
  ),
  FW1215: entry(
    3,
    "port conflict",
    "Two ports of a service cannot have one number and protocol.",
    "Give each its own number.",
  ),
  FW1216: entry(
    3,
    "one thing written twice",
    "Two fields say the same thing, and might say it differently.",
    "Keep one of them.",
  ),
  FW1217: entry(
    3,
    "missing file",
    "The descriptor names a file that is not there.",
    "Add the file, or mend its path; it is read relative to the descriptor.",
  ),
  FW1218: entry(
    3,
    "placeholder never closed",
    "A ${ without } is plain text.",
    "Close it with }, or write $${ for the text.",
  ),
  FW1219: entry(
    3,
    "implausible quantity",
    "The quantity is valid and surely not meant.",
    "Write memory in Mi or Gi.",
  ),
  FW1220: entry(
    3,
    "unknown time zone",
    "A time zone is a name of the IANA database, in its own spelling: a cluster knows no other.",
    "Write a name such as Europe/Berlin or Etc/UTC.",
  ),
  FW1221: entry(
    3,
    "window of scaling that changes nothing",
    "A window needs replicas within min and max, and an end that is another time than its begin.",
    "Write replicas within the bounds, and a later end.",
  ),
  FW1222: entry(
    3,
    "property override that does not fit",
    "The path leads through a text or to an entry that a list does not have.",
    "Mend the path; -1 appends to a list.",
  ),
  // 13: Score
  FW1301: entry(
    3,
    "overrides without their Score file",
    "overrides.<name> is merged over the Score file <name> of its folder, and there is none of that name.",
    "Name it after the Score file: overrides.score-b.yaml for score-b.yaml.",
  ),
  FW1302: entry(
    3,
    "container order that cannot be kept",
    "A container can only wait for other containers of the workload, and not in a circle.",
    "Name another container under before, or take one entry out.",
  ),
  FW1303: entry(
    3,
    "target of a file or volume",
    "Each file and volume of a container has one target path of its own, below / and without a colon; of two at one place, one would hide the other.",
    "Give each entry its own target.",
  ),
  FW1304: entry(
    3,
    "value of an annotation not allowed",
    "This annotation is read by the platform and takes only certain values.",
    "Write one of the values that the message names.",
  ),
  FW1305: entry(
    3,
    "not base64",
    "binaryContent is standard base64.",
    "Encode the content with base64.",
  ),
  // 20: environments
  FW2001: entry(
    3,
    "no environments",
    "Services run in environments.",
    "Add environments/<name>.yaml.",
  ),
  FW2002: entry(
    3,
    "environment and file named differently",
    "An environment is found by its file name.",
    "Name both the same.",
  ),
  FW2003: entry(
    3,
    "replica bounds crossed",
    "The smallest number of replicas is above the largest.",
    "Raise max or lower min.",
  ),
  FW2005: entry(
    3,
    "two environments on the embedded control plane",
    "The control plane of `fairway cluster up` is one environment's: the ingress class and the kinds of objects that the environment brings would be brought twice.",
    "Keep one environment with `cluster: {embedded: true}`, and give the other a cluster of its own.",
  ),
  // 21: releases
  FW2101: entry(
    3,
    "release of an unknown service",
    "A release file belongs to the services of its folder.",
    "Write the metadata.name of a service of this folder.",
  ),
  FW2102: entry(
    3,
    "release in an unknown environment",
    "Releases are for environments that exist.",
    "Write the name of a file in environments/.",
  ),
  FW2103: entry(
    3,
    "release of an unknown container",
    "Images are released for containers that the service has.",
    "Name a container of the descriptor; that of a ServiceRequest is main.",
  ),
  FW2104: entry(
    3,
    "not an image reference",
    "An image is <registry>/<repository>, with a tag or a digest.",
    "Write a reference such as registry.example.com/name@sha256:<64 hex digits>.",
  ),
  // 30: plan
  FW3001: entry(
    3,
    "no driver for a resource",
    "The environment's rules choose the driver of each type and class, and none fits.",
    "Write a type that the environment answers (none that ships answers kafka-topic, which `topics` asks for, yet), or add a rule under spec.resources of the environment.",
  ),
  FW3002: entry(
    3,
    "rule names an unknown driver",
    "Only drivers of components/catalog.ts can answer a resource.",
    "Write the name of a driver of that type.",
  ),
  FW3003: entry(
    3,
    "parameter of a resource not allowed",
    "Each driver takes its own parameters and no others.",
    "Write the parameter as the message says, in the descriptor or in the environment's rule.",
  ),
  FW3004: entry(
    3,
    "placeholder names an unknown output",
    "A placeholder can only name what the resource's driver gives.",
    "Write one of the outputs that the message names.",
  ),
  FW3005: entry(
    3,
    "value known too late",
    "Names, hosts and parameters are decided before anything runs, and this output is known only then.",
    "Use an output that is known in advance, or pass the value in a variable or file.",
  ),
  FW3006: entry(
    4,
    "no image released",
    "Which image runs where is written in release files, and this environment runs nothing else.",
    "Run the command that the hint names, and commit the release file.",
  ),
  FW3007: entry(
    3,
    "not a volume",
    "A container's volume comes from a resource of type volume.",
    "Write ${resources.<name>} with the name of a resource of type volume.",
  ),
  FW3008: entry(
    3,
    "request above limit",
    "A container is never given more than its limit.",
    "Raise the limit or lower the request.",
  ),
  FW3009: entry(
    3,
    "name taken",
    "Two things of a service would have one name in the cluster.",
    "Rename the resource.",
  ),
  FW3010: entry(
    3,
    "services differ about a shared resource",
    "A resource with an id is one thing, so all services that name it must say the same of it.",
    "Write the parameter in one of the services only, or alike in all.",
  ),
  FW3011: entry(
    3,
    "two stacks in one namespace",
    "Each service has a namespace of its own, with its own quota and network policies.",
    "Write {environment} into the namespace pattern of one of the environments.",
  ),
  FW3012: entry(
    3,
    "two routes of one host and path",
    "A request can only be answered by one service.",
    "Give one of them another host or path.",
  ),
  FW3013: entry(
    3,
    "route without a port",
    "A route leads to a published port of its service.",
    "Publish a port, or write the number of a published one.",
  ),
  FW3014: entry(
    3,
    "scaled twice",
    "How many replicas run is said once, by `scaling` or by one resource of the type horizontal-pod-autoscaler.",
    "Keep one of the two.",
  ),
  FW3020: entry(
    3,
    "scaling bounded by the environment",
    "Each environment bounds the replicas of its services.",
    "Nothing, or change spec.replicas of the environment.",
  ),
  FW3021: entry(
    3,
    "container without a probe waited for until healthy",
    "Whether a container is healthy is told by its probes; without one, started is all that can be known.",
    "Give the container a readiness or liveness probe.",
  ),
  FW3022: entry(
    3,
    "consent has ended",
    "A consent holds until its date.",
    "Take it out, or give a new date.",
  ),
  FW3023: entry(
    3,
    "replicas that share one volume",
    "A volume of access mode ReadWriteOnce is attached to one node, and replicas run on several.",
    "Write accessMode: ReadWriteMany for the volume, or type: stateful.",
  ),
  FW3030: entry(
    3,
    "cloud driver in an environment without a cloud account",
    "A cloud driver builds in the account that the environment names.",
    "Name the account under spec.cloud of the environment, or a driver that builds in the cluster.",
  ),
  FW3031: entry(
    3,
    "security groups that let in every node",
    "EKS Auto Mode knows no security groups of single pods.",
    "Nothing; or run managed nodes (cloud.eks of the environment, mode: managed).",
  ),
  FW3032: entry(
    3,
    "two resources of one name in a cloud account",
    "A resource is called after its service and itself, with a dash between: two ways to divide one name would be one thing.",
    "Give one of them another name.",
  ),
  FW3090: entry(
    3,
    "a patch matches no object",
    "A patch of the descriptor names a kind (and name) that the service does not generate, so that it would do nothing.",
    "Write the kind and name of one of the objects in the hint, or remove the patch.",
  ),
  FW3051: entry(
    3,
    "a resource names a service that the environment does not have",
    "Names of services become host names and network policies; a service that is not there would be unreachable.",
    "Write the name of a service that runs in this environment, or add it.",
  ),
  FW3052: entry(
    3,
    "a resource names a port that is not published",
    "Only published ports of a service have an address.",
    "Write the name or the number of a port that the service publishes.",
  ),
  // 40: rules and refusals
  FW4001: entry(
    4,
    "a mandatory rule is violated",
    "What would be built breaks a rule that this environment enforces; nothing was changed.",
    "Change the descriptor at the line shown; `fairway explain <rule>` says why and how.",
  ),
  FW4002: entry(
    4,
    "a mandatory rule cannot be decided yet",
    "A value that decides the rule is known only during the update, and this environment does not start updates on such verdicts.",
    "Deploy what gives the value first, or set `spec.policies.unproven: allow` in the environment.",
  ),
  FW4003: entry(
    3,
    "a level names no rule",
    "A level for a rule that does not exist would enforce nothing without a word.",
    "Write the name of a rule as `fairway explain` lists them.",
  ),
  FW4004: {
    ...entry(
      1,
      "a rule failed to run",
      "A rule threw an error, so nobody knows whether it is met; the update is not started.",
      "Report it with the rule's name and the message.",
    ),
    source: "internal",
  },
  FW4005: {
    ...entry(
      1,
      "the judge is gone",
      "The process that carries the rules ended or could not start, and nothing runs unjudged.",
      "Run the command again; report it if it happens twice.",
    ),
    source: "internal",
  },
  FW4006: {
    ...entry(
      1,
      "the verdicts cannot be read",
      "The file of this operation's verdicts is missing or cut off, and an update without verdicts is not trusted.",
      "Check the disk behind .fairway/, then run the command again.",
    ),
    source: "internal",
  },
  FW4007: entry(
    3,
    "a stack names no environment",
    "The rules read the environment from the stack's name, and this one names none that exists.",
    "Name the stack `<service>.<environment>`.",
  ),
  FW4008: entry(
    4,
    "a secret that people bring is absent",
    "The descriptor uses a secret, or the environment pulls images with one, that nobody has kept in the environment's store, so that pods could not start.",
    "Run `fairway secret set <service> <name> --env <environment>`, or `fairway secret set --pull <name> --env <environment>`, with the value on standard input.",
  ),
  FW4020: entry(
    4,
    "data would be lost",
    "What would be deleted or replaced holds data, the environment protects data, and no consent that still counts allows it; nothing was changed.",
    "Bring back what was taken out, name what it was called (`was`) if it was renamed, or write the consent that the message shows; docs/DATA.md tells how.",
  ),
  FW4021: entry(
    4,
    "others still use it",
    "A service that others call, or something shared that others use, is not retired under them.",
    "Take it out of the descriptors shown, deploy those, then retire it.",
  ),
  FW4022: entry(
    4,
    "retired here",
    "The service was retired in this environment, so that deploying it would begin anew without its data.",
    "Take its folder out of the repository, or take the tombstone away (`fairway retire SERVICE --forget`) to begin anew.",
  ),
  FW4023: entry(
    3,
    "two claim one past",
    "A name that something had says which recorded data and objects it owns; of two owners one would take the other's.",
    "Give the name to the one that it belonged to, and the other a name that nothing had.",
  ),
  FW4024: entry(
    4,
    "perhaps a rename",
    "Something deployed has no descriptor any more, and a descriptor that is not deployed asks for the same: without a word about the past it would begin empty.",
    "Write the old name as `was` if it was renamed; retire the old one if it was not.",
  ),
  FW4025: entry(
    1,
    "no last copy",
    "What holds data is deleted only after a last copy of it is safe, and this one could not be made; nothing was deleted.",
    "Mend what the message names and run the command again: it goes on from where this one stopped.",
  ),
  FW4030: entry(
    4,
    "over the budget",
    "What is asked for would cost more in a month than the descriptor's ceiling or the environment's budget allows.",
    "Ask for less, or raise the ceiling with whoever pays; `fairway cost` shows every line.",
  ),
  FW4031: entry(
    4,
    "a budget that cannot be judged",
    "Something has no price, so nobody knows whether the budget is kept; what has no price is never counted as nothing.",
    "Write the missing prices under `spec.costs.prices` of the environment.",
  ),
  FW4032: entry(
    2,
    "a price that nothing uses",
    "An own price under a SKU that nothing here is counted in changes no estimate: usually the SKU is mistyped.",
    "Write the SKU as `fairway cost` shows it, or take the price out.",
  ),
  FW4033: entry(
    2,
    "nothing to compare with",
    "A change is compared with what was planned at a Git revision, by the present code: an environment that is new, or files that could not be read then, say nothing of it.",
    "Nothing, or name a revision at which it can be read.",
  ),
  // 50: engine and state
  FW5001: entry(
    1,
    "the key of the root is unusable",
    "Everything secret in the state is encrypted with this key, and generated passwords are derived from it.",
    "Restore .fairway/key, or set FAIRWAY_KEY, from where your team keeps it.",
  ),
  FW5002: entry(
    1,
    "the disk is full",
    "State must be written before anything is changed, so nothing goes on without room for it.",
    "Free space on the disk that holds .fairway/, then run the command again.",
  ),
  FW5003: entry(
    1,
    "the state cannot be written",
    "State must be written before anything is changed.",
    "Make .fairway/ of the root writable for this user.",
  ),
  FW5004: entry(
    1,
    "the state of a stack is damaged",
    "A file that is no checkpoint cannot say what exists; guessing would create everything twice.",
    "Run the command of the hint: it brings back the state before the last write.",
  ),
  FW5005: entry(
    6,
    "the stack is held by another run",
    "Two that write the state of one stack at once would lose resources.",
    "Wait until the run that the message names has ended.",
  ),
  FW5006: entry(
    6,
    "the state of the stack is locked",
    "A process that `fairway` did not start works on the stack.",
    "Wait until it has ended, or, where it is gone, remove its lock with `pulumi cancel`.",
  ),
  FW5007: entry(
    1,
    "an interrupted run may have created something",
    "The engine was ended between asking for the resource and writing down its id, so nobody knows whether it exists.",
    "Look for it where it would be, then import it or clear it as the hint says.",
  ),
  FW5010: entry(
    1,
    "a resource failed",
    "The provider or the cluster refused it, or it did not become ready in time.",
    "Read the message; what was done is recorded, and the next run goes on from there.",
  ),
  FW5011: entry(
    1,
    "the engine failed",
    "The engine ended with an error that is not about one resource.",
    "Read the message; `fairway doctor` checks the engine and what it needs.",
  ),
  FW5012: entry(
    1,
    "the event stream is not whole",
    "What happened is read from the engine's events; without all of them nothing is reported as done.",
    "Run the command again: it finds out what is there.",
  ),
  FW5013: {
    ...entry(
      1,
      "engine and judge disagree",
      "A mandatory violation that only one of them knows means that something went unjudged.",
      "Report it with the message.",
    ),
    source: "internal",
  },
  FW5014: {
    ...entry(
      1,
      "a rule that was proven failed in the update",
      "The preview saw another resource than the update, so its verdict was worth nothing.",
      "Report it with the rule and the resource.",
    ),
    source: "internal",
  },
  FW5015: entry(
    1,
    "the engine was ended",
    "A signal ended the engine or its worker in the middle of an operation.",
    "Run the command again: the next run repairs what this one left.",
  ),
  FW5016: entry(
    130,
    "cancelled",
    "You asked to stop; what was running ended in order.",
    "Run the command again: it goes on from where this one stopped.",
  ),
  FW5017: entry(
    4,
    "a rule that could not be decided failed in the update",
    "The value that decides it became known only in the update, and it breaks a mandatory rule; that resource was not created.",
    "Change the descriptor as `fairway explain <rule>` says.",
  ),
  FW5018: entry(
    1,
    "no key for state that others share",
    "Passwords are derived from an environment's key, and its state may be encrypted with it: made up on one machine, it would change every password.",
    "Set FAIRWAY_KEY, or put the environment's key into .fairway/key; make one only for a new environment.",
  ),
  FW5019: entry(
    3,
    "a stack without a descriptor",
    "A service whose folder disappeared leaves its stack: taking a file away never takes data away.",
    "Retire the stack when nobody needs it (destroy it where data is disposable), or bring the descriptor back.",
  ),
  FW5030: entry(
    4,
    "rehearsed state",
    "What the state describes was only rehearsed and does not exist; a real run on it would believe that everything is there.",
    "Run it with --rehearse, or point the environment's state at its real backend.",
  ),
  FW5031: entry(
    1,
    "credentials are missing",
    "Only a preview may be rehearsed where credentials are missing: whatever changes or reads what is deployed must reach it.",
    "Provide what the message names, or ask for a rehearsal with --rehearse.",
  ),
  FW5040: entry(
    3,
    "a scenario that cannot be read",
    "What shall happen to rehearsed operations stands in scenario.json, and a part of it that nobody understands would not happen.",
    "Write what docs/REHEARSAL.md shows, or remove the file.",
  ),
  FW5901: entry(
    1,
    "no way to the cluster",
    "Workloads of the environment run in a cluster, and nothing here says how to reach it.",
    "Log in and set KUBECONFIG, as the message says.",
  ),
  FW5090: entry(
    7,
    "no such stack",
    "A stack is named <service>.<environment>, and each part must be in the root.",
    "Name one of the stacks in the hint, or set FAIRWAY_ROOT to the folder that holds the descriptor.",
  ),
  // 60: Kubernetes
  FW6001: entry(
    4,
    "the cluster does not serve a kind",
    "The plan holds objects whose CustomResourceDefinitions somebody else installs in this cluster, and they are not there, so that the update would fail halfway.",
    "Install what brings the kinds, or turn off in the descriptor what needs them.",
  ),
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
    "Use the name of one of the files under environments/. Where a file was deleted before its stacks were destroyed, bring it back from Git, run `fairway destroy --all --env NAME --yes`, and delete it again.",
  ),
  FW7008: entry(
    2,
    "needs --yes",
    "What is destroyed is gone, so the command line itself must say that this is meant: a flag missing there is usage (exit code 2), while 4 refuses what the files ask for.",
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
  FW7014: entry(
    1,
    "a Git revision cannot be read",
    "What a change touches is found by comparing plans with those of another revision.",
    "Name a revision that this clone holds; in CI check out with the whole history.",
  ),
  FW7015: entry(
    7,
    "no such secret",
    "Only secrets that a descriptor uses, or that an environment pulls images with, are kept.",
    "Add the secret to the descriptor's `uses` or the environment's `images.pullSecrets`, then set it.",
  ),
  FW7016: entry(
    2,
    "no secret to keep",
    "The value of a secret is read from standard input; that of a pull secret is a docker configuration with credentials.",
    "Redirect a file or a pipe into the command.",
  ),
  FW7017: entry(
    1,
    "the store refused a secret",
    "Secrets that teams bring are kept in the environment's cluster or in its account's Secrets Manager.",
    "Ask for write access to the store, or log in to the account that the message names.",
  ),
  FW7018: entry(
    7,
    "no route",
    "Only a service with a route has an address.",
    "Add `visibility: public` or a `route` to its descriptor.",
  ),
  FW7019: entry(
    7,
    "no local control plane",
    "The command is about the local control plane.",
    "Run `fairway cluster up`.",
  ),
  FW7020: entry(
    2,
    "not one stack",
    "What is destroyed is gone, so it must be plain which stack is meant: a service that was renamed without a word has two of one name, and a service is retired alone.",
    "Name the stack in full, as the message and `fairway status` show it, such as `shop-api.local`.",
  ),
  FW7030: entry(
    2,
    "environment that cannot be bootstrapped",
    "Bootstrap makes what the environment file names: a state bucket in S3, a key with an alias, and roles for one repository.",
    "Write what the message names into the environment file.",
  ),
  FW7031: entry(
    1,
    "no credentials of the account",
    "Bootstrap is done once for each account, by an administrator who is logged in to it.",
    "Log in to the account that the message names, or rehearse with --rehearse.",
  ),
  FW7032: entry(
    1,
    "account not prepared",
    "CloudFormation refused a part of it, and took the rest back.",
    "Mend what the message names, then run it again: what is there is kept.",
  ),
  FW7033: entry(
    1,
    "the cluster comes first",
    "What runs in a cluster can only be looked at when there is one, and the platform makes it.",
    "Update again as the message says, when the first update is done.",
  ),
  FW7040: entry(
    2,
    "property override that cannot be read",
    "`--override-property` takes a dotted path, an equals sign and a value in YAML.",
    "Write --override-property containers.main.image=registry.example.com/app:1.2",
  ),
  FW7041: entry(
    2,
    "property override without a service",
    "A property is overridden in one Score document, and several services are meant.",
    "Name one service, or write SERVICE/PATH=VALUE.",
  ),
  FW7042: entry(
    2,
    "property override of what is no Score document",
    "Only Score documents take property overrides; a ServiceRequest has spec.environments.",
    "Name a service with a score.yaml, or write the value under spec.environments.",
  ),
  FW7043: entry(
    2,
    "not said in the other form",
    "A ServiceRequest and a Score document do not say the same things; what one of them cannot say is named, never dropped silently.",
    "Write it by hand where the note says, or keep the descriptor as it is.",
  ),
  FW7044: entry(
    4,
    "a service of the cloud in a Compose file",
    "Compose runs what a cluster runs; a database of AWS is not an image.",
    "Compose another environment, such as --env local.",
  ),
  FW7045: entry(
    3,
    "secret that no env file can hold",
    "Docker Compose reads a backslash before a quote as an escape.",
    "Choose another secret.",
  ),
  FW7046: entry(
    2,
    "not the same in Compose",
    "Compose has no routes, no mapping of ports between services and no binary files.",
    "Nothing is wrong; know the difference.",
  ),
  FW7047: entry(
    7,
    "no such file",
    "The command line names a file that is not there.",
    "Mend the path; it is relative to where you are.",
  ),
  FW7048: entry(
    2,
    "file that cannot be written",
    "The command line names a file to write, and its folder is not there, or it is a folder itself, or you may not write to it.",
    "Name another file, or make the folder; the path is relative to where you are.",
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
  FW8008: entry(
    1,
    "a checker is missing",
    "It comes as a Python wheel, and Python with pip is missing or the package index did not answer.",
    "Install Python 3 with pip and give it access to its package index, then repeat `npm run check`.",
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
