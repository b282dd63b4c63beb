import grpc from "@grpc/grpc-js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import service from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import status from "@pulumi/pulumi/proto/status_pb.js";
import { managerOf } from "./apply.ts";
import { check, type Refusal } from "./check.ts";
import { remove } from "./delete.ts";
import { identityChanges, inputChanges, mustDeleteFirst, pathText, type Change } from "./diff.ts";
import { CancelledError } from "./failure.ts";
import { clusterAddress } from "./kubeconfig.ts";
import { immutableChanges } from "./immutability.ts";
import { objectAt, textAt, withValue } from "./json.ts";
import {
  create,
  previewCreate,
  previewUpdate,
  timeoutOf,
  update,
  type Left,
  type Wanted,
} from "./lifecycle.ts";
import { recordOf } from "./outputs.ts";
import { readLive } from "./read.ts";
import { openSessions, readSettings, type Session } from "./session.ts";
import { decode, encode, hasUnknown, redact, secretTexts, type Values } from "./values.ts";

/** The version of the `@pulumi/kubernetes` SDK served; the engine warns when it differs from the program's. */
export const SDK_VERSION = "4.34.2";

/** Options of `serveKubernetes`. */
export interface ServeOptions {
  /** Text or path of the kubeconfig for providers that configure none. */
  kubeconfig?: string | undefined;
  /** Closes the server. */
  signal?: AbortSignal;
  /** Milliseconds since the epoch. Default: the system's clock. */
  now?: () => number;
  /** Told what went wrong inside, for a log file; secrets are redacted. */
  log?: (line: string) => void;
}

/** A running provider. */
export interface KubernetesServer {
  /** On the loopback interface. */
  port: number;
  close(): Promise<void>;
}

type Unary<Q, A> = grpc.handleUnaryCall<Q, A>;

/**
 * Serves the embedded Kubernetes provider over gRPC on a free loopback port. Attach it with
 * `PULUMI_DEBUG_PROVIDERS=kubernetes:PORT`; one server may serve any number of engines, stacks and provider instances.
 */
