#!/usr/bin/env python3
"""A catalog from a stranger: one field of a whole project's catalog is changed at a time, behind the rules of its schema, and every
command is run on a copy. No command may crash, hang, blame itself (exit code 70), send control characters to a terminal or touch
anything outside of the project; and each change is refused, named by the doctor, or harmless for a reason that stands below.

    fields.py PROGRAM [--sample N] [--slice K/N] [--only TABLE[.COLUMN]] [--guards on|off|both] [--slow FACTOR] [--table FILE]
"""
import argparse
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile

# Why a column may say anything: what reads it only shows it, or does not read it. `*` is a table or a column.
HARMLESS = {
    'source.*': 'says where files came from: shown, compared, never opened again but by fetch of that very uri',
    'source_source.*': 'says which archive lay in which: shown',
    'volume.*': 'says of what pieces a source came: compared when it is fetched again',
    'member.source_id': 'says which source a file came from: shown',
    'member.crc32': 'compared when the source is fetched again; the hash is what is checked',
    'member.photograph': 'a file that is no photograph is not looked at',
    'dataset.*': 'names and describes where photographs are from: shown, escaped',
    'image.reason': 'of a rejection: counted and shown',
    'image.detail': 'of a rejection: shown',
    'image.format': 'shown; the bytes say how to decode',
    'image.copy': 'numbers photographs of one name',
    'image.width': 'shown; the pixels are decoded anew',
    'image.height': 'shown; the pixels are decoded anew',
    'image.patient_from': 'how the patient was known: counted and shown',
    'image.qualified': 'a longer name: shown, hashed into subsets',
    'image.*': 'a listed or rejected image has no samples; others are in a frozen, hashed subset',
    'quality.*': 'measures: shown and selected by; doctor --deep measures again',
    'label.*': 'a grade is what its file says: another one on its scale cannot be told from it',
    'label_import.*': 'whose labels these are: shown',
    'recipe.recipe_id': 'another number of the same row, with what points at it',
    'sample.*': 'another sample of the same recipe: doctor --deep compares the pixels',
    'variant.*': 'a variant outside of every subset may be any',
    'split.*': 'how a split was made: shown',
    'assignment.*': 'a patient without photographs may be in any part',
    'subset.sql': 'how a subset was chosen: shown, never run again',
    'subset.frozen_at': 'when it was frozen: shown',
    'model.name': 'what a network is called: shown, escaped',
    'run.*': 'what a run was made of and where: shown, escaped; only name, folder and epochs lead anywhere',
    'param.*': 'a setting of a run: shown; those that are computed with are parsed by their own readers',
    'metric.*': 'a number of a training: shown and drawn',
    'checkpoint.*': 'where weights lie: found by path and hash',
    'artifact.*': 'files that a run wrote: shown, never opened',
    'evaluation.*': 'what was measured and when: shown',
    'prediction.*': 'a probability, checked against the others of its row',
    'run_tag.*': 'a word for people: shown, escaped',
    'run_note.*': 'a note for people: shown, escaped',
    'run_folder.*': 'the folder of a renamed run, a plain name beneath runs/',
    'run_removed.*': 'when a run was removed: shown',
    'pretrained.*': 'imported weights: found by path and hash; the rest is shown',
    'fetch_damage.*': 'a member that could not be read: shown, and tried again by fetch --retry',
    'eyenet_migration.*': 'the ledger: its hashes are compared when the catalog is opened',
    'eyenet_views.*': 'the hash of the views, which are compared themselves',
}
ESCAPE = 'a\x1b[31m\x07b'
MAKE = '''
eyenet phantom eyes --patients 8 --max-width 64 --seed 3 -q
eyenet init whole -q
cd whole
eyenet fetch ../eyes/train -q
eyenet ingest --recipe 'crop=retina size=32' -q
eyenet label import ../eyes/trainLabels.csv --unknown skip -q
eyenet augment plain -q
eyenet split main --test 0.3 --val 0.2 -q
eyenet subset small "SELECT variant_id FROM variants WHERE part = 'train'" -q
eyenet train --model ../tiny.net --subset small --target eye --epochs 2 --name first -q
eyenet train --model ../tiny.net --subset small --target eye --epochs 1 --seed 9 --name second -q
eyenet evaluate first -q
eyenet evaluate second -q
eyenet runs tag first good -q
eyenet runs note first 'a note' -q
eyenet runs rename second other -q
'''
NET = 'input 32x32x3 scale 1/255\nconv 4 5x5 stride 2 relu\nmaxpool 2\ndense 8 relu\ndense classes softmax\n'
COMMANDS = [  # those that only read come first: all find the catalog as it was changed
    ['doctor'], ['doctor', '--deep'], ['runs'], ['runs', 'show', 'first'], ['runs', 'diff', 'first', 'other'],
    ['compare', 'first', 'other'], ['predict', 'first', '../eyes/train/1_left.jpeg'], ['patients'], ['label', 'conflicts'],
    ['sql', 'SELECT * FROM images'], ['sql', 'SELECT * FROM predictions'], ['schema', 'images'], ['fetch', '--verify'],
    ['report', 'first', '--out', 'report.html'], ['report', 'first'], ['evaluate', 'first', '--part', 'val'],
    ['export', 'npy', '--out', 'x.npy', 'small'], ['export', 'folder', '--out', 'folder'], ['export', 'croissant', '--out', 'c.json'],
    ['export', 'onnx', 'first', '--out', 'first.onnx'], ['backup', 'saved'],
    ['train', '--model', '../tiny.net', '--subset', 'small', '--target', 'eye', '--epochs', '1', '--name', 'third'],
    ['ingest', '--recipe', 'crop=retina size=32'], ['ingest', '--recipe', 'crop=none size=16'],
    ['label', 'import', '../eyes/trainLabels.csv'], ['fetch', '../eyes/train'], ['augment', 'even'], ['split', 'again'],
    ['subset', 'more', "SELECT variant_id FROM variants WHERE part = 'train'"],
    ['runs', 'rename', 'other', 'another'], ['runs', 'rm', 'first'], ['runs', 'restore', 'first'], ['runs', 'rm', 'first'],
    ['runs', 'gc', '--yes'],
]


