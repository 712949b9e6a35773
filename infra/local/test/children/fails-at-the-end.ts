/** A child that fails without exiting at once, as a program does that only sets its exit code. */
process.exitCode = 3;
