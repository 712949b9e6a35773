import { afterEach } from '@jest/globals';
import { reachesAddresses } from './addresses.ts';
import { openOurs } from './client-under-test.ts';
import { livesWithConnections } from './connections.ts';
import { sharesConnections } from './pool.ts';
import { stopRawServers } from './raw-server.ts';
import { refusesWhatIsNoAnswer } from './refused-answers.ts';
import { takesRightAnswers } from './right-answers.ts';

afterEach(stopRawServers);

takesRightAnswers(openOurs);
refusesWhatIsNoAnswer(openOurs);
livesWithConnections(openOurs);
sharesConnections(openOurs);
reachesAddresses(openOurs);
