/** A test that proves something: its file and its name, as it stands there. */
export interface Proof {
  readonly file: string;
  readonly test: string;
}

const score = (test: string): Proof => ({ file: "stacks/plan/score.test.ts", test });

/** Tests by a short name. */
export const PROOFS = {
  schema: {
    file: "stacks/load/score-schema.test.ts",
    test: "judges every change of every field as the specification does",
  },
  metadata: score("may refer to all of its metadata, with dots in keys escaped"),
  annotations: score("gets a StatefulSet, another name of its Service, or a CronJob by annotation"),
  ports: score("publishes its ports, TCP and the same target where nothing else is said"),
  image: {
    file: "stacks/plan/resolve.test.ts",
    test: "fails to be released with the command to run, and takes `.` for no image",
  },
  expands: score(
    "expands variables, files, volume sources and params, and leaves everything else literal",
  ),
  mixed: {
    file: "stacks/plan/expand.test.ts",
    test: "writes a file that mixes a secret with other text, and leaves noExpand and binary files alone",
  },
  source: {
    file: "stacks/load/workspace.test.ts",
    test: "reads a Score document, with overrides, files and annotations",
  },
  outside: {
    file: "stacks/load/read-score.test.ts",
    test: "files that are missing, outside, or not base64",
  },
  binary: score("keeps binary content and gives files their octal mode"),
  lists: score("means the same in the list forms of files and volumes as in the map forms"),
  volumes: score("mounts volumes by placeholder, by output and by name, with path and readOnly"),
  sharedVolume: score(
    "keeps volumes and files apart by what they are, not by where they are mounted",
  ),
  before: score("starts containers before others: until complete, until healthy, until started"),
  yaml: {
    file: "stacks/load/yaml.test.ts",
    test: "anchor, alias and merge key",
  },
  targets: {
    file: "stacks/load/read-score.test.ts",
    test: "targets that no container can have, or that hide each other",
  },
  circle: {
    file: "stacks/load/read-score.test.ts",
    test: "containers that wait for themselves or for nobody",
  },
  probes: score("prefers exec where both kinds of a probe are given, and takes all of httpGet"),
  compute: score(
    "has the requests and limits that it says, and the environment's where it says none",
  ),
  class: score("gets what its class means in the environment"),
  shared: score(
    "with one type, class and id are one for all workloads: a stack of its own, which outlives them",
  ),
  own: score("without an id are the workload's own"),
  params: {
    file: "stacks/plan/uses.test.ts",
    test: "may refer to each other's outputs, and not in a circle",
  },
  types: score("of every default type, and of the community ones, have a driver"),
  outputs: {
    file: "components/catalog.test.ts",
    test: "every resource type is answered with exactly the outputs of the table",
  },
  dapr: score("of Dapr are refused with what they need and where to add them"),
  folder: score("stands beside others in one folder, each with a workload of its own"),
  overrides: {
    file: "stacks/load/properties.test.ts",
    test: "takes the flag before the file and the file before the document, and says which",
  },
  overrideNames: {
    file: "stacks/load/properties.test.ts",
    test: "gives each Score file of a folder the overrides of its own name",
  },
  scales: score("scales by a resource, with no file of the platform touched"),
  where: score("is told the name of its environment"),
  foreign: {
    file: "tools/test/foreign.test.ts",
    test: "$title is planned in every environment",
  },
  removed: {
    file: "tools/test/foreign.it.test.ts",
    test: "are removed without a remainder",
  },
  compose: {
    file: "tools/test/compose.test.ts",
    test: "holds no password: each is in an env file that Git ignores and only its owner reads",
  },
  parity: {
    file: "tools/test/compose.test.ts",
    test: "has the same variables, ports, mounts and probes as local, dev and prod",
  },
  exported: {
    file: "stacks/plan/to-score.test.ts",
    test: "gives the same plan, whatever it says that Score can say",
  },
  imported: {
    file: "stacks/plan/to-request.test.ts",
    test: "names everything that it cannot say, by its path",
  },
} as const satisfies Readonly<Record<string, Proof>>;

type ProofName = keyof typeof PROOFS;

/** A field or rule: where it is read, what proves it, and what the reference tools do differently. */
export interface Row {
  readonly where: string;
  readonly proof: ProofName;
  /** Default: the same. */
  readonly reference?: string;
  /** Where it is not fully supported: why. */
  readonly limit?: string;
}

const SCORE = "stacks/load/score.ts";
const row = (where: string, proof: ProofName, reference?: string): Row => ({
  where,
  proof,
  ...(reference && { reference }),
});

const httpGet = (probe: string): Readonly<Record<string, Row>> =>
  Object.fromEntries(
    [
      "",
      ".host",
      ".httpHeaders",
      ".httpHeaders[].name",
      ".httpHeaders[].value",
      ".path",
      ".port",
      ".scheme",
    ].map((field) => [`containers.*.${probe}.httpGet${field}`, row(SCORE, "probes")]),
  );

