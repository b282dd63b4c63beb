import { PATHS } from "../base/server.ts";

/** Below the volume's root, which holds `lost+found`. */
export const DATADIR = `${PATHS.data}/mysql`;

/** Where the server's socket is; a volume, since the root file system is read-only. */
export const SOCKETS = "/run/mysqld";

/** In SQL strings `\\` and `'` are special. */
const QUOTE = `sed "s/[\\\\\\\\']/\\\\\\\\&/g"`;

/**
 * Makes the databases where there are none, then becomes the server. They are made aside and renamed when complete,
 * so that an interrupted start leaves nothing half made. `root` logs in only from the pod itself, by the socket.
 */
export const START = `#!/bin/sh
set -eu
umask 077
if [ ! -d "$DATADIR" ]; then
  new="$DATADIR.new"
  rm -rf "$new"
  mariadb-install-db --defaults-file=${PATHS.config}/server.cnf --datadir="$new" --skip-test-db \\
    --auth-root-authentication-method=socket --auth-root-socket-user="$(id -un)" >&2
  password="$(${QUOTE} ${PATHS.secrets}/password)"
  mariadbd --defaults-file=${PATHS.config}/server.cnf --bootstrap --datadir="$new" >&2 <<END
FLUSH PRIVILEGES;
CREATE DATABASE \\\`$FAIRWAY_DATABASE\\\` CHARACTER SET utf8mb4;
CREATE USER '$FAIRWAY_USER'@'%' IDENTIFIED BY '$password';
GRANT ALL PRIVILEGES ON \\\`$FAIRWAY_DATABASE\\\`.* TO '$FAIRWAY_USER'@'%';
END
  sync
  mv "$new" "$DATADIR"
fi
exec mariadbd --defaults-file=${PATHS.config}/server.cnf
`;

/**
 * Changes the password of the user: tries the new one, else the earlier ones, newest first. Whatever was
 * interrupted, the next try finds either the old or the new one valid.
 */
export const ROTATE = `#!/bin/sh
set -eu
cd ${PATHS.secrets}
client() {
  MYSQL_PWD="$(cat "$1")" mariadb --no-defaults --host="$FAIRWAY_HOST" --port=3306 \\
    --user="$FAIRWAY_USER" --connect-timeout=5 --batch
}
accepts() {
  echo 'select 1' | client "$1" >/dev/null 2>/tmp/refusal
}
tries=0
until accepts password; do
  for old in previous-*; do
    if [ -e "$old" ] && accepts "$old"; then
      printf "SET PASSWORD FOR CURRENT_USER = PASSWORD('%s');\\n" "$(${QUOTE} password)" | client "$old"
      break
    fi
  done
  tries=$((tries + 1))
  if [ "$tries" -ge 60 ]; then
    echo "no known password was accepted after $tries tries; the last answer was:" >&2
    cat /tmp/refusal >&2
    exit 1
  fi
  accepts password || sleep 2
done
echo "the server accepts the new password"
`;

/** Ready is who answers the server's own account, which the socket lets in: no password, so no rotation, matters. */
export const READY = `#!/bin/sh
exec mariadb --no-defaults --socket=${SOCKETS}/mysqld.sock --user="$(id -un)" --connect-timeout=2 \\
  --execute='select 1' >/dev/null
`;

/** The server's configuration for a memory limit in bytes. */
export const configuration = (memory: number): string => `[mariadbd]
datadir = ${DATADIR}
socket = ${SOCKETS}/mysqld.sock
pid-file = ${SOCKETS}/mysqld.pid
tmpdir = /tmp
bind-address = *
port = 3306
skip-name-resolve
character-set-server = utf8mb4
local-infile = 0
symbolic-links = 0
# The runtime's default system call filter does not let io_uring through.
innodb-use-native-aio = 0
innodb-buffer-pool-size = ${Math.max(Math.floor(memory / 2 / 2 ** 20), 64)}M
performance-schema = OFF
`;
