import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { explainAll } from '@weft/database';
import { type SubgraphOnFleet, startOnFleet } from '@weft/subgraph';
import { testFleet } from '@weft/testing';
import { subgraph } from '../src/index.ts';
