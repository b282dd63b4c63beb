import { PATHS } from "../base/server.ts";

/** Cluster of databases below the volume's root, which holds `lost+found`. */
export const PGDATA = `${PATHS.data}/pgdata`;

/** Where the server's socket is; a volume, since the root file system is read-only. */
export const SOCKETS = "/run/postgresql";

/**
 * Makes the databases where there are none, then becomes the server. They are made aside and renamed when complete,
 * so that an interrupted start leaves nothing half made. Nobody logs in as the superuser over the network.
 */
export const START = `#!/bin/sh
set -eu
umask 077
if [ ! -d "$PGDATA" ]; then
  new="$PGDATA.new"
  rm -rf "$new"
  initdb --pgdata="$new" --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 \\
    --data-checksums --no-instructions >&2
  password="$(sed "s/'/''/g" ${PATHS.secrets}/password)"
  create=""
  if [ -n "$FAIRWAY_DATABASE" ]; then
    create="CREATE DATABASE \\"$FAIRWAY_DATABASE\\" OWNER \\"$FAIRWAY_USER\\";"
  fi
  postgres --single -j -D "$new" -c exit_on_error=on -c log_min_error_statement=panic postgres >&2 <<END
CREATE ROLE "$FAIRWAY_USER" LOGIN $FAIRWAY_RIGHTS PASSWORD '$password';

$create

END
  sync
  mv "$new" "$PGDATA"
fi
exec postgres -D "$PGDATA" -c config_file=${PATHS.config}/postgresql.conf
`;

/**
 * Changes the password of the role: tries the new one, else the earlier ones, newest first. Whatever was
 * interrupted, the next try finds either the old or the new one valid.
 */
export const ROTATE = `#!/bin/sh
set -eu
cd ${PATHS.secrets}
accepts() {
  PGPASSWORD="$(cat "$1")" psql -XAtqw -c 'select 1' >/dev/null 2>/tmp/refusal
}
tries=0
until accepts password; do
  for old in previous-*; do
    if [ -e "$old" ] && accepts "$old"; then
      new="$(sed "s/'/''/g" password)"
      printf "ALTER ROLE CURRENT_USER PASSWORD '%s';\\n" "$new" |
        PGPASSWORD="$(cat "$old")" psql -XqwvON_ERROR_STOP=1
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

/** The server's configuration for a memory limit in bytes. */
export const configuration = (memory: number): string => `listen_addresses = '*'
port = 5432
hba_file = '${PATHS.config}/pg_hba.conf'
unix_socket_directories = '${SOCKETS}'
password_encryption = 'scram-sha-256'
max_connections = 100
shared_buffers = '${Math.max(Math.floor(memory / 4 / 2 ** 20), 32)}MB'
logging_collector = off
log_destination = 'stderr'
# A statement that failed may hold a password.
log_min_error_statement = panic
`;

/** Whoever reaches the socket already is the server's own account; the network needs a password and never the superuser. */
export const HBA = `local all all trust
host all postgres all reject
host all all all scram-sha-256
`;