const probe = (name: string): Readonly<Record<string, Row>> => ({
  [`containers.*.${name}`]: row(
    SCORE,
    "probes",
    "score-k8s takes httpGet where both kinds are given, although the schema prefers exec",
  ),
  [`containers.*.${name}.exec`]: row(SCORE, "probes"),
  [`containers.*.${name}.exec.command`]: row(SCORE, "probes"),
  ...httpGet(name),
});

const file = (form: string, proof: ProofName): Readonly<Record<string, Row>> => ({
  [`containers.*.files${form}.mode`]: row("stacks/plan/data.ts", "binary"),
  [`containers.*.files${form}.source`]: row("stacks/load/read-score.ts", "source"),
  [`containers.*.files${form}.content`]: row(
    "stacks/plan/data.ts",
    proof,
    "score-k8s fails where a secret output stands beside other text",
  ),
  [`containers.*.files${form}.binaryContent`]: row("stacks/load/read-score.ts", "binary"),
  [`containers.*.files${form}.noExpand`]: row("stacks/plan/data.ts", "expands"),
});

const volume = (form: string, proof: ProofName): Readonly<Record<string, Row>> => ({
  [`containers.*.volumes${form}.source`]: row("stacks/plan/volumes.ts", proof),
  [`containers.*.volumes${form}.path`]: row("stacks/plan/volumes.ts", "volumes"),
  [`containers.*.volumes${form}.readOnly`]: row("stacks/plan/volumes.ts", proof),
});

/** Every field of the schema. */
export const FIELDS: Readonly<Record<string, Row>> = {
  apiVersion: row("stacks/contract/score.ts", "schema"),
  metadata: row(SCORE, "metadata"),
  "metadata.name": row(SCORE, "metadata"),
  "metadata.annotations": row("stacks/load/annotations.ts", "annotations"),
  "metadata.*": row(SCORE, "metadata"),
  service: row(SCORE, "ports"),
  "service.ports": row(SCORE, "ports"),
  "service.ports.*.port": row(SCORE, "ports"),
  "service.ports.*.protocol": row(SCORE, "ports"),
  "service.ports.*.targetPort": row(SCORE, "ports"),
  containers: row(SCORE, "schema"),
  "containers.*.image": row(
    "stacks/plan/images.ts",
    "image",
    "`.` is given on the command line; here by the release file, which is reviewed like code",
  ),
  "containers.*.command": row(SCORE, "expands"),
  "containers.*.args": row(SCORE, "expands"),
  "containers.*.variables": row("stacks/plan/data.ts", "expands"),
  "containers.*.files": row(SCORE, "lists"),
  ...file(".*", "mixed"),
  "containers.*.files[].target": row(SCORE, "lists"),
  ...file("[]", "lists"),
  "containers.*.volumes": row(SCORE, "lists"),
  ...volume(".*", "volumes"),
  "containers.*.volumes[].target": row(SCORE, "lists"),
  ...volume("[]", "lists"),
  "containers.*.before": row(
    "stacks/plan/sequence.ts",
    "before",
    "score-k8s and score-compose do not read it",
  ),
  "containers.*.before.*.ready": row("stacks/plan/sequence.ts", "before", "not read"),
  "containers.*.resources": row("stacks/plan/compute.ts", "compute"),
  "containers.*.resources.limits": row("stacks/plan/compute.ts", "compute"),
  "containers.*.resources.limits.cpu": row("stacks/plan/compute.ts", "compute"),
  "containers.*.resources.limits.memory": row("stacks/plan/compute.ts", "compute"),
  "containers.*.resources.requests": row("stacks/plan/compute.ts", "compute"),
  "containers.*.resources.requests.cpu": row("stacks/plan/compute.ts", "compute"),
  "containers.*.resources.requests.memory": row("stacks/plan/compute.ts", "compute"),
  ...probe("livenessProbe"),
  ...probe("readinessProbe"),
  resources: row(SCORE, "own"),
  "resources.*.type": row("stacks/plan/drivers.ts", "types"),
  "resources.*.class": row("stacks/plan/drivers.ts", "class"),
  "resources.*.id": row(
    "stacks/plan/shared.ts",
    "shared",
    "shared by the workloads that were generated together; here by all of an environment",
  ),
  "resources.*.metadata": row(SCORE, "shared"),
  "resources.*.metadata.annotations": row(SCORE, "shared"),
  "resources.*.metadata.*": row(SCORE, "schema"),
  "resources.*.params": row("stacks/plan/uses.ts", "params"),
};

