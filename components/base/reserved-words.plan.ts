/**
 * What no database may be called: words that SQL keeps for itself in PostgreSQL 17 (appendix "SQL Key Words") or
 * MySQL 8.4 (manual, "Keywords and Reserved Words"), as far as a service could be called so, and what servers of
 * RDS make themselves.
 */
export const RESERVED_WORDS: ReadonlySet<string> = new Set(
  `
  accessible add all alter analyse analyze and any array as asc asensitive asymmetric authorization before between
  bigint binary blob both by call cascade case cast change char character check collate collation column concurrently
  condition constraint continue convert create cross cube current_catalog current_date current_role current_schema
  current_time current_timestamp current_user cursor database databases dec decimal declare default deferrable delayed
  delete desc describe deterministic distinct distinctrow div do double drop dual each else elseif empty enclosed end
  escaped except exists exit explain false fetch float for force foreign freeze from full fulltext function generated
  get grant group grouping groups having if ignore ilike in index infile initially inner inout insensitive insert int
  integer intersect interval into is isnull iterate join key keys kill lag lateral lead leading leave left like limit
  linear lines load localtime localtimestamp lock long loop manual match maxvalue mod modifies natural not notnull ntile
  null numeric of offset on only optimize option optionally or order out outer outfile over overlaps parallel partition
  placing precision primary procedure purge qualify range rank read reads real recursive references regexp release
  rename repeat replace require resignal restrict return returning revoke right rlike row row_number rows schema schemas
  select sensitive separator session_user set show signal similar smallint some spatial specific sql sqlexception
  sqlstate sqlwarning ssl starting stored symmetric system system_user table tablesample terminated then to trailing
  trigger true undo union unique unlock unsigned update usage use user using values varbinary varchar variadic varying
  verbose virtual when where while window with write xor zerofill

  information_schema innodb mysql performance_schema postgres rdsadmin sys template0 template1
  `
    .trim()
    .split(/\s+/),
);