export async function serveKubernetes(options: ServeOptions = {}): Promise<KubernetesServer> {
  const sessions = openSessions({ kubeconfig: options.kubeconfig, now: options.now ?? Date.now });
  const server = new grpc.Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });

  /** A call outside a session. */
  const plain = <Q, A>(answer: (request: Q, peer: string) => A | Promise<A>): Unary<Q, A> => {
    return (call, callback) => {
      Promise.resolve()
        .then(() => answer(call.request, call.getPeer()))
        .then(
          (reply) => callback(null, reply),
          (error: unknown) => callback(failureOf(error, [])),
        );
    };
  };
  /** A call in the session of its connection; what it throws loses every secret of the values in hand. */
  const inSession = <Q, A>(
    answer: (session: Session, request: Q, keep: (values: Values) => Values) => Promise<A>,
  ): Unary<Q, A> => {
    return (call, callback) => {
      const secrets: string[] = [];
      const keep = (values: Values): Values => {
        secrets.push(...secretTexts(values));
        return values;
      };
      sessions
        .run(
          call.getPeer(),
          async (session) => await answer(quiet(session, secrets), call.request, keep),
        )
        .then(
          (reply) => callback(null, reply),
          (error: unknown) => {
            options.log?.(
              redact(
                error instanceof Error ? (error.stack ?? error.message) : String(error),
                secrets,
              ),
            );
            callback(failureOf(error, secrets));
          },
        );
    };
  };

  server.addService(service.ResourceProviderService as unknown as grpc.ServiceDefinition, {
    handshake: plain<proto.ProviderHandshakeRequest, proto.ProviderHandshakeResponse>(
      (request, peer) => {
        sessions.greet(peer, request.getEngineAddress());
        const response = new proto.ProviderHandshakeResponse();
        response.setAcceptSecrets(true);
        return response;
      },
    ),
    attach: plain<plugin.PluginAttach, empty.Empty>((request, peer) => {
      sessions.greet(peer, request.getAddress());
      return new empty.Empty();
    }),
    getPluginInfo: plain<empty.Empty, plugin.PluginInfo>(() => {
      const info = new plugin.PluginInfo();
      info.setVersion(SDK_VERSION);
      return info;
    }),
    getSchema: plain<proto.GetSchemaRequest, proto.GetSchemaResponse>(() => {
      const response = new proto.GetSchemaResponse();
      response.setSchema(JSON.stringify({ name: "kubernetes", version: SDK_VERSION }));
      return response;
    }),
    checkConfig: plain<proto.CheckRequest, proto.CheckResponse>((request) => {
      const response = new proto.CheckResponse();
      response.setInputs(request.getNews());
      return response;
    }),
    diffConfig: plain(diffConfig),
    configure: plain<proto.ConfigureRequest, proto.ConfigureResponse>(async (request, peer) => {
      await sessions.configure(peer, readSettings(decode(request.getArgs()).value));
      const response = new proto.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setSupportspreview(true);
      return response;
    }),
    cancel: plain<empty.Empty, empty.Empty>((_, peer) => {
      sessions.cancel(peer);
      return new empty.Empty();
    }),
    check: inSession<proto.CheckRequest, proto.CheckResponse>(async (session, request, keep) => {
      const news = keep(decode(request.getNews()));
      const checked = check(
        request.getType(),
        request.getName(),
        decode(request.getOlds()),
        news,
        request.getRandomseed_asU8(),
      );
      const response = new proto.CheckResponse();
      response.setInputs(encode(await inNamespace(session, checked.value), checked.secrets));
      response.setFailuresList(checked.refusals.map(refusalMessage));
      return response;
    }),
    diff: inSession(diff),
    create: inSession<proto.CreateRequest, proto.CreateResponse>(async (session, request, keep) => {
      const wanted: Wanted = {
        urn: request.getUrn(),
        inputs: keep(decode(request.getProperties())),
        timeout: request.getTimeout(),
      };
      const left = await (request.getPreview() ? previewCreate : create)(session, wanted);
      throwUnready(left, wanted.inputs);
      const response = new proto.CreateResponse();
      response.setId(left.id);
      response.setProperties(encode(left.outputs.value, left.outputs.secrets));
      return response;
    }),
    read: inSession<proto.ReadRequest, proto.ReadResponse>(async (session, request, keep) => {
      const [inputs, outputs] = [
        keep(decode(request.getInputs())),
        keep(decode(request.getProperties())),
      ];
      const found = await readLive(session, {
        urn: request.getUrn(),
        token: request.getType(),
        id: request.getId(),
        inputs,
        outputs,
      });
      const response = new proto.ReadResponse();
      if (!found) return response;
      keep(found.outputs);
      throwUnready(found, found.inputs);
      response.setId(found.id);
      response.setInputs(encode(found.inputs.value, found.inputs.secrets));
      response.setProperties(encode(found.outputs.value, found.outputs.secrets));
      return response;
    }),
    update: inSession<proto.UpdateRequest, proto.UpdateResponse>(async (session, request, keep) => {
      const wanted: Wanted = {
        urn: request.getUrn(),
        inputs: keep(decode(request.getNews())),
        timeout: request.getTimeout(),
      };
      const olds = keep(decode(request.getOlds()));
      const record = recordOf(olds, decode(request.getOldInputs()), managerOf(wanted.urn));
      const left = request.getPreview()
        ? await previewUpdate(session, wanted, record, olds.value)
        : await update(session, wanted, record);
      throwUnready(left, wanted.inputs);
      const response = new proto.UpdateResponse();
      response.setProperties(encode(left.outputs.value, left.outputs.secrets));
      return response;
    }),
    delete: inSession<proto.DeleteRequest, empty.Empty>(async (session, request, keep) => {
      const stored = keep(decode(request.getProperties()));
      const inputs = { value: objectAt(stored.value, "__inputs"), secrets: [] };
      await remove(
        session,
        request.getUrn(),
        stored.value,
        inputs.value,
        timeoutOf({ timeout: request.getTimeout(), inputs }),
      );
      return new empty.Empty();
    }),
    invoke: unsupported("functions"),
    call: unsupported("methods"),
    construct: unsupported("components such as ConfigGroup, ConfigFile and Chart"),
  });

  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  const close = async (): Promise<void> => {
    sessions.close();
    server.forceShutdown();
  };
  options.signal?.addEventListener("abort", () => void close(), { once: true });
  return { port, close };
}

/** A provider whose cluster is another one is another provider: everything in it must be made anew. */
async function diffConfig(request: proto.DiffRequest): Promise<proto.DiffResponse> {
  const [old, now] = [
    decode(request.hasOldInputs() ? request.getOldInputs() : request.getOlds()).value,
    decode(request.getNews()).value,
  ];
  const response = new proto.DiffResponse();
  const identified = textAt(old, "clusterIdentifier") || textAt(now, "clusterIdentifier");
  const replaces: string[] = [];
  if (identified) {
    if (
      textAt(old, "clusterIdentifier") &&
      textAt(old, "clusterIdentifier") !== textAt(now, "clusterIdentifier")
    )
      replaces.push("clusterIdentifier");
  } else if (!hasUnknown(now)) {
    const address = (settings: ReturnType<typeof readSettings>): Promise<string | undefined> =>
      settings.kubeconfig
        ? clusterAddress(settings.kubeconfig, settings)
        : Promise.resolve(undefined);
    const [before, after] = await Promise.all([
      address(readSettings(old)),
      address(readSettings(now)),
    ]);
    if (before !== after && before !== undefined && after !== undefined)
      replaces.push("kubeconfig");
  }
  const changes = inputChanges(old, now);
  response.setChanges(
    changes.length > 0
      ? proto.DiffResponse.DiffChanges.DIFF_SOME
      : proto.DiffResponse.DiffChanges.DIFF_NONE,
  );
  response.setDiffsList([...new Set(changes.map(({ path }) => String(path[0])))]);
  response.setReplacesList(replaces);
  return response;
}

