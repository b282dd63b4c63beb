import { PATHS } from "../base/server.ts";

/** Below the volume's root, which holds `lost+found`. */
export const DBPATH = `${PATHS.data}/mongodb`;

/**
 * Makes the database and its user where there are none, then becomes the server. It is made aside and renamed when
 * complete, so that an interrupted start leaves nothing half made.
 */
export const START = `#!/bin/sh
set -eu
umask 077
if [ ! -d "$DBPATH" ]; then
  new="$DBPATH.new"
  rm -rf "$new"
  mkdir -p "$new"
  mongod --dbpath "$new" --bind_ip 127.0.0.1 --port 27018 --unixSocketPrefix /tmp >&2 &
  server=$!
  tries=0
  until mongosh --quiet --norc "mongodb://127.0.0.1:27018/admin" ${PATHS.config}/user.js >&2; do
    tries=$((tries + 1))
    [ "$tries" -lt 60 ] || exit 1
    sleep 1
  done
  kill "$server"
  wait "$server"
  sync
  mv "$new" "$DBPATH"
fi
exec mongod --auth --dbpath "$DBPATH" --bind_ip_all --port 27017 --unixSocketPrefix /tmp
`;

/** Makes the user or, where an earlier try already did, leaves it. Run by mongosh. */
export const USER = `const make = (user, pwd) => {
  if (db.getUser(user) === null) db.createUser({ user, pwd, roles: ["fairwayUser"] });
};
if (db.getRole("fairwayUser") === null)
  db.createRole({
    role: "fairwayUser",
    roles: ["readWriteAnyDatabase"],
    privileges: [{ resource: { db: "admin", collection: "" }, actions: ["changeOwnPassword"] }],
  });
make(process.env.FAIRWAY_USER, require("fs").readFileSync("${PATHS.secrets}/password", "utf8"));
`;

/** Ready is who answers a ping, which needs no login. */
export const READY = `#!/bin/sh
exec mongosh --quiet --norc "mongodb://127.0.0.1:27017/admin" --eval 'quit(db.runCommand({ ping: 1 }).ok === 1 ? 0 : 1)'
`;

/** Changes the password of the user: tries the new one, else the earlier ones, newest first. */
export const ROTATE = `#!/bin/sh
set -eu
cat >/tmp/rotate.js <<'END'
const fs = require("fs");
const read = (name) => fs.readFileSync("${PATHS.secrets}/" + name, "utf8");
const admin = () => new Mongo("mongodb://" + process.env.FAIRWAY_HOST + ":27017").getDB("admin");
const accepts = (pwd) => {
  try {
    const db = admin();
    return db.auth(process.env.FAIRWAY_USER, pwd).ok === 1 ? db : undefined;
  } catch {
    return undefined;
  }
};
const names = fs.readdirSync("${PATHS.secrets}").filter((name) => name.startsWith("previous-")).sort();
for (let tries = 0; tries < 60 && !accepts(read("password")); tries++) {
  const db = names.map((name) => accepts(read(name))).find((found) => found !== undefined);
  if (db) db.changeUserPassword(process.env.FAIRWAY_USER, read("password"));
  else sleep(2000);
}
quit(accepts(read("password")) ? 0 : 1);
END
exec mongosh --quiet --norc --nodb /tmp/rotate.js
`;
