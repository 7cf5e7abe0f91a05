/** What the tables say, in their order. `higher` tells which direction is the better one. */
const publish = (row, title) => ({ row, metric: 'publishes', title: `persisted publishes/s, ${title}`, higher: true });
const fanOut = (row, title) => ({ row, metric: 'deliveries', title: `deliveries/s, ${title}`, higher: true });
const lower = (row, metric, title) => ({ row, metric, title, higher: false });

export const COMPARED = [
  publish('publish-1', '1 publisher'),
  publish('publish-8', '8 publishers'),
  publish('publish-32', '32 publishers'),
  publish('publish-32-rooms', '32 publishers in 32 rooms'),
  fanOut('publish-32', '1 subscriber'),
  fanOut('fanout-100', '100 subscribers'),
  fanOut('fanout-1000', '1 000 subscribers'),
  fanOut('fanout-1000-one-publisher', '1 000 subscribers, 1 publisher'),
  lower('latency', 'ageP50', 'end to end at 200 publishes/s, p50 ms'),
  lower('latency', 'ageP99', 'end to end at 200 publishes/s, p99 ms'),
  lower('publish-32', 'cpuPerPublishes', 'server CPU ms per 1 000 publishes, 32 publishers'),
  lower('publish-32', 'databaseCpu', 'PostgreSQL CPU ms per 1 000 publishes, 32 publishers'),
  lower('fanout-1000', 'cpuPerDeliveries', 'server CPU ms per 1 000 deliveries, 1 000 subscribers'),
  lower('fanout-1000-one-publisher', 'cpuPerDeliveries', 'the same, 1 publisher'),
  lower('memory', 'kib', 'KiB per idle connection, in one room'),
  lower('memory-no-room', 'kib', 'KiB per idle connection, in no room'),
  lower('catch-up', 'seconds', 'seconds until 1 000 returning clients have their 50 events'),
];

/** Roomcast against itself. */
export const GROWN = [
  publish('growth-publish', 'grown log'),
  lower('growth-catch-up', 'seconds', 'catch-up of 1 000 clients in seconds, grown log'),
  publish('growth-participants', 'large room'),
  publish('nodes-publish', 'two nodes'),
  fanOut('nodes-fanout', 'two nodes, 1 000 subscribers'),
  publish('stuck-readers', 'asked for 2 000 in a room of 1 000'),
  lower('stuck-readers', 'ageP99', 'end to end for those who read, p99 ms'),
  lower('stuck-readers', 'mib', 'memory of the server meanwhile, MiB at most'),
];

/** What the clients of a node feel that is stopped and replaced; the columns are the nodes. */
export const RESTARTED = [
  lower('rolling-restart', 'clients', 'clients that had to move'),
  lower('rolling-restart', 'seconds', 'seconds from SIGTERM until the last of them was back'),
  lower('rolling-restart', 'longest', 'longest absence of one client, in seconds'),
  lower('rolling-restart', 'busiest', 'clients that came back in the busiest second'),
];

/** Clients that poll over HTTP. */
export const POLLED = [
  lower('pollers', 'kib', 'KiB per waiting poller'),
  lower('pollers', 'seconds', 'seconds until 2 200 pollers have 100 messages, published one after the other'),
  fanOut('pollers', 'to pollers'),
  lower('pollers', 'cpuPerDeliveries', 'server CPU ms per 1 000 of them'),
];

/** What each row does, for --list. */
export const ROWS = {
  'publish-1': '1 publisher, 1 subscriber, one room',
  'publish-8': '8 publishers, 1 subscriber, one room',
  'publish-32': '32 publishers, 1 subscriber, one room',
  latency: '200 publishes/s, from the moment of sending to the frame at the subscriber',
  'publish-32-rooms': '32 publishers in 32 rooms with 1 subscriber each',
  'fanout-100': '32 publishers, 100 subscribers, one room',
  'fanout-1000': '32 publishers, 1 000 subscribers, one room',
  'fanout-1000-one-publisher': '1 publisher, 1 000 subscribers, one room',
  memory: '2 000 idle connections, authenticated and in one room',
  'memory-no-room': '2 000 idle connections to Roomcast, authenticated only',
  'catch-up': '1 000 clients return with the number of the last event they saw, 50 events each',
  'growth-publish': 'publish-32 with an empty and with a grown log',
  'growth-catch-up': 'catch-up with an empty and with a grown log',
  'growth-participants': 'publish-32 in a chat room of 32 and of 10 000 (with --full)',
  'nodes-publish': '32 publishers and 2 subscribers on 1 and on 2 nodes with Redis',
  'nodes-fanout': '32 publishers and 1 000 subscribers on 1 and on 2 nodes with Redis',
  'stuck-readers': '2 000 publishes/s into a room of 1 000, without and with 100 of them who do not read their sockets',
  pollers: '2 200 clients that wait for the messages of one channel over HTTP',
  'rolling-restart': 'two nodes with Redis behind a balancer are replaced one by one under 2 000 stock clients',
  'ceiling-publish': 'what the load generator can ask for, against a server that only answers',
  'ceiling-deliveries': 'what the load generator can read, against a server that only writes',
};
