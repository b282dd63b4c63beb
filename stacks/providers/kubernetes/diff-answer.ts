import proto from "@pulumi/pulumi/proto/provider_pb.js";
import { managerOf } from "./apply.ts";
import { identityChanges, inputChanges, mustDeleteFirst, pathText, type Change } from "./diff.ts";
import { immutableChanges } from "./immutability.ts";
import { textAt, type JsonObject } from "./json.ts";
import { clusterAddress } from "./kubeconfig.ts";
import { recordOf } from "./outputs.ts";
import { waiterOf } from "./ready/waiters.ts";
import { readSettings, type Session } from "./session.ts";
import { decode, hasUnknown, type Values } from "./values.ts";

/** A provider whose cluster is another one is another provider: everything in it must be made anew. */
export async function diffConfig(request: proto.DiffRequest): Promise<proto.DiffResponse> {
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
export async function diff(
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
  if (isToReplaceUnready(olds.value, now)) {
    session.log.info(
      request.getUrn(),
      `must be replaced: it failed, and ${REPLACE_UNREADY} is set`,
    );
    response.setChanges(proto.DiffResponse.DiffChanges.DIFF_SOME);
    response.setReplacesList(["status"]);
    response.setDeletebeforereplace(mustDeleteFirst(old, now));
    return response;
  }
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

const REPLACE_UNREADY = "pulumi.com/replaceUnready";

/** True for an object that ended in failure (a Job above all), where the program asks to make it anew then. */
function isToReplaceUnready(old: JsonObject, now: JsonObject): boolean {
  if (textAt(now, "metadata", "annotations", REPLACE_UNREADY) !== "true") return false;
  return waiterOf(now)?.judge(old).state === "failed";
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