class Place:
    """A scratch folder: eyes/, whole/, and watched/ with a victim and the project under test."""

    def __init__(self, program):
        self.folder = tempfile.mkdtemp(prefix='eyenet-fields.')
        os.mkdir(self.path('bin'))
        os.symlink(os.path.realpath(program), self.path('bin/eyenet'))
        open(self.path('tiny.net'), 'w').write(NET)
        self.env = dict(os.environ, PATH=self.path('bin') + ':' + os.environ['PATH'], EYENET_THREADS='1', LANG='C.UTF-8',
                        HOME=self.folder)
        subprocess.run(['bash', '-euc', MAKE], cwd=self.folder, env=self.env, check=True, stdout=subprocess.DEVNULL)
        db = sqlite3.connect(self.path('whole/eyenet.db'))
        db.execute('PRAGMA wal_checkpoint(TRUNCATE)')
        db.close()

    def path(self, name):
        return os.path.join(self.folder, name)

    def renew(self):
        shutil.rmtree(self.path('watched'), ignore_errors=True)
        os.mkdir(self.path('watched'))
        open(self.path('watched/victim.txt'), 'w').write('mine\n')
        os.symlink('../eyes', self.path('watched/eyes'))
        os.symlink('../tiny.net', self.path('watched/tiny.net'))
        shutil.copytree(self.path('whole'), self.path('watched/p'))

    def outside(self):
        """What may not change: the watched folder beside the project, and the scratch folder around it."""
        around = sorted(os.listdir(self.folder))
        beside = sorted(os.listdir(self.path('watched')))
        victim = hashlib.sha256(open(self.path('watched/victim.txt'), 'rb').read()).hexdigest() \
            if os.path.exists(self.path('watched/victim.txt')) else 'gone'
        return around, beside, victim

    def run(self, words, slow):
        try:
            done = subprocess.run(['eyenet'] + words, cwd=self.path('watched/p'), env=self.env, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=20 * slow)
            return done.returncode, done.stdout, done.stderr
        except subprocess.TimeoutExpired:
            return 'hangs', b'', b''


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def tables_of(db):
    """Of each table that has rows: its columns, the columns of its key, and the key of its first row and of another."""
    found = {}
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"):
        info = list(db.execute('PRAGMA table_info(%s)' % quoted(name)))
        key = [c[1] for c in sorted(info, key=lambda c: c[5]) if c[5] > 0] or ['rowid']
        rows = list(db.execute('SELECT %s FROM %s LIMIT 2' % (', '.join(map(quoted, key)), quoted(name))))
        if rows:
            found[name] = ([c[1] for c in info], key, rows)
    return found


