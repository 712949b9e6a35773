/**
 * Imported before anything else in every child. A process that is still loading when its parent is killed would never
 * hear of it, and one that cannot drain must not stay for ever.
 */
const LONGEST_DRAIN_MS = 35_000;

// It may have gone before this line was reached.
if (!process.connected) process.exit(0);
process.once('disconnect', () => {
  // `once` has taken this listener off: no other one means that the program has not come so far.
  if (process.listenerCount('disconnect') === 0) process.exit(0);
  setTimeout(() => process.exit(1), LONGEST_DRAIN_MS).unref();
});
// Listening holds the channel open; a program that has failed and has nothing else to do must still end.
process.channel?.unref();
