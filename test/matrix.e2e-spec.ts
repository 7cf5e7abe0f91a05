import { MatrixWorld, PLACES, type PlaceName, PUBLISHERS, textOf, type Told } from './matrix.fixture.js';
import { type Ear, EARS } from './matrix-ears.fixture.js';

const NAMES = Object.keys(PLACES) as PlaceName[];
const ROUNDS = 12;
const END = 'The end';

// Real: HTTP in at every door, stock clients and fetch out at every door; on two nodes where the services of the run allow it.
describe('what is said through any door', () => {
  let world: MatrixWorld;
  let ears: { name: string; place: PlaceName; node: number; ear: Ear }[];
  let said = 0;
  let ends = 0;

  beforeAll(async () => {
    world = await MatrixWorld.open();
    ears = EARS.flatMap(({ name, Ear, carries }) =>
      carries.flatMap((place) => [0, 1].map((node) => ({ name, place, node, ear: new Ear(world, place) }))),
    );
    await Promise.all(ears.map(({ ear, node }) => ear.listen(world.nodes[node]!)));
  });
  afterAll(async () => {
    ears.forEach(({ ear }) => ear.cut());
    await world.close();
  });

  /** All doors at once, each from both nodes. */
  async function sayThroughAll(rounds: number): Promise<void> {
    await Promise.all(
      PUBLISHERS.map(async ({ publish }, number) => {
        for (let round = 0; round < rounds; round += 1) {
          said += 1;
          await publish(world, world.nodes[(round + number) % 2]!, `${number}/${said}`);
        }
      }),
    );
  }

  /** Something that comes last in each place, and has been heard by everybody there. */
  async function settle(): Promise<void> {
    ends += 1;
    for (const place of NAMES) {
      const publisher = PUBLISHERS.find(({ places }) => places.includes(place))!;
      await publisher.publish(world, world.nodes[0], `${END} of ${place} ${ends}`);
    }
    await Promise.all(ears.map(({ ear, place }) => ear.until(`${END} of ${place} ${ends}`)));
  }

  /** What was said there before the ends. */
  const saidIn = (told: Told[]): string[] =>
    told.map(([, , content]) => String(textOf(content))).filter((text) => !text.startsWith(END));

  /** Everybody in a place has been told the same, as far as their door can say it; gives it. */
  function toldIn(place: PlaceName): Told[] {
    const [first, ...others] = ears.filter((each) => each.place === place);
    const { told } = first!.ear;
    for (const { name, node, ear } of others) {
      expect([name, node, ear.told.map((one) => ear.says(one))]).toEqual([
        name,
        node,
        told.map((one) => ear.says(one)),
      ]);
    }
    return told;
  }

  it.each(NAMES)(
    'is heard in the %s at every door: once, in one order, with the same numbers and content',
    async (place) => {
      if (said === 0) await sayThroughAll(ROUNDS).then(settle);
      const told = toldIn(place);
      const publishers = PUBLISHERS.filter((publisher) => publisher.places.includes(place));
      expect(saidIn(told)).toHaveLength(publishers.length * ROUNDS);
      const numbers = told.map(([number]) => number);
      expect(numbers).toEqual(numbers.map((_number, index) => numbers[0]! + index));
      // What one of them said one after the other is told in that order.
      for (const publisher of publishers) {
        const own = saidIn(told).map((text) => text.split('/'));
        const turns = own
          .filter(([number]) => number === String(PUBLISHERS.indexOf(publisher)))
          .map(([, turn]) => Number(turn));
        expect([publisher.name, turns.length]).toEqual([publisher.name, ROUNDS]);
        expect(turns).toEqual([...turns].sort((one, other) => one - other));
      }
    },
  );

  it('is what the histories keep', async () => {
    const { body: channel } = await world.ann.http.get<{ records: Record<string, unknown>[] }>(
      '/api/channels/matrix/history?limit=100',
    );
    const kept = channel.records.map((record): Told => [
      record.id as number,
      record.action as string,
      PLACES.channel.content(record),
    ]);
    expect(kept.reverse()).toEqual(toldIn('channel'));
    const { body: talk } = await world.ann.http.get<{ records: Record<string, unknown>[] }>(
      `/api${PLACES.conversation.room(world)}/messages?limit=100`,
    );
    expect(talk.records.map((record) => PLACES.conversation.content(record))).toEqual(
      toldIn('conversation').map(([, , content]) => content),
    );
  });

  it('is caught up by those who were away, on the other node, each in the way of its door: no hole, nothing twice', async () => {
    const before = Object.fromEntries(NAMES.map((place) => [place, saidIn(toldIn(place)).length]));
    const leaving = ears.filter(({ ear }) => ear.comesBack);
    leaving.forEach(({ ear }) => ear.cut());
    await sayThroughAll(4);
    const speaking = sayThroughAll(4);
    await Promise.all(leaving.map(({ ear, node }) => ear.listen(world.nodes[1 - node]!)));
    await speaking;
    await sayThroughAll(4);
    await settle();
    for (const place of NAMES) {
      const told = toldIn(place);
      const own = PUBLISHERS.filter((publisher) => publisher.places.includes(place)).length;
      expect(saidIn(told)).toHaveLength(before[place]! + own * 12);
      const numbers = told.map(([number]) => number);
      expect(numbers).toEqual(numbers.map((_number, index) => numbers[0]! + index));
    }
  });
});
