import { afterAll, beforeAll, expect, test } from "vitest";
import { type Proof, prove } from "../../tools/test/pod/proof.ts";

let proof: Proof;
beforeAll(async () => {
  proof = await prove("mysql-cluster", "mariadb");
});
afterAll(() => proof?.close());

type Outputs = Readonly<Record<string, string>>;

/** Connects with exactly the outputs. */
const sql = (statement: string, { host, port, username, password, database }: Outputs) =>
  proof.client(
    [
      "mariadb",
      "--no-defaults",
      "--batch",
      "--skip-column-names",
      `--host=${host}`,
      `--port=${port}`,
      `--user=${username}`,
      database ?? "",
    ],
    { env: { MYSQL_PWD: password ?? "" }, stdin: statement },
  );

test("the server answers exactly the outputs, keeps data, and changes its password when the rotation is raised", async () => {
  const first = await proof.drive();

  // A machine is lost while the database is made; the next start is not disturbed by what is left.
  await proof.interrupt("/data/mysql.new/mysql");
  const running = await proof.start();

  const written = await sql(
    "create table orders (id int primary key, note text); insert into orders values (42, '🚚'); select id, note from orders",
    first.outputs,
  );
  expect(written).toMatchObject({ code: 0, stdout: "42\t🚚\n" });
  const wrong = await sql("select 1", { ...first.outputs, password: "wrong" });
  expect(wrong.stderr).toContain("Access denied");
  for (const password of ["", "wrong"])
    expect(
      (await sql("select 1", { ...first.outputs, username: "root", password })).stderr,
    ).toContain("Access denied");
  expect((await sql("create database another", first.outputs)).stderr).toContain("Access denied");
  expect((await sql("select user from mysql.user", first.outputs)).stderr).toContain("denied");

  const second = await proof.drive({ rotation: 3 });
  expect(second.outputs["password"]).not.toBe(first.outputs["password"]);
  expect(await proof.rotate()).toMatchObject({ code: 0 });
  expect((await sql("select id from orders", second.outputs)).stdout).toBe("42\n");
  expect((await sql("select 1", first.outputs)).stderr).toContain("Access denied");
  // A Job that is started again finds its work done.
  expect(await proof.rotate()).toMatchObject({ code: 0 });

  expect(await running.stop()).toBe(true);
  expect(running.log()).toContain("Shutdown complete");
  expect(running.log()).not.toContain(second.outputs["password"]);
  await proof.start();
  expect((await sql("select id from orders", second.outputs)).stdout).toBe("42\n");
});