/** Compares old with new inputs, so that no default of the server ever shows; only a change asks the API server whether it can be made in place. */
async function diff(
  session: Session,
  request: proto.DiffRequest,
  keep: (values: Values) => Values,
): Promise<proto.DiffResponse> {
  const olds = keep(decode(request.getOlds()));
  const news = keep(decode(request.getNews()));
  const record = recordOf(olds, decode(request.getOldInputs()), managerOf(request.getUrn()));
  const [old, now] = [record.inputs.value, news.value];
  const changes = inputChanges(old, now);
  const response = new proto.DiffResponse();
  response.setHasdetaileddiff(true);
  if (changes.length === 0) {
    response.setChanges(proto.DiffResponse.DiffChanges.DIFF_NONE);
    return response;
  }
  let replacing = identityChanges(old, now, changes);
  if (replacing.length === 0) {
    const immutable = await immutableChanges(session, old, now, changes, record.manager);
    replacing = immutable.changes;
    if (replacing.length > 0)
      session.log.info(request.getUrn(), `must be replaced: ${immutable.reason}`);
  }
  response.setChanges(proto.DiffResponse.DiffChanges.DIFF_SOME);
  response.setDiffsList([...new Set(changes.map(({ path }) => String(path[0])))]);
  response.setReplacesList(replacing.map(({ path }) => pathText(path)));
  response.setDeletebeforereplace(replacing.length > 0 && mustDeleteFirst(old, now));
  for (const change of changes) {
    const detail = new proto.PropertyDiff();
    detail.setKind(kindOf(change, replacing.includes(change)));
    detail.setInputdiff(true);
    response.getDetaileddiffMap().set(pathText(change.path), detail);
  }
  return response;
}

function kindOf(change: Change, replaces: boolean): proto.PropertyDiff.Kind {
  const { Kind } = proto.PropertyDiff;
  const kinds = {
    add: [Kind.ADD, Kind.ADD_REPLACE],
    delete: [Kind.DELETE, Kind.DELETE_REPLACE],
    update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
  } as const;
  return kinds[change.kind][replaces ? 1 : 0];
}

/** Fills in the provider's default namespace where the kind has one; `default` itself is left unsaid. */
async function inNamespace(
  session: Session,
  inputs: Wanted["inputs"]["value"],
): Promise<Wanted["inputs"]["value"]> {
  const { namespace } = session.settings;
  const metadata = objectAt(inputs, "metadata");
  if (
    !namespace ||
    namespace === "default" ||
    metadata["namespace"] !== undefined ||
    typeof inputs["metadata"] === "string"
  )
    return inputs;
  const target = await session.discovery.find({
    apiVersion: textAt(inputs, "apiVersion"),
    kind: textAt(inputs, "kind"),
    namespace,
    name: "",
  });
  return target?.namespace ? withValue(inputs, ["metadata", "namespace"], namespace) : inputs;
}

/** Thrown for an object that exists but is not ready: the engine keeps it in state with the reasons. */
class UnreadyError extends Error {
  readonly left: Left;
  readonly inputs: Values;
  constructor(left: Left, inputs: Values) {
    super(left.failure);
    this.left = left;
    this.inputs = inputs;
  }
}

function throwUnready(left: Left, inputs: Values): void {
  if (left.failure !== undefined) throw new UnreadyError(left, inputs);
}

/** A session whose log shows none of the given secrets. */
function quiet(session: Session, secrets: readonly string[]): Session {
  const { log } = session;
  const clean = (tell: (urn: string, text: string) => void) => (urn: string, text: string) =>
    tell(urn, redact(text, secrets));
  return {
    ...session,
    log: { ...log, status: clean(log.status), info: clean(log.info), warn: clean(log.warn) },
  };
}

function refusalMessage({ property, reason }: Refusal): proto.CheckFailure {
  const failure = new proto.CheckFailure();
  failure.setProperty(property);
  failure.setReason(reason);
  return failure;
}

function failureOf(error: unknown, secrets: readonly string[]): Partial<grpc.StatusObject> {
  const message = redact(error instanceof Error ? error.message : String(error), secrets);
  const code = error instanceof CancelledError ? grpc.status.CANCELLED : grpc.status.UNKNOWN;
  if (!(error instanceof UnreadyError)) return { code, details: message };
  const detail = new proto.ErrorResourceInitFailed();
  detail.setId(error.left.id);
  detail.setProperties(encode(error.left.outputs.value, error.left.outputs.secrets));
  detail.setInputs(encode(error.inputs.value, error.inputs.secrets));
  detail.setReasonsList([message]);
  const packed = new any.Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const answer = new status.Status();
  answer.setCode(code);
  answer.setMessage(message);
  answer.addDetails(packed);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(answer.serializeBinary()));
  return { code, details: message, metadata };
}

function unsupported(what: string): Unary<unknown, never> {
  return (_, callback) =>
    callback({
      code: grpc.status.UNIMPLEMENTED,
      details: `the embedded Kubernetes provider does not serve ${what}; declare the objects themselves`,
    });
}
