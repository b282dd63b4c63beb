import { PATHS } from "../base/server.ts";

/** Where the image keeps everything; it knows no other place. */
export const HOME = "/var/opt/mssql";

const CLIENT = "/opt/mssql-tools18/bin/sqlcmd -C -S 127.0.0.1 -b";

/**
 * Becomes the server, and makes database and login beside it, or gives the login the password of now: whatever was
 * interrupted is done again at the next start. `sa` has a password of its own, which never changes and nobody is given.
 */
export const START = `#!/bin/sh
set -eu
MSSQL_SA_PASSWORD="$(cat ${PATHS.secrets}/administrator)"
export MSSQL_SA_PASSWORD
/opt/mssql/bin/sqlservr &
server=$!
trap 'kill -TERM "$server"' TERM INT
client() {
  SQLCMDPASSWORD="$MSSQL_SA_PASSWORD" ${CLIENT} -U sa "$@"
}
until client -Q 'select 1' >/dev/null 2>&1; do
  kill -0 "$server"
  sleep 2
done
password="$(cat ${PATHS.secrets}/password)"
umask 077
cat >/tmp/setup.sql <<END
IF DB_ID(N'$FAIRWAY_DATABASE') IS NULL CREATE DATABASE [$FAIRWAY_DATABASE];
GO
IF SUSER_ID(N'$FAIRWAY_USER') IS NULL
  CREATE LOGIN [$FAIRWAY_USER] WITH PASSWORD = N'$password', DEFAULT_DATABASE = [$FAIRWAY_DATABASE];
ELSE
  ALTER LOGIN [$FAIRWAY_USER] WITH PASSWORD = N'$password';
GO
USE [$FAIRWAY_DATABASE];
IF USER_ID(N'$FAIRWAY_USER') IS NULL CREATE USER [$FAIRWAY_USER] FOR LOGIN [$FAIRWAY_USER];
ALTER ROLE db_owner ADD MEMBER [$FAIRWAY_USER];
GO
END
client -i /tmp/setup.sql
rm /tmp/setup.sql
while kill -0 "$server" 2>/dev/null; do
  wait "$server" || true
done
`;

/** Ready is who lets the login into its database with the password of now. */
export const READY = `#!/bin/sh
SQLCMDPASSWORD="$(cat ${PATHS.secrets}/password)" exec ${CLIENT} -l 2 \\
  -U "$FAIRWAY_USER" -d "$FAIRWAY_DATABASE" -Q 'select 1' >/dev/null
`;
