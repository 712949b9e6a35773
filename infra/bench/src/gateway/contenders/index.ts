import type { Contender } from './contender.ts';
import { grafbase } from './grafbase.ts';
import { hive, hiveRouter } from './hive.ts';
import { stock } from './stock.ts';

/** Whom ours is compared with, in the order of the table. */
export const RIVALS: readonly Contender[] = [stock, hive, hiveRouter, grafbase];
