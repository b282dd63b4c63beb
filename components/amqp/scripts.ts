import { createHash } from "node:crypto";
import { PATHS } from "../base/server.ts";

/** Home of the server's account: its cookie is there, its data below. */
export const HOME = `${PATHS.data}/rabbitmq`;

/** Ends with the pod. */
export const LOGS = "/tmp/rabbitmq";

/** The cookie lets a node's tools in; Erlang wants it in the home folder, readable by nobody else. */
const COOKIE = `umask 077
mkdir -p "$HOME"
rm -f "$HOME/.erlang.cookie"
cat ${PATHS.secrets}/cookie >"$HOME/.erlang.cookie"
chmod 400 "$HOME/.erlang.cookie"
`;

/** Speaks to the node, which is another container's in a Job. */
const CONTROL = `control() {
  command="$1"
  shift
  rabbitmqctl --quiet --longnames --node "$RABBITMQ_NODENAME" --timeout 20 "$command" "$@"
}
`;

/**
 * Starts the node with the derived cookie in its home folder. RabbitMQ writes a virtual host down before it gives it its
 * exchanges, and never gives them later: the first start is done beside, without listening, so that one that breaks off
 * is begun anew.
 */
export const START = `#!/bin/sh
set -eu
${COOKIE}mkdir -p ${LOGS}
${CONTROL}data="$RABBITMQ_MNESIA_BASE"
trap 'exit 143' TERM
if [ ! -e "$data" ]; then
  rm -rf "$data.new"
  RABBITMQ_MNESIA_BASE="$data.new" RABBITMQ_CONFIG_FILE=${PATHS.config}/first.conf rabbitmq-server &
  node=$!
  until control await_startup >/tmp/refusal 2>&1; do
    kill -0 "$node" || exit 1
    sleep 1
  done
  control shutdown >/tmp/refusal 2>&1
  wait "$node" || true
  mv "$data.new" "$data"
fi
exec rabbitmq-server
`;

/** Changes the password of the user in the running node. Run again after an interruption, it finds the new one valid. */
export const ROTATE = `#!/bin/sh
set -eu
${COOKIE}cd ${PATHS.secrets}
${CONTROL}accepts() {
  control authenticate_user "$FAIRWAY_USER" <password >/tmp/refusal 2>&1
}
tries=0
until accepts; do
  control change_password "$FAIRWAY_USER" <password >/tmp/refusal 2>&1 || sleep 2
  tries=$((tries + 1))
  if [ "$tries" -ge 60 ]; then
    echo "the password was not changed after $tries tries; the last answer was:" >&2
    cat /tmp/refusal >&2
    exit 1
  fi
done
echo "the server accepts the new password"
`;

/** `rabbitmq.conf`, but for the port. */
const CONFIGURATION = `load_definitions = ${PATHS.secrets}/definitions.json
vm_memory_high_watermark.relative = 0.6
disk_free_limit.absolute = 50MB
log.console = true
log.file = false
`;

/** Configuration files of the node: of every start, and of the first one, in which nobody connects. */
export const CONFIGURATIONS = {
  "rabbitmq.conf": `listeners.tcp.default = 5672\n${CONFIGURATION}`,
  "first.conf": `listeners.tcp = none\n${CONFIGURATION}`,
};

/**
 * User, virtual host and permissions, which the node sets whenever it starts: an interrupted first start leaves nothing
 * half made, and `guest` is never made. RabbitMQ's hash is a salt of four bytes and the SHA-256 of salt and password;
 * the salt comes from the password, so that the same password is the same text.
 */
export function definitions(user: string, vhost: string, password: string): string {
  const sha256 = (...parts: (string | Buffer)[]): Buffer =>
    parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();
  const salt = sha256("rabbitmq salt\n", password).subarray(0, 4);
  return JSON.stringify({
    users: [
      {
        name: user,
        password_hash: Buffer.concat([salt, sha256(salt, password)]).toString("base64"),
        hashing_algorithm: "rabbit_password_hashing_sha256",
        tags: [],
      },
    ],
    vhosts: [{ name: vhost }],
    permissions: [{ user, vhost, configure: ".*", write: ".*", read: ".*" }],
  });
}