/** Rules that the schema's text, the documentation or the reference implementation hold beside it. */
export const RULES: Readonly<Record<string, Row>> = {
  "Placeholders are expanded in variables, files, volume sources and params, and nowhere else": row(
    "stacks/plan/expand.ts",
    "expands",
  ),
  "`$$` is a dollar; dots in keys are escaped; what is not text is written as JSON": row(
    "stacks/contract/placeholder.ts",
    "metadata",
  ),
  "`${resources.x}` is the resource's identity, `type.class#id`": row(
    "stacks/plan/names.ts",
    "expands",
  ),
  "Resources may refer to each other's outputs, and not in a circle": row(
    "stacks/plan/uses.ts",
    "params",
  ),
  "Params must be known before anything runs: an output that is made later is refused there": {
    where: "stacks/plan/expand.ts",
    proof: "params",
    limit:
      "a database's password cannot be a param of another resource, because plans are data that is reviewed before anything is made",
  },
  "A file's `source` path is literal": {
    where: "stacks/load/companion.ts",
    proof: "outside",
    reference:
      "the documentation lists the path among what is expanded; score-k8s reads it literally, as here",
    limit:
      "a path that depends on the environment would have to lie outside of what is reviewed; nothing outside of the root is read",
  },
  "Anchors, aliases and merge keys of YAML (`&`, `*`, `<<`)": {
    where: "stacks/load/yaml.ts",
    proof: "yaml",
    reference: "read",
    limit:
      "refused (FW1006), because a file that refers to itself cannot be reviewed line by line, and can blow up when read",
  },
  "Targets of files and volumes are below `/`, have no colon, and are each one place of a container; a relative one begins at `/`":
    row("stacks/load/targets.ts", "targets", "not checked; the API server refuses them"),
  "Where exec and httpGet are given, exec is preferred": row(
    SCORE,
    "probes",
    "score-k8s takes httpGet",
  ),
  "Containers cannot wait for each other in a circle": row(
    "stacks/load/check.ts",
    "circle",
    "not read",
  ),
  "Override files merge maps, replace other values, and null deletes": row(
    "stacks/load/merge.ts",
    "source",
  ),
  "`--override-property path=value`; -1 appends, an empty value deletes": row(
    "stacks/load/properties.ts",
    "overrides",
  ),
  "Several workloads in one folder (`score*.yaml`), each with overrides of its own": row(
    "stacks/load/folder.ts",
    "overrideNames",
    "one file a call",
  ),
  "`k8s.score.dev/kind` and `k8s.score.dev/service-name`": row(
    "stacks/load/annotations.ts",
    "annotations",
  ),
  "The 13 default resource types, and horizontal-pod-autoscaler, endpoint, environment, service and llm-model":
    row(
      "components/catalog.ts",
      "types",
      "the reference tools' own provisioners answer the defaults; the others are copied in",
    ),
  "Outputs of each type": row("components/catalog.ts", "outputs"),
  "dapr-pubsub, dapr-state-store, dapr-subscription": {
    where: "stacks/plan/drivers.ts",
    proof: "dapr",
    reference: "provisioners of the community",
    limit:
      "refused with what they need and where to add them: they need Dapr's control plane, which the platform does not run",
  },
  "The 41 documents of the specification's, the resources' and the samples' repositories": row(
    "tools/test/foreign-examples.ts",
    "foreign",
  ),
  "`fairway score import`: what a ServiceRequest cannot say is named": row(
    "stacks/plan/to-request.ts",
    "imported",
    "no such command",
  ),
  "`fairway compose`: variables, ports, mounts and probes are those of the cluster": row(
    "stacks/compose/compose.ts",
    "parity",
    "score-compose generates from other provisioners than score-k8s",
  ),
  "There and back: a service as a Score document gives the same plan": row(
    "stacks/plan/to-score.ts",
    "exported",
    "no such command",
  ),
};

/** Where the reference tools are thin, with the test that shows what is done here. */
export const BETTER: readonly {
  readonly weakness: string;
  readonly here: string;
  readonly proof: ProofName;
}[] = [
  {
    weakness: "`before` is not implemented (score-k8s#291)",
    here: "init containers and native sidecars, in order; circles are refused",
    proof: "before",
  },
  {
    weakness: "a file that mixes a secret output with other text is an error",
    here: "the file is a Secret as a whole",
    proof: "mixed",
  },
  {
    weakness: "with both probe kinds httpGet is taken, although the schema prefers exec",
    here: "exec is taken",
    proof: "probes",
  },
  {
    weakness: "valid files with shared volumes fail or mis-share (#327, #363, #367)",
    here: "one volume is one, two are two, in every form",
    proof: "sharedVolume",
  },
  {
    weakness: "no CronJob (#20)",
    here: "`fairway.dev/type: cron` and a schedule",
    proof: "annotations",
  },
  {
    weakness: "no replicas (README; #25, #27)",
    here: "a horizontal-pod-autoscaler scales, within the environment's bounds",
    proof: "scales",
  },
  {
    weakness: "no cleanup (README: not implemented)",
    here: "`fairway destroy` leaves no object behind",
    proof: "removed",
  },
  {
    weakness: "s3 only as MinIO in the cluster (#65)",
    here: "MinIO in the cluster, S3 in AWS, with the same outputs",
    proof: "outputs",
  },
  {
    weakness: "the environment's name has to be smuggled through shared state (#24)",
    here: "the resource type `environment`",
    proof: "where",
  },
  {
    weakness: "plain secrets in the Compose file (spec#76)",
    here: "secrets are in an env file that Git ignores",
    proof: "compose",
  },
  {
    weakness: "one workload is one Deployment, however many logical services (score-helm#28)",
    here: "several workloads stand in one folder, each with a Deployment of its own",
    proof: "folder",
  },
];
