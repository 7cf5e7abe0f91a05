import { Column, Entity, JoinColumn, ManyToOne, PrimaryGeneratedColumn } from 'typeorm';
import { Note, type OpenEventLog, openEventLog } from '../../test/support/open-event-log.js';
import { SilentWriteError } from './write-guard.js';

@Entity('cascading_notes')
class CascadingNote {
  @PrimaryGeneratedColumn() id: number;
  @Column('text') text: string;
  @ManyToOne(() => Note, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'note_id' })
  note: Note;
}

// Real: the database, TypeORM with its hooks, the whole events core.
describe('a write that would have no event fails loudly', () => {
  let database: OpenEventLog;

  beforeAll(async () => (database = await openEventLog()));
  afterAll(() => database.close());

  it.each([
    ['update() by criteria', () => run((manager) => manager.update(Note, { board: 'a' }, { text: 'b' }))],
    ['delete() by criteria', () => run((manager) => manager.delete(Note, { board: 'a' }))],
    ['a query builder update', () => run((m) => m.createQueryBuilder().update(Note).set({ text: 'b' }).execute())],
    ['a query builder delete', () => run((m) => m.createQueryBuilder().delete().from(Note).execute())],
    ['an upsert', () => run((manager) => manager.upsert(Note, { id: 1, board: 'a', text: 'b' }, ['id']))],
    ['raw SQL: insert', () => run((m) => m.query(`INSERT INTO notes (board, text) VALUES ('a', 'b')`))],
    ['raw SQL: update', () => run((m) => m.query(`update "notes" set text = 'b'`))],
    [
      'raw SQL: update in a CTE',
      () => run((m) => m.query(`WITH x AS (UPDATE public.notes SET text = '' RETURNING id) SELECT * FROM x`)),
    ],
    ['raw SQL: delete', () => run((m) => m.query('DELETE FROM ONLY notes'))],
    ['raw SQL: truncate', () => run((m) => m.query('TRUNCATE notes'))],
    ['insert() outside a transaction', () => database.dataSource.manager.insert(Note, { board: 'a', text: 'b' })],
  ])('%s', async (_name, write) => {
    await expect(write()).rejects.toThrow(SilentWriteError);
    expect(await database.dataSource.manager.countBy(Note, {})).toBe(0);
  });

  it('save, insert, remove and a locking read pass', async () => {
    await run(async (manager) => {
      const note = await manager.save(Note, { board: 'fine', text: 'a' });
      await manager.insert(Note, [
        { board: 'fine', text: 'b' },
        { board: 'fine', text: 'c' },
      ]);
      await manager.query('SELECT id FROM notes FOR UPDATE');
      await manager.remove(await manager.findBy(Note, { id: note.id }));
      await manager.remove(await manager.findBy(Note, { board: 'fine' }));
    });
    const events = await database.log.read('boards/fine', 0, 10);
    expect(events.map((event) => event.action)).toEqual([
      'created',
      'created',
      'created',
      'deleted',
      'deleted',
      'deleted',
    ]);
  });

  it('an entity whose rows a database cascade could delete is refused at boot', () => {
    const metadata = { tableName: 'cascading_notes', foreignKeys: [{ onDelete: 'CASCADE' }] };
    const getMetadata = jest.spyOn(database.dataSource, 'getMetadata').mockReturnValueOnce(metadata as never);
    expect(() => database.guard.protect(CascadingNote, {})).toThrow(SilentWriteError);
    expect(getMetadata).toHaveBeenCalledWith(CascadingNote);
  });

  function run<T>(work: Parameters<typeof database.transactions.run<T>>[0]): Promise<T> {
    return database.transactions.run(work);
  }
});
