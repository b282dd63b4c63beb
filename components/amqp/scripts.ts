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

export const START = `#!/bin/sh
set -eu
${COOKIE}mkdir -p ${LOGS}
exec rabbitmq-server
`;

/** Changes the password of the user in the running node. Run again after an interruption, it finds the new one valid. */
export const ROTATE = `#!/bin/sh
set -eu
${COOKIE}cd ${PATHS.secrets}
control() {
  command="$1"
  shift
  rabbitmqctl --quiet --longnames --node "$RABBITMQ_NODENAME" --timeout 20 "$command" "$@"
}
accepts() {
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

/**
 * The server's configuration. User and virtual host are made when the node first starts and never again; the file
 * holds the password, so it is kept with the secrets.
 */
export const configuration = (user: string, vhost: string, password: string): string =>
  `listeners.tcp.default = 5672
default_vhost = ${vhost}
default_user = ${user}
default_pass = ${password}
default_user_tags.administrator = false
default_permissions.configure = .*
default_permissions.read = .*
default_permissions.write = .*
vm_memory_high_watermark.relative = 0.6
disk_free_limit.absolute = 50MB
log.console = true
log.file = false
`;
