import { runtime } from "@pulumi/pulumi";
import type {
  ReadResourceRequest,
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
  SupportsFeatureRequest,
} from "@pulumi/pulumi/proto/resource_pb.js";
import resources from "@pulumi/pulumi/proto/resource_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { ResourceView } from "../contract/finding.ts";

/** Stands where a value is known only after an update. The engine's own sentinel. */
export const UNKNOWN = runtime.unknownValue;
/** Stands where a value must never be shown. */
export const SECRET = "[secret]";

type Reply<T> = (error: Error | null, response: T) => void;
type Plain =
  | { readonly [key: string]: Plain }
  | readonly Plain[]
  | string
  | number
  | boolean
  | null;

/** What of a Kubernetes object's metadata only the server gives. */
const SERVER_GIVEN = ["uid", "resourceVersion", "generation", "creationTimestamp"];

/** What a recording may do beside keeping what is registered. */
export interface RecordingOptions {
  /** Secrets are kept in clear, for who writes them where only their owner reads them. Default false. */
  readonly reveal?: boolean;
  /** Stack → outputs that a reference to it reads. Default: all of them unknown. */
  readonly outputs?: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** Gets URN → former URNs that the program gives. Default: they are not kept. */
  readonly aliases?: Map<string, readonly string[]>;
}

/** Answers a Pulumi program as the engine does in the preview of a new stack, and keeps what it registers. */
export class RecordingMonitor {
  readonly views: ResourceView[] = [];
  readonly #prefix: string;
  readonly #types = new Map<string, string>();
  readonly #options: RecordingOptions;

  constructor(project: string, stack: string, options: RecordingOptions = {}) {
    this.#prefix = `urn:pulumi:${stack}::${project}::`;
    this.#options = options;
  }

  supportsFeature(request: SupportsFeatureRequest, reply: Reply<unknown>): void {
    const response = new resources.SupportsFeatureResponse();
    response.setHassupport(FEATURES.has(request.getId()));
    reply(null, response);
  }

  registerResource(request: RegisterResourceRequest, reply: Reply<unknown>): void {
    const inputs = request.getObject();
    const response = new resources.RegisterResourceResponse();
    const urn = this.#keep(request, inputs?.toJavaScript() ?? {});
    response.setUrn(urn);
    const former = request.getAliasesList().map((alias) => alias.getUrn());
    this.#options.aliases?.set(
      urn,
      former.filter((one) => one !== ""),
    );
    if (request.getType().startsWith("kubernetes:")) addServerGiven(inputs);
    response.setObject(inputs);
    reply(null, response);
  }

  readResource(request: ReadResourceRequest, reply: Reply<unknown>): void {
    const inputs = request.getProperties()?.toJavaScript() ?? {};
    const response = new resources.ReadResourceResponse();
    response.setUrn(this.#keep(request, inputs, { read: true }));
    const stack =
      String(inputs["name"] ?? "")
        .split("/")
        .at(-1) ?? "";
    const outputs = { ...this.#options.outputs?.get(stack) };
    response.setProperties(
      struct.Struct.fromJavaScript({
        ...inputs,
        // What somebody else wrote is not known, but that must not hide what else stands beside it.
        ...(this.#options.reveal &&
          request.getType() === SECRET_TYPE && { data: { value: HIDDEN } }),
        outputs: this.#options.outputs?.has(stack) ? outputs : UNKNOWN,
      }),
    );
    reply(null, response);
  }

  registerResourceOutputs(_request: RegisterResourceOutputsRequest, reply: Reply<unknown>): void {
    reply(null, new empty.Empty());
  }

  #keep(
    request: RegisterResourceRequest | ReadResourceRequest,
    inputs: Readonly<Record<string, unknown>>,
    more: Pick<ResourceView, "read"> = {},
  ): string {
    const [type, name, parent] = [request.getType(), request.getName(), request.getParent()];
    const outer = this.#types.get(parent);
    const full = outer === undefined || outer === STACK ? type : `${outer}$${type}`;
    const urn = `${this.#prefix}${full}::${name}`;
    this.#types.set(urn, full);
    this.views.push({
      urn,
      type,
      name,
      props: (this.#options.reveal ? open(inputs as Plain) : blind(inputs as Plain)) as Record<
        string,
        unknown
      >,
      ...(parent !== "" && { parent }),
      ...more,
    });
    return urn;
  }
}

const STACK = "pulumi:pulumi:Stack";
const SECRET_TYPE = "kubernetes:core/v1:Secret";
const HIDDEN = Buffer.from(UNKNOWN).toString("base64");
const FEATURES = new Set([
  "secrets",
  "resourceReferences",
  "aliasSpecs",
  "deletedWith",
  "parameterization",
]);

/** Changes the message that was received instead of copying it: this is the costly part of a registration. */
function addServerGiven(object: struct.Struct | undefined): void {
  const metadata = object?.getFieldsMap().get("metadata")?.getStructValue()?.getFieldsMap();
  for (const name of SERVER_GIVEN)
    if (metadata && !metadata.has(name))
      metadata.set(name, new struct.Value().setStringValue(UNKNOWN));
}

function blind(value: Plain): Plain {
  if (Array.isArray(value)) return value.map(blind);
  if (!isRecord(value)) return value as Plain;
  if (runtime.isRpcSecret(value)) return SECRET;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, blind(member as Plain)]),
  );
}

/** The value without the marks of secrets. */
function open(value: Plain): Plain {
  if (Array.isArray(value)) return value.map(open);
  if (!isRecord(value)) return value as Plain;
  if (runtime.isRpcSecret(value)) return open((value as { readonly value: Plain }).value);
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, open(member as Plain)]),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