def edits(db, victim):
    """(table, column, what the value is, value): every column with every kind of value, and with another row's."""
    values = [('NULL', None), ('-1', -1), ('2^31', 2**31), ('2^63-1', 2**63 - 1), ('text', 'x'), ('blob', b'\x00\xff'),
              ('..', '..'), ('absolute', victim), ('outside', '../victim.txt'), ('escape', ESCAPE), ('real', -1.5)]
    for table, (columns, key, rows) in tables_of(db).items():
        for column in columns:
            old = db.execute('SELECT %s FROM %s' % (quoted(column), quoted(table))).fetchone()[0]
            other = db.execute('SELECT %s FROM %s WHERE %s IS NOT ? LIMIT 1' % (quoted(column), quoted(table), quoted(column)),
                               (old,)).fetchone()
            for what, value in values + ([("another row's", other[0])] if other else []):
                if value != old or type(value) is not type(old):
                    yield table, column, what, value


def change(path, table, column, value, guards):
    """Changes the field of the first row as only somebody can who takes the rules away; None when even then SQLite refuses.
    With guards the schema is afterwards what it was, else its triggers are gone."""
    db = sqlite3.connect(path, isolation_level=None)
    schema = list(db.execute('SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL'))
    triggers = [(n, s) for t, n, s in schema if t == 'trigger']
    (sql,) = [s for t, n, s in schema if t == 'table' and n == table]
    _, key, rows = tables_of(db)[table]
    for name, _ in triggers:
        db.execute('DROP TRIGGER ' + quoted(name))

    def schema_is(text):
        nonlocal db
        db.execute('PRAGMA writable_schema = ON')
        db.execute("UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?", (text, table))
        db.close()
        db = sqlite3.connect(path, isolation_level=None)

    schema_is(sql.replace(' NOT NULL', '').replace('STRICT, WITHOUT ROWID', 'WITHOUT ROWID').replace(') STRICT', ')'))
    db.execute('PRAGMA ignore_check_constraints = ON')
    db.execute('PRAGMA foreign_keys = OFF')
    where = ' AND '.join(quoted(k) + ' IS ?' for k in key)
    try:
        db.execute('UPDATE %s SET %s = ? WHERE %s' % (quoted(table), quoted(column), where), (value,) + rows[0])
    except (sqlite3.Error, OverflowError):
        db.close()
        return False
    schema_is(sql)
    if guards:
        for _, text in triggers:
            db.execute(text)
    db.execute('PRAGMA wal_checkpoint(TRUNCATE)')
    db.close()
    return True


def steers(out):
    """A byte that a terminal obeys; lines end as lines do."""
    return any((b < 0x20 and b != 0x0a) or b == 0x7f for b in out)


def commands_for(number, brief):
    """All; in brief the doctor and every third of the others, by turns."""
    return [c for i, c in enumerate(COMMANDS) if not brief or i == 1 or i % 3 == number % 3]


