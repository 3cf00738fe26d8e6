#!/usr/bin/env python3
"""A catalog from a stranger: a catalog of which every table has rows is changed in one place at a time, behind the rules of its
schema, and commands are run on it. No command may crash, hang, blame itself (exit code 70), be found out by a sanitizer, send control
characters to a terminal, or change or print anything that lies outside of the project; and each change is refused, named by the
doctor, or harmless for a reason that stands below.

    fields.py PROGRAM [--sample N] [--slice K/N] [--only TABLE[.COLUMN]] [--writing] [--jobs N] [--slow FACTOR] [--table FILE]
"""
import argparse
import collections
import concurrent.futures
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
MINE = 'what lies outside of the project'  # the words in the victim
ESCAPE = 'a\x1b[31m\x07b'
PATHS = ('..', 'absolute', 'outside', 'further', "another row's")  # what may lead somewhere

# Why a column may say anything: what reads it only shows it, or does not read it. `*` is a table or a column.
HARMLESS = {
    'artifact.*': 'files made of a run: no command reads the table',
    'assignment.*': 'another part of a patient of whom no subset has a photograph, or the part of a patient that there is not',
    'checkpoint.attempt': 'in which attempt weights were kept: shown',
    'checkpoint.epoch': 'of which epoch weights are: shown; their hash is what is checked',
    'checkpoint.step': 'of which step weights are: shown',
    'checkpoint.file_sha256': 'of the file as a whole, which catalogs before migration 9 do not have; that of the tensors is always checked',
    'checkpoint.created_at': 'shown',
    'damage.*': 'a photograph that could not be read: shown, and asked for again by fetch --retry',
    'dataset.*': 'the name of where photographs are from: shown, escaped',
    'embedding.embedding_id': 'another number of the same row',
    'embedding.image_id': 'the same vector of another image cannot be told from its own without the network',
    'embedding.sample_sha256': 'of which sample a vector was made: kept, not read',
    'embedding.vector': 'other numbers, as many: cannot be told from those of the network without it',
    'embedding_set.*': 'of which network vectors are: shown, escaped',
    'evaluation.seed': 'by which an interval was drawn: shown',
    'evaluation.created_at': 'shown',
    'evaluation_file.*': 'the name of a file of predictions: shown, escaped, never opened',
    'fetch.*': 'by whom and under which terms a source was fetched: shown, escaped',
    'fold.*': 'which splits are folds of one another: shown, escaped, and asked for by that name',
    'image.eye': 'left or right: what a table said may differ from the name',
    'image.reason': 'of a rejection: counted and shown',
    'image.detail': 'of a rejection: shown',
    'image.format': 'shown; the bytes say how to decode',
    'image.copy': 'numbers photographs of one name',
    'image.width': 'shown; the pixels are decoded anew',
    'image.height': 'shown; the pixels are decoded anew',
    'image.patient_from': 'how the patient was known: counted and shown',
    'image.qualified': 'a longer name: shown, escaped',
    'label.*': 'a grade is what its file says: another one on its scale cannot be told from it',
    'label_import.*': 'whose labels these are: shown, escaped',
    'member.source_id': 'from which source a file came: shown',
    'member.crc32': 'compared when the source is fetched again; the hash is what is checked',
    'member.photograph': 'a file that is not a photograph is not looked at',
    'metric.*': 'a number of a training: shown and drawn',
    'model.name': 'what a network is called: shown, escaped',
    'param.*': 'a setting of a run: shown, escaped; what computes with one parses it as it would a command line',
    'pretrained.*': 'imported weights: found by path and hash, which are checked; the rest is shown, escaped',
    'promotion.*': 'which run has an alias and why: shown, escaped; that it is the better one is what somebody said',
    'quality.*': 'measures: shown and selected by; doctor --deep measures four of them again',
    'retraining.*': 'what was retrained and why: shown, escaped',
    'run.*': 'what a run was made of and where: shown, escaped; its name, folder, state and epochs are checked',
    'run_folder.*': 'the folder of a renamed run: a plain name beneath runs/',
    'run_note.*': 'a note for people: shown, escaped',
    'run_removed.*': 'under which name and when a run was removed: shown',
    'run_tag.*': 'a word for people: shown, escaped',
    'schema_migration.*': 'the ledger: its hashes are compared when the catalog is opened',
    'schema_view_set.*': 'the hash of the views, which are compared themselves',
    'scheme.description': 'shown, escaped',
    'scheme.added_at': 'shown',
    'scheme.ordered': 'whether grades are ranks: a property that no row contradicts',
    'scheme_value.name': 'what a grade is called: shown, escaped',
    'source.*': 'where files came from: shown, compared, and opened only by fetch of that very place',
    'split.*': 'how a split was made: shown, escaped',
    'step.*': 'a step of a training: shown and drawn',
    'subset.sql': 'how a subset was chosen: shown; retrain asks it again, where it can only read',
    'subset.split_id': 'through which split a query looked: shown; that of a part is compared with its members',
    'subset.frozen_at': 'when it was frozen: shown',
    'variant.variant_id': 'another number of a variant that is in no subset',
    'volume.*': 'of what pieces a source came: compared when it is fetched again',
    '(header).*': 'a part of the file that SQLite makes anew or does not read',
}
READING = [
    ['doctor'], ['doctor', '--deep'], ['runs'], ['runs', '--where', 'auc > 0'], ['runs', 'show', 'first'],
    ['runs', 'diff', 'first', 'other'], ['compare', 'first', 'other'], ['predict', 'first', '../eyes/train/1_left.jpeg'],
    ['predict', 'both', '../eyes/train/1_left.jpeg'], ['patients'], ['images', '--sheet', 'sheet.png'], ['rejects'],
    ['label', 'conflicts'], ['label', 'agreement'], ['scheme', 'list'], ['model', 'list'], ['model', 'show', 'lite'], ['promote'],
    ['suspects', '--target', 'eye'], ['sql', 'SELECT * FROM images'], ['sql', 'SELECT * FROM evaluations'],
    ['sql', 'SELECT * FROM retrainings'], ['sql', "SELECT * FROM neighbours('1_left', 3)"], ['fetch', '--verify'],
    ['report', 'first', '--out', 'report.html'], ['report', 'both', '--json'], ['plot', 'roc', 'first', '--out', 'roc.svg'],
    ['export', 'npy', '--out', 'x.npy', 'small'], ['export', 'folder', '--out', 'folder'],
    ['export', 'croissant', '--out', 'c.json'], ['export', 'onnx', 'first', '--out', 'first.onnx'],
    ['export', 'tensorboard', 'first', '--out', 'tb'], ['backup', '../out/saved'],
]
WRITING = [
    ['evaluate', 'first', '--part', 'val'], ['evaluate', 'both', '--part', 'train'], ['embed', 'other'],
    ['reproduce', 'first'],
    ['train', '--model', '../tiny.net', '--subset', 'small', '--target', 'eye', '--epochs', '1', '--name', 'third'],
    ['ingest', '--recipe', 'crop=retina size=32'], ['ingest', '--recipe', 'crop=none size=16'],
    ['label', 'import', '../eyes/trainLabels.csv', '--unknown', 'skip'], ['fetch', '../eyes/train'], ['augment', 'even'],
    ['split', 'again'], ['subset', 'more', "SELECT variant_id FROM variants WHERE part = 'train'"], ['runs', 'restore', 'gone'],
    ['promote', 'other', '--force'], ['run', 'combine', 'pair', 'first', 'other'], ['runs', 'rm', 'pair'], ['runs', 'rm', 'both'],
    ['runs', 'rename', 'other', 'another'], ['runs', 'rm', 'first'], ['runs', 'restore', 'first'], ['runs', 'rm', 'first'],
    ['runs', 'gc'],
]


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


