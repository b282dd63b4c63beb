/**
 * The mark of rehearsal. The rehearsal provider puts it among the inputs of every provider instance, which is the first
 * thing that a state records, so that no copy of the state can lose it.
 */
export const REHEARSED = "fairway:rehearsed";