def look(place, edit, guards, commands, options):
    """Runs everything on the changed project; what is wrong, and whether it was refused, named or neither."""
    table, column, what, value = edit
    faults, refused, named = [], [], False
    place.renew()
    if not change(place.path('watched/p/eyenet.db'), table, column, value, guards):
        return [], 'impossible'
    before = place.outside()
    for words in commands:
        code, out, err = place.run(words, options.slow)
        said = err.decode('utf-8', 'replace').strip()
        if code in ('hangs', 70) or not isinstance(code, int) or code < 0 or code > 128:
            faults.append('%s ends with %s: %s' % (' '.join(words), code, said[-300:]))
        if any(w in said for w in ('Sanitizer', 'runtime error:')):
            faults.append('%s: %s' % (' '.join(words), said[:1500]))
        if words[0] != 'schema' and (steers(out) or steers(err)):
            faults.append('%s: control characters reach the terminal' % ' '.join(words))
        if place.outside() != before:
            faults.append('%s touches what lies outside of the project: %s' % (' '.join(words), place.outside()))
            before = place.outside()
        if words[0] == 'doctor':
            named = named or code in (1, 3)
        elif code != 0:
            refused.append(words[0])
    return faults, 'named' if named else 'refused' if refused else 'harmless'


def reason(table, column):
    return HARMLESS.get('%s.%s' % (table, column)) or HARMLESS.get(table + '.*')


def print_table(results, to):
    """A line per column: of how many values, how many were named by the doctor, refused, harmless."""
    print('| column | values | doctor names | else refused | harmless | why |\n|---|---|---|---|---|---|', file=to)
    for key in sorted(results):
        of = results[key]
        why = reason(*key) if of.get('harmless') else ''
        print('| %s.%s | %d | %d | %d | %d | %s |' % (*key, sum(v for k, v in of.items() if k != 'impossible'), of.get('named', 0),
                                                  of.get('refused', 0), of.get('harmless', 0), why), file=to)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('program')
    parser.add_argument('--sample', type=int, help='only so many changes, spread over all')
    parser.add_argument('--slice', default='1/1', help='the K-th of N parts')
    parser.add_argument('--only', default='')
    parser.add_argument('--guards', choices=['on', 'off', 'both'], default='on')
    parser.add_argument('--brief', action='store_true', help='a third of the commands, another one for each change')
    parser.add_argument('--slow', type=float, default=1, help='so many times more patience')
    parser.add_argument('--table', help='write the table of columns there')
    options = parser.parse_args()
    if sqlite3.sqlite_version_info < (3, 37):
        print('this Python has an SQLite without STRICT tables')
        return 77
    place = Place(options.program)
    results, wrong, done = {}, 0, 0
    try:
        db = sqlite3.connect(place.path('whole/eyenet.db'))
        todo = [(e, g) for e in edits(db, place.path('watched/victim.txt')) for g in (True, False)
                if ('%s.%s' % e[:2]).startswith(options.only) and options.guards in ('both', 'on' if g else 'off')]
        db.close()
        k, n = map(int, options.slice.split('/'))
        todo = todo[k - 1::n]
        if options.sample:
            todo = [todo[i * len(todo) // options.sample] for i in range(min(options.sample, len(todo)))]
        for number, (edit, guards) in enumerate(todo):
            faults, verdict = look(place, edit, guards, commands_for(number, options.brief), options)
            table, column, what, _ = edit
            if verdict == 'harmless' and reason(table, column) is None:
                faults.append('nobody minds, and no reason is given why that is harmless')
            of = results.setdefault((table, column), {})
            of[verdict] = of.get(verdict, 0) + 1
            done += verdict != 'impossible'
            for fault in faults:
                wrong += 1
                print('wrong: %s.%s = %s%s: %s' % (table, column, what, '' if guards else ' (no triggers)', fault), flush=True)
        print('%d changes of %d columns, %d commands%s: %d faults'
              % (done, len(results), len(COMMANDS), ', a third on each' if options.brief else ' on each', wrong))
        if options.table:
            with open(options.table, 'w') as to:
                print_table(results, to)
    finally:
        shutil.rmtree(place.folder, ignore_errors=True)
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