class Place:
    """A scratch folder: eyes/, whole/, and for each worker a folder with a victim and the project under test."""

    def __init__(self, program):
        self.folder = tempfile.mkdtemp(prefix='eyenet-fields.')
        os.mkdir(self.path('bin'))
        shutil.copy2(program, self.path('bin/eyenet'))  # which may be built anew meanwhile
        self.env = dict(os.environ, PATH=self.path('bin') + ':' + os.environ['PATH'], EYENET_THREADS='1', OMP_NUM_THREADS='1',
                        LANG='C.UTF-8', HOME=self.folder)
        made = subprocess.run([os.path.join(HERE, 'whole.sh')], cwd=self.folder, env=self.env, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if made.returncode != 0:
            raise SystemExit('cannot make the project: ' + made.stdout.decode('utf-8', 'replace')[-1000:])

    def path(self, name):
        return os.path.join(self.folder, name)


class Desk:
    """A worker's folder in the place: victim.txt, the project p/ as it was made, and out/ for what is asked for."""

    def __init__(self, place, name):
        self.place, self.folder = place, place.path(name)
        os.mkdir(self.folder)
        open(self.path('victim.txt'), 'w').write(MINE + '\n')
        for name in ('eyes', 'tiny.net'):
            os.symlink('../' + name, self.path(name))
        self.renew()

    def path(self, name):
        return os.path.join(self.folder, name)

    def renew(self):
        """Photographs and imported weights, which no command writes into, are links to the same files."""
        for name in ('p', 'out'):
            shutil.rmtree(self.path(name), ignore_errors=True)
        os.mkdir(self.path('out'))
        for name in ('', 'photos', 'models'):
            shutil.copytree(self.place.path('whole/' + name), self.path('p/' + name), symlinks=True,
                            copy_function=os.link if name else shutil.copy2,
                            ignore=None if name else shutil.ignore_patterns('photos', 'models'))

    def outside(self):
        """What may not change: all that is in the scratch folder but projects and other workers' folders."""
        seen = []
        for folder, folders, files in os.walk(self.place.folder):
            if folder == self.folder:
                folders[:] = [f for f in folders if f not in ('p', 'out')]
            elif folder == self.place.folder:
                folders[:] = [f for f in folders if f[0] != 'w' or self.path('') == os.path.join(folder, f, '')]
                files = []
            for name in files + folders:
                s = os.lstat(os.path.join(folder, name))
                seen.append((folder, name, s.st_ino, s.st_mode, s.st_size, s.st_mtime_ns if name in files else 0))
        return sorted(seen)

    def run(self, words, slow):
        try:
            done = subprocess.run(['eyenet'] + words, cwd=self.path('p'), env=self.place.env, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=20 * slow)
            return done.returncode, done.stdout, done.stderr
        except subprocess.TimeoutExpired:
            return 'hangs', b'', b''


class Catalog:
    """A catalog of which anything can be changed that SQLite can store: its rules are away meanwhile."""

    def __init__(self, path):
        self.path = path
        self.db = sqlite3.connect(path, isolation_level=None)
        self.schema = list(self.db.execute('SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL'))
        self.db.execute('PRAGMA foreign_keys = OFF')
        self.db.execute('PRAGMA legacy_alter_table = ON')
        self.db.execute('PRAGMA ignore_check_constraints = ON')

    def texts(self, kind):
        return [(n, s) for t, n, s in self.schema if t == kind]

    def drop(self, kind):
        for name, _ in self.texts(kind):
            self.db.execute('DROP %s %s' % (kind, quoted(name)))

    def restore(self, kind, but=None):
        for name, text in self.texts(kind):
            if name != but:
                self.db.execute(text)

    def table_is(self, table, text):
        self.db.execute('PRAGMA writable_schema = ON')
        self.db.execute("UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?", (text, table))
        self.db.close()
        self.__init__(self.path)

    def close(self):
        self.db.execute('PRAGMA wal_checkpoint(TRUNCATE)')
        self.db.close()


def tables_of(db):
    """Of each table: its columns, the columns of its key, and the key of its first row."""
    found = {}
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"):
        info = list(db.execute('PRAGMA table_info(%s)' % quoted(name)))
        key = [c[1] for c in sorted(info, key=lambda c: c[5]) if c[5] > 0] or ['rowid']
        row = db.execute('SELECT %s FROM %s LIMIT 1' % (', '.join(map(quoted, key)), quoted(name))).fetchone()
        if row is None:
            raise SystemExit('wrong: the table %s has no row to change: whole.sh makes none' % name)
        found[name] = ([c[1] for c in info], key, row)
    return found


Edit = collections.namedtuple('Edit', 'table column what change')


def field(table, column, key, row, value):
    """The field of that row becomes the value, as only somebody can do it who takes the rules away. False where SQLite cannot."""
    def change(path):
        c = Catalog(path)
        triggers = c.texts('trigger')
        sql = dict(c.texts('table'))[table]
        c.drop('trigger')
        c.table_is(table, re.sub('(?<!IS) NOT NULL', '', sql).replace('STRICT, WITHOUT ROWID', 'WITHOUT ROWID').replace(') STRICT', ')'))
        try:
            c.db.execute('UPDATE %s SET %s = ? WHERE %s' % (quoted(table), quoted(column),
                                                            ' AND '.join(quoted(k) + ' IS ?' for k in key)), (value,) + row)
        except (sqlite3.Error, OverflowError):
            c.close()
            return False
        c.table_is(table, sql)
        for _, text in triggers:
            c.db.execute(text)
        c.close()
        return True
    return change


def without(kind, name):
    """The trigger, index or view of that name is not there."""
    def change(path):
        c = Catalog(path)
        c.db.execute('DROP %s %s' % (kind, quoted(name)))
        c.close()
        return True
    return change


def table_differs(table, how):
    """The table is gone, a view of the same rows, or has its columns by other names. What depends on it is there as before."""
    def change(path):
        c = Catalog(path)
        for kind in ('trigger', 'view'):
            c.drop(kind)
        if how == 'gone':
            c.db.execute('DROP TABLE ' + quoted(table))
        elif how == 'a view':
            c.db.execute('ALTER TABLE %s RENAME TO %s' % (quoted(table), quoted(table + '_')))
            c.db.execute('CREATE VIEW %s AS SELECT * FROM %s' % (quoted(table), quoted(table + '_')))
        else:
            c.db.execute('ALTER TABLE %s RENAME COLUMN %s TO another' % (quoted(table), quoted(how)))
        c.restore('view')
        try:
            c.restore('trigger')
        except sqlite3.Error:  # on a table that is not there
            pass
        c.close()
        return True
    return change


def view_differs(view, text):
    def change(path):
        c = Catalog(path)
        c.db.execute('DROP VIEW ' + quoted(view))
        c.db.execute('CREATE VIEW %s AS %s' % (quoted(view), text))
        c.close()
        return True
    return change


def header(byte, value):
    """A byte of the file's first hundred, which say how SQLite is to read the rest."""
    def change(path):
        with open(path, 'r+b') as file:
            file.seek(byte)
            if file.read(1) == bytes([value]):
                return False
            file.seek(byte)
            file.write(bytes([value]))
        return True
    return change


def edits(db, victim):
    """Every column with every kind of value and another row's; then every trigger, index, view and table, and the file's header."""
    values = [('NULL', None), ('-1', -1), ('2^31', 2**31), ('2^63-1', 2**63 - 1), ('real', -1.5), ('text', 'x'), ('empty', ''),
              ('long', 'y' * 100000), ('blob', b'\x00\xff'), ('..', '..'), ('absolute', victim), ('outside', '../victim.txt'),
              ('further', '../../victim.txt'), ('escape', ESCAPE)]
    tables = tables_of(db)
    for table, (columns, key, row) in tables.items():
        of_row = ' AND '.join(quoted(k) + ' IS ?' for k in key)
        for column in columns:
            old = db.execute('SELECT %s FROM %s WHERE %s' % (quoted(column), quoted(table), of_row), row).fetchone()[0]
            other = db.execute('SELECT %s FROM %s WHERE %s IS NOT ? LIMIT 1' % (quoted(column), quoted(table), quoted(column)),
                               (old,)).fetchone()
            for what, value in values + ([("another row's", other[0])] if other else []):
                if value != old or type(value) is not type(old):
                    yield Edit(table, column, what, field(table, column, key, row, value))
    schema = list(db.execute("SELECT type, name FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY name"))
    for kind, name in schema:
        if kind != 'table':
            yield Edit('(%s)' % kind, name, 'dropped', without(kind, name))
    for kind, name in schema:
        if kind == 'view':
            yield Edit('(view)', name, 'another', view_differs(name, 'SELECT load_extension(1) AS x'))
    for table, (columns, _, _) in tables.items():
        for how in ['gone', 'a view'] + columns:
            yield Edit('(table)', table, how, table_differs(table, how))
    for byte in range(100):
        for value in (0, 255):
            yield Edit('(header)', 'byte %d' % byte, str(value), header(byte, value))


def steers(out):
    """A byte that a terminal obeys; lines end as lines do."""
    return any((b < 0x20 and b != 0x0a) or b == 0x7f for b in out)


def faults_of(words, code, out, err):
    said, found = err.decode('utf-8', 'replace').strip(), []
    if code in ('hangs', 70) or not isinstance(code, int) or code < 0 or code > 128:
        found.append('ends with %s: %s' % (code, said[-300:]))
    if 'Sanitizer' in said or 'runtime error:' in said:
        found.append(said[:1500])
    if steers(out) or steers(err):
        found.append('control characters reach the terminal')
    if MINE.encode() in out + err:
        found.append('prints ' + MINE)
    if code == 3 and not said:
        found.append('is refused without a word')
    return ['%s: %s' % (' '.join(words), f) for f in found]


def look(desk, edit, commands, options):
    """Runs the commands on the changed project; what is wrong, and whether it was named, refused or neither."""
    desk.renew()
    if not edit.change(desk.path('p/eyenet.db')):
        return [], 'impossible'
    faults, refused, named = [], False, False
    before = desk.outside()
    for words in commands:
        if words[0] == 'backup' and edit.what not in PATHS:  # a second each
            continue
        code, out, err = desk.run(words, options.slow)
        faults += faults_of(words, code, out, err)
        after = desk.outside()
        if after != before:
            faults.append('%s: changes what lies outside of the project: %s' % (' '.join(words), sorted(set(after) ^ set(before))[:4]))
            before = after
        if words[0] == 'doctor':
            named = named or code in (1, 3)
        else:
            refused = refused or code != 0
    return faults, 'named' if named else 'refused' if refused else 'harmless'


def reason(table, column):
    return HARMLESS.get('%s.%s' % (table, column)) or HARMLESS.get(table + '.*')


def print_table(results, to):
    """A line per column: of how many values, how many the doctor named, were refused by something else, are harmless."""
    print('| column | values | doctor names | else refused | harmless | why |\n|---|---|---|---|---|---|', file=to)
    for key in sorted(results):
        of = results[key]
        print('| %s.%s | %d | %d | %d | %d | %s |'
              % (*key, sum(v for k, v in of.items() if k != 'impossible'), of.get('named', 0), of.get('refused', 0),
                 of.get('harmless', 0), reason(*key) if of.get('harmless') else ''), file=to)


def check_reasons(tables):
    """A reason for what there is not would hide that a column has another name."""
    for key in HARMLESS:
        table, column = key.split('.')
        if table[0] != '(' and (table not in tables or column not in ['*'] + tables[table][0]):
            raise SystemExit('wrong: there is a reason for %s, which there is not' % key)


def check_whole(desk, options):
    """Nothing is wrong with what was not changed, so that each command gets as far as it can."""
    for words in READING + WRITING:
        code, _, err = desk.run(words, options.slow)
        if code != 0:
            raise SystemExit('wrong: on the whole project %s ends with %s: %s' % (' '.join(words), code, err.decode()[-300:]))


def sweep(place, desks, todo, options):
    """(edit, faults, verdict) of each, as they are found."""
    def one(numbered):
        number, edit = numbered
        commands = READING + (WRITING if options.writing else [])
        if options.brief:  # the doctor, and some of the others by turns
            commands = [c for i, c in enumerate(READING + WRITING) if i == 1 or i % 8 == number % 8]
        desk = desks.pop()
        try:
            return (edit,) + look(desk, edit, commands, options)
        finally:
            desks.append(desk)
    with concurrent.futures.ThreadPoolExecutor(len(desks)) as pool:
        yield from pool.map(one, enumerate(todo))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('program')
    parser.add_argument('--sample', type=int, help='only so many changes, spread over all')
    parser.add_argument('--slice', default='1/1', help='the K-th of N parts')
    parser.add_argument('--only', default='', help='what this begins: TABLE.COLUMN, (view), (table).run')
    parser.add_argument('--writing', action='store_true', help='also the commands that write')
    parser.add_argument('--brief', action='store_true', help='an eighth of the commands, others for each change')
    parser.add_argument('--jobs', type=int, default=1)
    parser.add_argument('--slow', type=float, default=1, help='so many times more patience')
    parser.add_argument('--table', help='write the table of columns there')
    options = parser.parse_args()
    if sqlite3.sqlite_version_info < (3, 37):
        print('this Python has an SQLite without STRICT tables')
        return 77
    place = Place(options.program)
    results, wrong, done = {}, 0, 0
    try:
        desks = [Desk(place, 'w%d' % n) for n in range(options.jobs)]
        check_whole(desks[0], options)
        db = sqlite3.connect(place.path('whole/eyenet.db'))
        check_reasons(tables_of(db))
        todo = [e for e in edits(db, desks[0].path('victim.txt')) if ('%s.%s' % e[:2]).startswith(options.only)]
        db.close()
        k, n = map(int, options.slice.split('/'))
        todo = todo[k - 1::n]
        if options.sample:
            todo = [todo[i * len(todo) // options.sample] for i in range(min(options.sample, len(todo)))]
        for edit, faults, verdict in sweep(place, desks, todo, options):
            if verdict == 'harmless' and reason(edit.table, edit.column) is None:
                faults.append('nobody minds, and no reason is given why that is harmless')
            of = results.setdefault(edit[:2], {})
            of[verdict] = of.get(verdict, 0) + 1
            done += verdict != 'impossible'
            for fault in faults:
                wrong += 1
                print('wrong: %s.%s = %s: %s' % (*edit[:3], fault), flush=True)
        print('%d changes in %d places: %d faults' % (done, len(results), wrong))
        if options.table:
            with open(options.table, 'w') as to:
                print_table(results, to)
    finally:
        shutil.rmtree(place.folder, ignore_errors=True)
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
