import { afterAll, beforeAll, expect, test } from "vitest";
import { objectOf, podOf } from "../../tools/test/pod/kubernetes.ts";
import { type Proof, prove } from "../../tools/test/pod/proof.ts";

let proof: Proof;
beforeAll(async () => {
  proof = await prove("postgres-cluster", "postgres");
});
afterAll(() => proof?.close());

type Outputs = Readonly<Record<string, string>>;

/** Connects with exactly the outputs. */
const sql = (statement: string, { host, port, username, password, database }: Outputs) =>
  proof.client(["psql", "-XAtqw", "-v", "ON_ERROR_STOP=1"], {
    env: {
      PGHOST: host ?? "",
      PGPORT: port ?? "",
      PGUSER: username ?? "",
      PGPASSWORD: password ?? "",
      PGDATABASE: database ?? "postgres",
    },
    stdin: statement,
  });

test("the server answers exactly the outputs, keeps data, and changes its password when the rotation is raised", async () => {
  const first = await proof.drive();

  // A machine is lost while the database is made; the next start is not disturbed by what is left.
  await proof.interrupt("/data/pgdata.new/PG_VERSION");
  const running = await proof.start();

  const written = await sql(
    "create table orders (id int primary key); insert into orders values (42); select id from orders",
    first.outputs,
  );
  expect(written).toMatchObject({ code: 0, stdout: "42\n" });
  const wrong = await sql("select 1", { ...first.outputs, password: "wrong" });
  expect(wrong.stderr).toContain("password authentication failed");
  expect((await sql("select 1", { ...first.outputs, username: "postgres" })).code).not.toBe(0);
  expect((await sql("create role another", first.outputs)).stderr).toContain("permission denied");

  const second = await proof.drive({ rotation: 3 });
  expect(second.outputs["password"]).not.toBe(first.outputs["password"]);
  expect(await proof.rotate()).toMatchObject({ code: 0 });
  expect((await sql("select id from orders", second.outputs)).stdout).toBe("42\n");
  expect((await sql("select 1", first.outputs)).stderr).toContain("password authentication failed");
  // A Job that is started again finds its work done.
  expect(await proof.rotate()).toMatchObject({ code: 0 });

  const open = sql("select pg_sleep(60)", second.outputs);
  expect(await running.stop()).toBe(true);
  expect((await open).code).not.toBe(0);
  expect(running.log()).toContain("database system is shut down");
  expect(running.log()).not.toContain(second.outputs["password"]);
  await proof.start();
  expect((await sql("select id from orders", second.outputs)).stdout).toBe("42\n");
});

test("raising the rotation restarts no server, changing the size does", async () => {
  const revision = async (params: Parameters<Proof["drive"]>[0]) =>
    podOf(objectOf((await proof.drive(params)).objects, "StatefulSet")).revision;
  const before = await revision({});
  expect(await revision({ rotation: 2 })).toBe(before);
  expect(await revision({ size: "large" })).not.toBe(before);
});

test("an instance's role makes databases of its own", async () => {
  const instance = await prove("postgres-instance-cluster", "postgres");
  try {
    const { outputs } = await instance.drive();
    await instance.start();
    const made = await instance.client(["psql", "-XAtqw", "-c", "create database ledger"], {
      env: {
        PGHOST: outputs["host"] ?? "",
        PGPORT: outputs["port"] ?? "",
        PGUSER: outputs["username"] ?? "",
        PGPASSWORD: outputs["password"] ?? "",
        PGDATABASE: "postgres",
      },
    });
    expect(made).toMatchObject({ code: 0 });
    expect(outputs).not.toHaveProperty("database");
  } finally {
    await instance.close();
  }
});
